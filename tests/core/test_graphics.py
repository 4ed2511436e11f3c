"""The graphics processors of a machine, read from a copy of the files that its driver makes."""

from pathlib import Path

import pytest

from gui.core import machine
from gui.core.graphics import graphics
from tests.core.test_plan import SPEEDS


@pytest.fixture(autouse=True)
def _all_are_visible(monkeypatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


def put_in(root: Path, *places: str) -> None:
    for each in places:
        (root / "proc/driver/nvidia/gpus" / each).mkdir(parents=True)


def test_a_machine_without_any_tells_of_none(tmp_path) -> None:
    assert graphics(tmp_path) == []


def test_each_counts_and_so_does_which_are_visible(tmp_path, monkeypatch) -> None:
    put_in(tmp_path, "0000:65:00.0", "0000:17:00.0")
    both = graphics(tmp_path)
    assert both == ["0000:17:00.0", "0000:65:00.0"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    assert graphics(tmp_path) != both


def test_with_another_one_the_machine_is_measured_again(tmp_path, monkeypatch) -> None:
    put_in(tmp_path, "0000:17:00.0")
    monkeypatch.setattr(machine, "graphics", lambda: graphics(tmp_path))
    kept = tmp_path / "machine.json"
    machine.remember(kept, SPEEDS, 1000.0)
    assert machine.recall(kept, 1000.0) == SPEEDS
    put_in(tmp_path, "0000:65:00.0")
    assert machine.recall(kept, 1000.0) is None
