"""What a curve says, and what it doesn't dare to say."""

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


def test_the_class_that_gains_clearly_is_named() -> None:
    told = curve(point(0.25, 3, 0), point(0.5, 6, 1), point(0.75, 6, 6), point(1, 7, 9))
    assert told.sentences == (
        "“cat”: from 10 to 20 pictures, on average 1 more of 10 were right; that may be chance, "
        "too few were checked to tell.",
        "More “owl” pictures help most: from 12 to 24 pictures, on average 8 more of 10 were "
        "right.",
    )
    assert told.headline == (
        "With 44 pictures instead of 22 to learn from, 80.0 % were right instead of 35.0 %: more "
        "pictures are likely to help further."
    )


def test_nothing_is_claimed_where_chance_would_do() -> None:
    told = curve(point(0.5, 6, 6), point(1, 8, 4))
    assert "help" not in "".join(told.sentences)
    assert "2 fewer of 10" in told.sentences[1]
    assert told.headline.endswith("whether more pictures would help is open.")
    worse = curve(point(0.5, 9, 9), point(1, 2, 2))
    assert worse.headline.endswith("more pictures of this kind don't help.")
    assert "help" not in "".join(worse.sentences)
    level = curve(point(0.5, 6, 6), point(1, 6, 6))
    assert "on average as many of 10 were right" in level.sentences[0]


def test_a_class_that_cannot_show_anything_is_said_so() -> None:
    told = curve(point(0.5, 10, 5), point(1, 10, 5))
    assert "all 10 that were checked were right already" in told.sentences[0]
    nobody = replace(told, truths=(0,) * 20)
    assert nobody.sentences[1] == "“owl”: none of its pictures was checked, so nobody can say."
    half, whole = told.points
    few = curve(replace(half, learned_from=(1, 12)), replace(whole, learned_from=(1, 24)))
    assert few.sentences[0] == "“cat”: it has too few pictures to learn from a part of them."


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
