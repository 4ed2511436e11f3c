from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from gui.core.errors import RunError
from gui.core.events import CacheProgress, Queued, Started
from gui.core.ladder_mark import LadderMark
from gui.engine import computing, images, job, network
from gui.engine.network import Network
from gui.engine.store import Store
from gui.engine.weights import Weights


@pytest.fixture
def begin(weights):
    """``begin(run)`` begins it; what was told is in ``begin.told``."""

    def go(run, by=weights):
        go.told = []
        return job.begin(run, by, open_network, lambda: 1.0, go.told.append)

    def open_network(chosen: Weights) -> Network:
        go.opened += 1
        return network.open_network(chosen.arrays)

    go.opened = 0

    return go


def test_it_says_what_it_begins_with(prepare, begin, weights) -> None:
    run = prepare(epochs=7, views=3)
    begun = begin(run)
    started = begin.told[0]
    assert started == Started(
        1.0, 7, weights.source, weights.sha256, True, len(run.split.train), 6, 3
    )
    assert run.history.started == started
    assert begun.epoch == 0
    caching = [each for each in begin.told if isinstance(each, CacheProgress)]
    views = 3 * len(run.split.train) + 6
    assert {each.what for each in caching} == {"caching"}
    assert (caching[-1].done, caching[-1].total) == (views, views)


def test_without_augmentation_there_is_one_view(prepare, begin) -> None:
    begin(prepare(views=3, flip=False, rotation=False, zoom=False))
    assert begin.told[0].views == 1


def test_pictures_and_labels_are_those_of_the_split(prepare, begin) -> None:
    run = prepare()
    begun = begin(run)
    for part, side in ((begun.train, run.split.train), (begun.validation, run.split.validation)):
        assert part.pictures == side
        assert part.labels.tolist() == [each.label for each in side]


def test_test_pictures_are_ready_to_be_answered_and_teach_nothing(prepare, begin, weights) -> None:
    run = prepare(views=2, test_share=0.2)
    begun = begin(run)
    assert len(begun.test.pictures) == 6
    assert begun.test.pictures == run.split.test
    assert begun.test.labels.tolist() == [0, 0, 1, 1, 2, 2]
    caching = [each for each in begin.told if isinstance(each, CacheProgress)]
    assert caching[-1].total == 2 * len(run.split.train) + 6 + 6
    rows = begun.features.rows(begun.test.pictures, 0, "head").take(range(6))
    network_rows = begun.features.rows(begun.validation.pictures, 0, "head").take(range(6))
    assert rows.shape == network_rows.shape
    assert not np.array_equal(rows, network_rows)
    known = {each.sha256 for each in (*run.split.train, *run.split.validation)}
    assert not known & {each.sha256 for each in run.split.test}


def test_its_model_has_the_weights_and_the_classes(prepare, begin, weights) -> None:
    begun = begin(prepare())
    for layer, arrays in weights.arrays.items():
        for pair in zip(begun.model.get_layer(layer).get_weights(), arrays, strict=True):
            assert np.array_equal(*pair)
    assert begun.model.output_shape == (None, 3)


def test_chosen_for_you_is_settled(prepare, begin) -> None:
    begun = begin(prepare(freeze_point="block5_conv1"))
    assert (begun.config.train.head_rate, begun.config.train.fine_rate) == (1e-3, 2e-5)


def test_epochs_are_those_last_asked_for(prepare, begin) -> None:
    run = prepare(epochs=3)
    run.append(Queued(1.0, 9))
    begin(run)
    assert begin.told[0].epochs == 9


def test_it_goes_on_at_the_checkpoint(trained, copied, begin) -> None:
    """Epochs told after the last checkpoint are trained again."""
    run = copied(trained)
    begun = begin(run)
    assert (begun.epoch, begun.checkpoint.epoch) == (3, 3)
    run.checkpoint.unlink()
    assert begin(run).epoch == 3  # no more are asked for, and the best of them is on the disk
    run.append(Queued(1.0, 5))
    begun = begin(run)
    assert (begun.epoch, begun.checkpoint) == (0, None)
    assert begun.journal.history.best is None


@pytest.mark.parametrize("keep", [0.5, 0])
def test_without_a_whole_checkpoint_it_begins_again(trained, copied, begin, keep: float) -> None:
    run = copied(trained)
    content = run.checkpoint.read_bytes()
    run.checkpoint.write_bytes(content[: int(len(content) * keep)])
    run.append(Queued(1.0, 5))
    begun = begin(run)
    assert (begun.epoch, begun.checkpoint) == (0, None)


def test_a_checkpoint_with_a_wrong_byte_is_not_whole(trained, copied, begin) -> None:
    run = copied(trained)
    content = bytearray(run.checkpoint.read_bytes())
    content[len(content) // 2] ^= 1
    run.checkpoint.write_bytes(content)
    run.append(Queued(1.0, 5))
    assert begin(run).checkpoint is None


def test_other_weights_are_refused(trained, copied, begin, weights) -> None:
    run = copied(trained)
    with pytest.raises(RunError, match="began with other VGG16 weights") as refused:
        begin(run, replace(weights, sha256="0" * 64))
    assert refused.value.hint.startswith("Use the same weights again")


def test_a_stop_is_heeded_before_anything_is_computed(prepare, begin) -> None:
    run = prepare()
    run.request_stop()
    with pytest.raises(computing.Stopped):
        begin(run)
    assert begin.opened == 0


def test_no_more_views_than_epochs(prepare, begin) -> None:
    begin(prepare(views=3, epochs=2))
    assert begin.told[0].views == 2


def caching(begin) -> tuple[int, int]:
    """How many views were to be computed and how many were, as told."""
    told = [each for each in begin.told if isinstance(each, CacheProgress)]
    return (told[-1].total, told[-1].done) if told else (0, 0)


def test_a_second_run_on_the_same_pictures_computes_nothing(prepare, begin, tmp_path) -> None:
    shared = {"views": 2, "store": tmp_path / "store"}
    begin(prepare(freeze_point="block5_conv1", **shared))
    assert caching(begin) == (66, 66)
    again = begin(prepare(freeze_point="block5_conv1", head="classic", seed=0, **shared))
    assert caching(begin) == (0, 0)
    begin(prepare(freeze_point="head", **shared))
    assert caching(begin) == (0, 0)
    assert begin.opened == 1
    assert len(again.features.rows(again.train.pictures, 1, "block5_conv1")) == 30


def test_more_pictures_compute_the_new_ones_only(prepare, begin, tmp_path) -> None:
    shared = {"views": 1, "store": tmp_path / "store"}
    begin(prepare(each=6, **shared))
    assert caching(begin) == (18, 18)
    begin(prepare(each=8, **shared))
    assert caching(begin) == (6, 6)


def test_a_rung_of_a_ladder_caches_for_all_rungs_at_once(prepare, begin, tmp_path) -> None:
    """Every place in one pass; the later rungs find all of it."""
    mark = LadderMark("0123456789abcdef", ("head", "block5_conv3", "block4_conv1"))
    shared = {"store": tmp_path / "store", "ladder": mark}
    begin(prepare(freeze_point="head", **shared))
    assert caching(begin) == (36, 36)
    for point in mark.points[1:]:
        begun = begin(prepare(freeze_point=point, **shared))
        assert caching(begin) == (0, 0)
        for place in (point, "head"):
            assert len(begun.features.rows(begun.train.pictures, 0, place)) == 30
    assert begin.opened == 1


def test_rungs_that_fit_one_by_one_are_cached_one_by_one(
    prepare, begin, tmp_path, monkeypatch
) -> None:
    """All places together are more than the store may hold."""
    budget = 1_400_000  # 36 rows before block4_conv1 and the head; those before block5_conv3 go
    monkeypatch.setattr(job, "Store", partial(Store, budget_bytes=budget))
    mark = LadderMark("0123456789abcdef", ("head", "block5_conv3", "block4_conv1"))
    shared = {"store": tmp_path / "store", "ladder": mark}
    for point in mark.points:
        begun = begin(prepare(freeze_point=point, **shared))
        assert caching(begin) == (36, 36)
        for place in (point, "head"):
            assert len(begun.features.rows(begun.train.pictures, 0, place)) == 30
        held = sum(path.stat().st_size for path in (tmp_path / "store").rglob("*.npy"))
        assert held <= budget


def test_without_a_cache_pictures_are_read_once(prepare, begin, monkeypatch) -> None:
    """The head's own phase still learns from what reaches the head."""
    decoded: list[str] = []
    read = images.read

    def spy(chosen, *where):
        decoded.extend(each.name for each in chosen)
        return read(chosen, *where)

    monkeypatch.setattr(images, "read", spy)
    begun = begin(prepare(freeze_point="block1_conv1", head_epochs=1, each=4))
    told = [each for each in begin.told if isinstance(each, CacheProgress)]
    assert [each.what for each in told if each.done == each.total] == ["reading", "caching"]
    assert sorted(decoded) == sorted(
        each.name for each in (*begun.split.train, *begun.split.validation)
    )
    assert not begun.journal.history.started.cached
    assert len(begun.features.pixel_rows(begun.train.pictures)) == len(begun.train.pictures)
