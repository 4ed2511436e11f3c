"""What is computed, and what is only looked up: real pictures through the real frozen part."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import keras
import numpy as np
import pytest

from gui.core import caching, ingest, scaled, split, vgg16, views
from gui.core.config import ModelSettings
from gui.core.errors import DiskFull, RunError, SettingError
from gui.core.split import Labelled
from gui.engine.features import Features
from gui.engine.model import after, build_functional, set_weights
from gui.engine.network import PICTURES, Network, open_network
from gui.engine.stage import Views
from gui.engine.store import Store

SETTINGS = ModelSettings(image_size=64)
PLAIN = replace(SETTINGS, flip=False, rotation=False, zoom=False)


class Counting(Network):
    """The frozen part; keeps how many rows passed it, from where to where."""

    def __init__(self, network: Network):
        self.network = network
        self.done: list[tuple[str, int, tuple[str, ...]]] = []

    def run(self, start: str, batch: np.ndarray, places: Sequence[str]) -> dict[str, np.ndarray]:
        self.done.append((start, len(batch), tuple(places)))
        return self.network.run(start, batch, places)

    def rows(self, start: str | None = None) -> int:
        return sum(count for begun, count, _ in self.done if start in (None, begun))


class Stop(Exception):  # noqa: N818
    """Someone asked to stop."""


@pytest.fixture(scope="module")
def network(weights) -> Network:
    return open_network(weights.arrays)


@pytest.fixture(scope="module")
def chosen(photos) -> tuple[Labelled, ...]:
    """Thirty-six pictures in a mixed order."""
    divided = split.divide(ingest.read(ingest.walk(photos), photos))
    return (*divided.train[::2], *divided.validation, *divided.train[1::2])


@pytest.fixture
def begin(network, weights, photos, tmp_path) -> Callable[..., tuple[Features, Counting]]:
    """``begin(settings)`` are the features of another run of the same person."""

    def make(
        settings: ModelSettings = SETTINGS,
        store: Path = tmp_path / "store",
        sha256: str = weights.sha256,
        root: Path = photos,
        **limits: int,
    ) -> tuple[Features, Counting]:
        counting = Counting(network)
        kept = Store(store, **limits)
        return Features(kept, sha256, lambda: counting, settings, root), counting

    return make


def every(chosen: Sequence[Labelled], count: int = 1) -> list[tuple[Labelled, int]]:
    return [(picture, view) for picture in chosen for view in range(count)]


def go(
    features: Features, wanted, places: Sequence[str], progress: Callable = lambda _: None
) -> None:
    """As a job does."""
    if passes := features.missing(wanted, places):
        features.compute(passes, progress)


def taken(features: Features, chosen: Sequence[Labelled], view: int, place: str) -> np.ndarray:
    rows = features.rows(chosen, view, place)
    assert len(rows) == len(chosen)
    return rows.take(range(len(chosen)))


def alone(network: Network, photos: Path, picture: Labelled, view: int, place: str) -> np.ndarray:
    """What reaches a place, from the picture's file on."""
    pixels = scaled.read_pixels(photos / picture.path, 64)
    drawn = views.draw(pixels, picture.sha256, view, SETTINGS)
    return network.run(PICTURES, drawn[None], [place])[place][0]


# What is computed --------------------------------------------------------------------------------


def test_rows_are_those_of_the_pictures_in_their_order(begin, chosen, network, photos) -> None:
    features, _ = begin()
    places = ["block5_conv1", "head"]
    go(features, every(chosen, 2), places)
    shown = [chosen[place] for place in (5, 0, 30, 17)]
    for place in places:
        for view in (0, 1):
            found = taken(features, shown, view, place)
            assert found.dtype == np.float16
            assert found.shape == (4, *vgg16.shape_before(place, 64))
            expected = [alone(network, photos, each, view, place) for each in shown]
            assert np.array_equal(found, expected)
    assert not np.array_equal(*(taken(features, shown, view, "head") for view in (0, 1)))


def test_the_rest_of_the_model_answers_as_the_whole_does(begin, chosen, weights) -> None:
    features, _ = begin()
    places = ["block3_conv1", "block5_conv1", "block5_conv2", "head"]
    go(features, every(chosen), places)
    model = build_functional(SETTINGS, 3)
    set_weights(model, weights)
    last = model.get_layer("probabilities")
    last.set_weights([each / 20 for each in last.get_weights()])  # so that it is never certain
    direct = model.predict_on_batch(features.pixels(chosen).astype(np.float32))
    assert np.ptp(direct, axis=0).max() > 0.1  # pictures that the model tells apart
    for place in places:
        rows = taken(features, chosen, 0, place).astype(np.float32)
        answers = after(model, place, 64).predict_on_batch(rows)
        assert np.abs(answers - direct).max() < 2e-3, place


def test_a_stored_row_is_keras_own_value_rounded(begin, chosen, weights) -> None:
    """Up to block3_conv1 nothing is rounded on the way: float32 in Keras, rounded once."""
    features, _ = begin()
    go(features, every(chosen[:4]), ["block3_conv1"])
    base = keras.applications.VGG16(include_top=False, weights=None)
    for name, arrays in weights.arrays.items():
        base.get_layer(name).set_weights(arrays)
    half = keras.Model(base.input, base.get_layer("block2_pool").output)
    pixels = features.pixels(chosen[:4]).astype(np.float32)
    expected = half.predict_on_batch(keras.applications.vgg16.preprocess_input(pixels))
    found = taken(features, chosen[:4], 0, "block3_conv1")
    assert np.allclose(found, expected, rtol=1e-3, atol=1e-3 * expected.max())


def test_progress_counts_every_view_once(begin, chosen) -> None:
    done: list[int] = []
    features, counting = begin()
    passes = features.missing([*every(chosen[:20], 2), *every(chosen[20:])], ["head"])
    assert len(passes) == 20 * 2 + 16
    features.compute(passes, done.append)
    assert sum(done) == counting.rows() == 56
    assert max(done) <= 8  # so often someone may ask to stop


# What is not computed again ----------------------------------------------------------------------


def test_a_second_run_computes_nothing(begin, chosen) -> None:
    first, _ = begin()
    go(first, every(chosen, 2), ["block5_conv3", "head"])
    again, counting = begin()
    assert again.missing(every(chosen, 2), ["block5_conv3", "head"]) == []
    assert again.missing(every(chosen[::-1]), ["head"]) == []
    assert np.array_equal(
        taken(again, chosen[::-1], 1, "head"), taken(first, chosen, 1, "head")[::-1]
    )
    assert counting.done == []


def test_what_is_damaged_on_the_disk_is_computed_again(begin, chosen, tmp_path) -> None:
    first, _ = begin()
    go(first, every(chosen), ["head"])
    before = taken(first, chosen, 0, "head")
    for path in (tmp_path / "store").rglob("*.npy"):
        content = path.read_bytes()
        path.write_bytes(content[:128] + bytes(len(content) - 128))  # as long as it was
    again, counting = begin()
    go(again, every(chosen), ["head"])
    assert counting.rows() == len(chosen)
    assert np.array_equal(taken(again, chosen, 0, "head"), before)


def test_only_what_will_be_read_is_checked(begin, chosen, tmp_path) -> None:
    first, _ = begin()
    go(first, every(chosen), ["block5_conv1", "head"])
    damaged = [*(tmp_path / "store").rglob("block5_conv1-0/*.npy")]
    for path in damaged:
        path.write_bytes(path.read_bytes()[:-1] + b"!")
    again, _ = begin()
    assert again.missing(every(chosen), ["head"]) == []
    assert all(path.exists() for path in damaged)  # nobody needs it now


def test_where_a_pass_would_begin_at_damaged_rows_it_begins_before(begin, chosen, tmp_path) -> None:
    first, _ = begin()
    go(first, every(chosen), ["block5_conv1"])
    for path in (tmp_path / "store").rglob("block5_conv1-0/*.npy"):
        path.write_bytes(path.read_bytes()[:-1] + b"!")
    again, _ = begin()
    passes = again.missing(every(chosen), ["head"])
    assert {each.start for each in passes} == {PICTURES}
    again.compute(passes, lambda _: None)
    fresh, _ = begin(store=tmp_path / "fresh")
    go(fresh, every(chosen), ["head"])
    assert np.array_equal(taken(again, chosen, 0, "head"), taken(fresh, chosen, 0, "head"))


def test_a_later_freeze_point_passes_on_what_is_stored(begin, chosen) -> None:
    """To the last bit what a run from the pictures on would have stored."""
    first, counting = begin()
    go(first, every(chosen, 2), ["block4_conv1"])
    assert counting.rows(PICTURES) == counting.rows() == 72
    later, counting = begin()
    places = ["block5_conv2", "head"]
    assert {each.start for each in later.missing(every(chosen, 2), places)} == {"block4_conv1"}
    go(later, every(chosen, 2), places)
    assert counting.rows("block4_conv1") == counting.rows() == 72


@pytest.mark.parametrize(
    ("stored", "places", "start", "lacking"),
    [
        ([], ["head"], PICTURES, ["head"]),
        (["block4_conv1"], ["head"], "block4_conv1", ["head"]),
        (["block3_conv1", "block4_conv1", "block5_conv2"], ["head"], "block5_conv2", ["head"]),
        (["block5_conv2"], ["block5_conv1", "head"], PICTURES, ["block5_conv1", "head"]),
        (
            ["block4_conv2", "block5_conv2"],
            ["block5_conv1", "head"],
            "block4_conv2",
            ["block5_conv1", "head"],
        ),
        (["block5_conv1"], ["block5_conv1", "head"], "block5_conv1", ["head"]),
        (["head"], ["block5_conv1", "head"], PICTURES, ["block5_conv1"]),
        (
            ["block3_conv1", "block5_conv1"],
            ["block4_conv1", "block5_conv1", "head"],
            "block3_conv1",
            ["block4_conv1", "head"],
        ),
    ],
)
def test_a_pass_starts_at_the_deepest_place_before_what_lacks(
    begin, chosen, tmp_path, stored, places, start, lacking
) -> None:
    features, _ = begin()
    for place in stored:
        go(begin()[0], every(chosen[:3]), [place])
    passes = features.missing(every(chosen[:3]), places)
    assert [(each.start, list(each.places)) for each in passes] == [(start, lacking)] * 3
    features.compute(passes, lambda _: None)
    fresh, _ = begin(store=tmp_path / "other")
    go(fresh, every(chosen[:3]), places)
    for place in places:
        found = taken(features, chosen[:3], 0, place)
        assert np.array_equal(found, taken(fresh, chosen[:3], 0, place)), place


def test_adding_ten_pictures_computes_ten(begin, chosen, tmp_path) -> None:
    go(begin()[0], every(chosen[:20], 2), ["head"])
    before = {each: each.stat().st_mtime_ns for each in (tmp_path / "store").rglob("*.npy")}
    more, counting = begin()
    go(more, every(chosen[:30], 2), ["head"])
    assert counting.rows() == 10 * 2
    written = {each for each in (tmp_path / "store").rglob("*.npy") if each not in before}
    assert sum(len(np.load(each)) for each in written) == 10 * 2
    assert {each: each.stat().st_mtime_ns for each in before} == before
    fresh, _ = begin(store=tmp_path / "other")
    go(fresh, every(chosen[:30], 2), ["head"])
    for view in (0, 1):
        found, expected = (taken(each, chosen[:30], view, "head") for each in (more, fresh))
        assert np.array_equal(found, expected)


def test_a_picture_is_known_by_its_content_not_by_name_or_folder(begin, chosen, tmp_path) -> None:
    go(begin()[0], every(chosen), ["head"])
    elsewhere = [replace(each, name="x", path="gone.png", label=0) for each in chosen]
    again, _ = begin(root=tmp_path / "nowhere")
    assert again.missing(every(elsewhere), ["head"]) == []


def test_other_switches_share_the_plain_view_only(begin, chosen) -> None:
    some = chosen[:5]
    go(begin()[0], every(some, 3), ["head"])
    other, counting = begin(replace(SETTINGS, zoom=False))
    passes = other.missing(every(some, 3), ["head"])
    assert sorted({each.view for each in passes}) == [1, 2]
    other.compute(passes, lambda _: None)
    assert counting.rows() == 5 * 2
    for view in range(3):
        found = taken(other, some, view, "head")
        same = np.array_equal(found, taken(begin()[0], some, view, "head"))
        assert same == (view == 0)


def test_settings_that_change_no_picture_share_everything(begin, chosen) -> None:
    go(begin()[0], every(chosen[:5], 2), ["head"])
    other, _ = begin(replace(SETTINGS, head="classic", freeze_point="block5_conv1"))
    assert other.missing(every(chosen[:5], 2), ["head"]) == []


@pytest.mark.parametrize("what", ["size", "weights"])
def test_another_size_or_other_weights_share_nothing(begin, chosen, what: str) -> None:
    go(begin()[0], every(chosen[:2]), ["head"])
    other, _ = begin(replace(SETTINGS, image_size=96)) if what == "size" else begin(sha256="0" * 64)
    assert [each.start for each in other.missing(every(chosen[:2]), ["head"])] == [PICTURES] * 2


# Breaking off ------------------------------------------------------------------------------------


def test_a_stop_keeps_what_is_done(begin, chosen, tmp_path) -> None:
    features, counting = begin()
    done: list[int] = []

    def stop(amount: int) -> None:
        done.append(amount)
        if sum(done) >= 20:
            raise Stop

    with pytest.raises(Stop):
        go(features, every(chosen, 2), ["block5_conv1", "head"], stop)
    kept = counting.rows()
    assert 20 <= kept < 40
    again, counting = begin()
    go(again, every(chosen, 2), ["block5_conv1", "head"])
    assert counting.rows() == 72 - kept
    fresh, _ = begin(store=tmp_path / "other")
    go(fresh, every(chosen, 2), ["block5_conv1", "head"])
    for place in ("block5_conv1", "head"):
        for view in (0, 1):
            found, expected = (taken(each, chosen, view, place) for each in (again, fresh))
            assert np.array_equal(found, expected)


def test_a_full_disk_keeps_what_was_whole(begin, chosen, full_disk) -> None:
    """Some of the rows are there; the next run computes the others."""
    room = 30 * 2 * 2 * 2 * 512  # rows of what reaches the head, in bytes
    with full_disk(room=room), pytest.raises(DiskFull):
        go(begin()[0], every(chosen), ["head"])
    again, counting = begin()
    go(again, every(chosen), ["head"])
    assert len(taken(again, chosen, 0, "head")) == 36
    assert counting.rows() <= 36


@pytest.mark.parametrize("trouble", ["gone", "damaged"])
def test_a_lost_picture_is_named(begin, chosen, tmp_path, trouble: str) -> None:
    lost = [replace(chosen[0], name="leaf/lost.png", path="leaf/lost.png")]
    if trouble == "damaged":
        (tmp_path / "leaf").mkdir()
        (tmp_path / "leaf" / "lost.png").write_bytes(b"\x89PNG not whole")
        lost = [replace(lost[0], sha256=sha256(b"\x89PNG not whole").hexdigest())]
    features, _ = begin(root=tmp_path)
    with pytest.raises(RunError, match=r"“leaf/lost\.png” of this training is gone or damaged"):
        go(features, every(lost), ["head"])


# The budget --------------------------------------------------------------------------------------


def test_more_than_may_be_kept_is_refused_before_it_is_computed(begin, chosen) -> None:
    features, counting = begin(budget_bytes=10**6)
    with pytest.raises(SettingError, match=r"takes .* of disk") as refused:
        go(features, every(chosen), ["block3_conv1"])
    assert refused.value.hint.startswith("Choose a later freeze point")
    assert counting.done == []
    later, counting = begin(budget_bytes=10**6)
    go(later, every(chosen[:20]), ["head"])
    assert counting.rows() == 20


def test_what_others_have_left_makes_room(begin, chosen) -> None:
    each = 2 * 2 * 512 * 2  # bytes of a row before the head
    old, _ = begin(replace(SETTINGS, zoom=False), budget_bytes=40 * each)
    go(old, [(picture, 1) for picture in chosen], ["head"])
    new, _ = begin(budget_bytes=40 * each)
    go(new, every(chosen), ["head"])
    assert new.missing(every(chosen), ["head"]) == []
    assert len(old.missing([(picture, 1) for picture in chosen], ["head"])) == 36


def test_no_room_is_made_on_what_the_run_itself_will_read(begin, chosen) -> None:
    """The plain view is there already, from long ago; the others are still to be computed."""
    each = 2 * 2 * 512 * 2
    old, _ = begin()
    go(old, every(chosen), ["head"])
    pictures_bytes = 36 * 64 * 64 * 3
    new, counting = begin(budget_bytes=3 * 36 * each + pictures_bytes + 10_000)
    wanted = every(chosen, 3)
    go(new, wanted, ["head"])
    assert counting.rows() == 72
    for view in range(3):
        assert len(taken(new, chosen, view, "head")) == 36
    new.read(chosen, lambda _: None)  # pictures need room, too
    assert new.missing(wanted, ["head"]) == []


def test_other_pictures_of_the_same_kind_make_room(begin, chosen, tmp_path) -> None:
    """A person who keeps all settings and brings one data set after another stays in the budget."""
    each = 2 * 2 * 512 * 2
    budget = 14 * each
    for start in (0, 12, 24):
        features, counting = begin(budget_bytes=budget)
        brought = chosen[start : start + 12]
        go(features, every(brought), ["head"])
        assert counting.rows() == 12
        assert len(taken(features, brought, 0, "head")) == 12
        held = sum(path.stat().st_size for path in (tmp_path / "store").rglob("*.npy"))
        assert held <= budget


def test_what_a_pass_begins_with_may_go_for_what_it_makes(begin, chosen, network, photos) -> None:
    """Rows of an earlier place are of use, but it is not the run that needs them."""
    early = 16 * 16 * 128 * 2  # bytes of a row before block3_conv1
    go(begin()[0], every(chosen[:4]), ["block3_conv1"])
    later, counting = begin(budget_bytes=4 * early)
    go(later, every(chosen[:4]), ["head"])
    assert counting.rows("block3_conv1") == counting.rows() == 4
    found = taken(later, chosen[:4], 0, "head")
    assert np.array_equal(found, [alone(network, photos, p, 0, "head") for p in chosen[:4]])
    assert len(later.missing(every(chosen[:4]), ["block3_conv1"])) == 4


def test_what_may_be_held_counts_what_is_there(begin, chosen) -> None:
    each = 2 * 2 * 512 * 2
    features, _ = begin(budget_bytes=36 * each + 1000)
    assert features.may_hold(every(chosen), ["head"])
    assert not features.may_hold(every(chosen, 2), ["head"])
    assert not features.may_hold(every(chosen), ["block5_conv1", "head"])
    go(features, every(chosen), ["head"])
    assert features.may_hold(every(chosen), ["head"])
    features.unread(chosen)  # pictures need room, too
    assert not features.may_hold(every(chosen), ["head"])


# Pictures ----------------------------------------------------------------------------------------


def test_pictures_are_read_once_and_come_back(begin, chosen, photos) -> None:
    features, counting = begin()
    done: list[int] = []
    assert features.unread(chosen) == list(chosen)
    features.read(chosen[:10], done.append)
    assert features.unread(chosen) == list(chosen[10:])
    features.read(features.unread(chosen), done.append)
    assert sum(done) == 36
    assert begin()[0].unread(chosen) == []
    rows = features.pixel_rows(chosen[::-1])
    expected = [scaled.read_pixels(photos / each.path, 64) for each in chosen[::-1]]
    assert np.array_equal(rows.take(range(36)), expected)
    assert counting.done == []


def test_pictures_that_are_stored_are_not_decoded_again(begin, chosen, tmp_path) -> None:
    """Neither for the passes nor for a check of the whole model."""
    begin()[0].read(chosen, lambda _: None)
    expected, _ = begin(store=tmp_path / "other")
    go(expected, every(chosen, 2), ["head"])
    features, _ = begin(root=tmp_path / "nowhere")  # whatever is decoded is missed
    go(features, every(chosen, 2), ["head"])
    for view in (0, 1):
        found, same = (taken(each, chosen, view, "head") for each in (features, expected))
        assert np.array_equal(found, same)
    assert np.array_equal(features.pixels(chosen[::-1]), expected.pixels(chosen[::-1]))


def test_those_that_are_not_stored_are_decoded(begin, chosen) -> None:
    begin()[0].read(chosen[5:20], lambda _: None)
    mixed = [chosen[place] for place in (0, 7, 30, 6, 1)]
    shown = begin()[0].pixels(mixed)
    assert shown.dtype == np.uint8
    for row, picture in zip(shown, mixed, strict=True):
        assert np.array_equal(row, begin()[0].pixels([picture])[0])


def test_a_picture_that_was_edited_is_not_stored_under_its_old_digest(
    begin, chosen, tmp_path, photos
) -> None:
    edited = tmp_path / "edited.png"
    edited.write_bytes((photos / chosen[1].path).read_bytes())
    changed = [replace(chosen[0], path="edited.png")]
    features, counting = begin(root=tmp_path)
    with pytest.raises(RunError, match=f"“{chosen[0].name}” has changed") as refused:
        go(features, every(changed), ["head"])
    assert "Start a new training" in refused.value.hint
    with pytest.raises(RunError, match="has changed"):
        features.read(changed, lambda _: None)
    assert counting.done == []
    assert not list((tmp_path / "store").rglob("*.npy"))


def test_pictures_are_shared_whatever_the_weights(begin, chosen) -> None:
    begin()[0].read(chosen, lambda _: None)
    assert begin(sha256="0" * 64)[0].unread(chosen) == []
    assert begin(replace(SETTINGS, image_size=96))[0].unread(chosen) == list(chosen)


# Epochs ------------------------------------------------------------------------------------------


class Shown:
    """Rows that tell where they are from."""

    def __init__(self, values: np.ndarray):
        self.values = values

    def take(self, indices: Sequence[int]) -> np.ndarray:
        return self.values[list(indices)]


def test_epochs_cycle_through_the_views() -> None:
    """Each picture shows each view in turn, and a batch mixes them."""
    shown = Views(tuple(Shown(np.full((5, 2), view, np.float16)) for view in range(3)))
    indices = np.arange(5)
    epochs = np.stack([shown.batch(indices, epoch)[:, 0] for epoch in range(1, 7)])
    assert epochs.dtype == np.float32
    for picture in epochs.T:
        assert sorted(picture[:3]) == sorted(picture[3:]) == [0, 1, 2]
    assert all(len(set(epoch)) == 3 for epoch in epochs)


def test_a_batch_holds_the_rows_asked_for() -> None:
    rows = Shown(np.arange(10, dtype=np.uint8).reshape(5, 2))
    assert np.array_equal(Views((rows,)).batch(np.array([3, 0]), 2), [[6, 7], [0, 1]])


def test_a_batch_of_stored_rows(begin, chosen) -> None:
    features, _ = begin()
    go(features, every(chosen, 2), ["head"])
    shown = Views(tuple(features.rows(chosen, view, "head") for view in range(2)))
    batch = shown.batch(np.array([4, 7, 9]), epoch=1)
    expected = [
        taken(features, [chosen[place]], view, "head")[0]
        for place, view in ((4, 1), (7, 0), (9, 0))
    ]
    assert batch.dtype == np.float32
    assert np.array_equal(batch, np.stack(expected).astype(np.float32))


# Where -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("freeze_point", "worth"),
    [
        ("block1_conv1", False),
        ("block2_conv1", False),
        ("block2_conv2", False),
        ("block2_pool", True),  # has no weights, so it is block3_conv1
        ("block3_conv1", True),
        ("block4_pool", True),
        ("head", True),
    ],
)
def test_caching_is_worth_it_from_block3_on(freeze_point: str, worth: bool) -> None:
    assert caching.worth_caching(freeze_point) is worth


def test_places_are_before_layers_with_weights() -> None:
    convolutions = [f"block{block}_conv{number}" for block in (3, 4, 5) for number in (1, 2, 3)]
    assert [*caching.PLACES] == [*convolutions, "head"]
