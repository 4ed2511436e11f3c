"""Would more pictures help, as a figure."""

import pytest

from gui.charts.more_pictures import more_pictures
from gui.core.learning_curve import LearningCurve, Point


def point(share: float, learned: int, right: int) -> Point:
    answers = tuple(place < right for place in range(20))
    return Point(share, (learned, learned), (answers, answers))


CURVE = LearningCurve(
    ("crab", "fish"), (0, 1) * 10, (point(0.5, 8, 10), point(1.0, 16, 15)), tuned=False
)


def test_points_stand_at_their_pictures_with_the_range() -> None:
    (line,) = more_pictures(CURVE).data
    assert list(line.x) == [16, 32]
    assert list(line.y) == [0.5, 0.75]
    last = CURVE.points[-1]
    assert line.y[1] + line.error_y.array[1] == pytest.approx(last.high)
    assert line.y[1] - line.error_y.arrayminus[1] == pytest.approx(last.low)
    assert list(line.text) == ["50 % of them", "100 % of them"]


def test_the_axis_begins_at_nothing() -> None:
    layout = more_pictures(CURVE).layout
    assert layout.xaxis.range[0] == layout.yaxis.range[0] == 0
    assert layout.xaxis.range[1] > 32
