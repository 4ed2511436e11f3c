"""How much of the work is done already, read from the lists that the feature store keeps."""

import json
from pathlib import Path

import pytest

from gui.core import stored
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.split import Labelled, Split

DIGESTS = [f"{number:064x}" for number in range(10)]
PICTURES = [Labelled(f"a/{each}", each, "0/a.jpg", 0) for each in DIGESTS]
WEIGHTS = "abc" * 21 + "d"
SPLIT = Split(("a",), tuple(PICTURES[:8]), tuple(PICTURES[8:]))


def configured(**values: object) -> Config:
    return Config(ModelSettings.read(values), TrainSettings.read(values))


def shelve(store: Path, folder: str, digests: list[str]) -> None:
    path = store / folder / "0123.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"version": 1, "crc32": 0, "digests": digests}))


def shelf(name: str, weights: str = WEIGHTS, size: int = 160) -> str:
    return f"{stored.kind(size, weights)}/{name}"


@pytest.fixture
def store(tmp_path) -> Path:
    """All plain views and half of the second ones, of pictures of 160 px, at the head."""
    shelve(tmp_path, shelf("head-0"), DIGESTS)
    shelve(tmp_path, shelf("head-1-frz"), DIGESTS[:4])
    return tmp_path


def test_nothing_is_there_at_first(tmp_path) -> None:
    assert stored.share(tmp_path / "none", Config(), SPLIT) == 0


def test_test_pictures_are_wanted_in_the_plain_view(store) -> None:
    tested = Split(("a",), SPLIT.train[:6], SPLIT.validation, SPLIT.train[6:])
    assert stored.share(store, configured(), tested) == pytest.approx(14 / 16)


@pytest.mark.parametrize(
    ("changed", "share"),
    [
        ({}, 14 / 18),  # 10 plain views of 10 and 4 more of 8
        ({"views": 1}, 1.0),
        ({"views": 1, "epochs": 1}, 1.0),
        ({"views": 4}, 14 / 34),
        ({"flip": False}, 10 / 18),  # other views
        ({"image_size": 192}, 0.0),
        ({"freeze_point": "block5_pool"}, 14 / 18),  # the same place
        ({"freeze_point": "block5_conv1"}, 0.0),  # what reaches block5 is needed, too
        ({"freeze_point": "block1_conv1", "epochs": 1}, 0.0),  # nothing is ever stored
    ],
)
def test_what_is_there_counts(store, changed: dict, share: float) -> None:
    assert stored.share(store, configured(**changed), SPLIT) == pytest.approx(share)


def test_what_other_weights_have_made_does_not_count_where_they_are_known(store) -> None:
    config = configured(views=1)
    assert stored.share(store, config, SPLIT, weights_sha256=WEIGHTS) == 1
    assert stored.share(store, config, SPLIT, weights_sha256="0" * 64) == 0
    assert stored.share(store, config, SPLIT) == 1


def test_what_was_drawn_in_another_way_does_not_count(store, monkeypatch) -> None:
    monkeypatch.setattr(stored, "_DRAWN", stored._DRAWN + 1)
    assert stored.share(store, configured(views=1), SPLIT) == 0


def test_pictures_are_no_features(tmp_path) -> None:
    shelve(tmp_path, f"{stored.kind(160)}/head-0", DIGESTS)
    assert stored.share(tmp_path, configured(views=1), SPLIT) == 0


def test_of_a_ladder_what_is_there_for_every_rung_counts(store) -> None:
    config, points = configured(views=1), ("head", "block5_conv1")
    assert stored.share(store, config, SPLIT, points=points[:1]) == 1
    assert stored.share(store, config, SPLIT, points=points) == 0
    shelve(store, shelf("block5_conv1-0"), DIGESTS[:5])
    assert stored.share(store, config, SPLIT, points=points) == 0.5


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "[]",
        "{}",
        '{"version": 1, "crc32": 0, "digests": 3}',
        '{"version": 1, "crc32": 0, "digests": ["x"]}',
        json.dumps({"version": 1, "digests": DIGESTS}),
        json.dumps({"version": 2, "crc32": 0, "digests": DIGESTS}),
        json.dumps({"crc32": 0, "digests": DIGESTS}),
        "\x00",
    ],
)
def test_a_damaged_list_counts_for_nothing(store, damage: str) -> None:
    (store / shelf("head-0") / "0123.json").write_text(damage)
    assert stored.share(store, configured(views=1), SPLIT) == 0


def test_a_list_that_cannot_be_read_now_counts_again_when_it_can(store, monkeypatch) -> None:
    def refuse(_: Path) -> bytes:
        raise OSError(24, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", refuse)
        assert stored.share(store, configured(views=1), SPLIT) == 0
    assert stored.share(store, configured(views=1), SPLIT) == 1
