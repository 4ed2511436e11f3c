"""A curve: its points, its ranges, its file."""

import json
from dataclasses import replace

import pytest

from gui.core import learning_curve
from gui.core.errors import RunError
from gui.core.learning_curve import LearningCurve, Point

LABELS = ("cat", "owl")
TRUTHS = (0,) * 10 + (1,) * 10


def point(share: float, cats: int, owls: int, *more: tuple[int, int]) -> Point:
    """So many of ten cats and of ten owls right, for each seed."""
    right = tuple(
        tuple(place < cat for place in range(10)) + tuple(place < owl for place in range(10))
        for cat, owl in ((cats, owls), *more)
    )
    return Point(share, (round(20 * share), round(24 * share)), right)


def curve(*points: Point) -> LearningCurve:
    return LearningCurve(LABELS, TRUTHS, points, tuned=False)


def test_a_point_has_a_range_that_holds_every_seed() -> None:
    told = point(0.5, 5, 5, (10, 10), (4, 6))
    assert told.accuracies == (0.5, 1, 0.5)
    assert told.mean == pytest.approx(2 / 3)
    assert told.low < 0.5 < 0.9 < told.high == 1
    assert told.pictures == 22
    alone = point(1, 5, 5)
    assert (alone.low, alone.high) == pytest.approx((0.2993, 0.7007), abs=1e-4)  # Wilson, 10 of 20


def test_recalls_are_those_of_one_class() -> None:
    told = curve(point(0.5, 2, 10, (4, 10)), point(1, 6, 10, (6, 9)))
    assert told.recalls(0) == (pytest.approx(0.3), 0.6)
    assert told.recalls(1) == (1, 0.95)
    assert replace(told, truths=(0,) * 20).recalls(1) == (None, None)


def test_it_comes_back_from_its_file(tmp_path) -> None:
    told = curve(point(0.5, 6, 6, (5, 5)), point(1, 8, 4, (8, 8)))
    learning_curve.save(told, tmp_path / "curve.json")
    assert learning_curve.load(tmp_path / "curve.json") == told


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"labels": ["cat"]},
        {"truths": [0, 1]},
        {"truths": [-1] * 20},
        {"points": []},
        {"points": [{"share": 2, "learned_from": [1, 1], "right": ["0" * 20]}] * 2},
        {"points": [{"share": 0.5, "learned_from": [1, 1], "right": ["2" * 20]}] * 2},
    ],
)
def test_a_damaged_file_is_refused(tmp_path, change) -> None:
    path = tmp_path / "curve.json"
    learning_curve.save(curve(point(0.5, 6, 6), point(1, 8, 4)), path)
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(RunError):
        learning_curve.load(path)
