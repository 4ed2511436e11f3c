"""What a training and a ladder would take, and that what has no room is refused in time."""

import pytest

from gui.core import machine, outlook
from gui.core.config import Config, ModelSettings
from gui.core.errors import SettingError
from gui.core.outlook import Here
from gui.core.split import Labelled, Split
from tests.core.test_plan import SPEEDS

SETTINGS = Config()
POINTS = ("head", "block5_conv3", "block1_conv1")
DIVIDED = Split(
    ("cat", "dog"),
    tuple(Labelled(f"cat/{n}.jpg", f"{n:064x}", f"{n}.jpg", 0) for n in range(160)),
    tuple(Labelled(f"dog/{n}.jpg", f"{n + 500:064x}", f"{n}.jpg", 1) for n in range(40)),
)


def foreseen(tmp_path, config=SETTINGS, memory=None, speeds=SPEEDS, points=POINTS):
    store = tmp_path / "features"
    here = Here(store, memory, speeds)
    return outlook.foresee_ladder(config, points, DIVIDED, tmp_path, here)


def test_a_ladder_is_the_sum_of_what_its_rungs_learn_and_prepared_once(tmp_path):
    told = foreseen(tmp_path)
    assert [each.fine_epochs > 0 for each in told.rungs] == [False, True, True]
    assert told.preparing_s == max(each.caching_s for each in told.rungs)
    assert told.seconds == pytest.approx(told.preparing_s + sum(told.learning_s))
    assert told.learning_s == tuple(sorted(told.learning_s))
    assert told.peak_bytes == max(each.peak_bytes for each in told.rungs)
    assert told.disk_bytes < sum(each.disk_bytes for each in told.rungs)


def test_one_that_stands_alone_is_as_it_would_be_planned(tmp_path):
    store = tmp_path / "features"
    one = outlook.foresee(Config(), DIVIDED, tmp_path, Here(store, None, SPEEDS))
    assert foreseen(tmp_path, points=("head",)).rungs == (one,)


def test_nothing_is_told_before_the_computer_is_measured(tmp_path):
    assert foreseen(tmp_path, speeds=None) is None


def test_a_rung_without_room_in_memory_is_named(tmp_path):
    large = Config(ModelSettings(head="classic", image_size=256))
    for speeds in (SPEEDS, None):
        with pytest.raises(SettingError, match=r"^head only: This training needs about "):
            foreseen(tmp_path, large, 2_000_000_000, speeds)


def test_rungs_that_have_no_room_together_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "free_disk_bytes", lambda _: 500_000_000)
    assert foreseen(tmp_path, points=POINTS[:2]).disk_bytes < 500_000_000
    with pytest.raises(SettingError, match="These 3 trainings need about "):
        foreseen(tmp_path)
