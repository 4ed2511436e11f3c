"""Whether it is as right as it is sure, as a figure."""

from gui.charts.calibration import FEW, calibration
from gui.core.accuracy import Accuracy
from gui.core.metrics import Bin

BINS = (Bin(0.55, 1, 2), Bin(0.95, 18, 20))


def test_each_point_stands_where_it_is_sure_and_right_with_its_range() -> None:
    many = calibration(BINS).data[1]
    assert (list(many.x), list(many.y)) == ([0.95], [0.9])
    told = Accuracy(18, 20)
    assert many.error_y.array[0] == told.high - told.share
    assert many.error_y.arrayminus[0] == told.share - told.low
    assert "18 of 20 right (90.0 %)" in many.text[0]


def test_a_point_of_few_pictures_is_hollow_and_says_so() -> None:
    _, many, few = calibration(BINS).data
    assert (many.marker.symbol, few.marker.symbol) == ("circle", "circle-open")
    assert few.name == f"fewer than {FEW} pictures: a guess"


def test_without_few_or_many_there_is_no_empty_entry() -> None:
    assert len(calibration(BINS[:1]).data) == len(calibration(BINS[1:]).data) == 2
    assert len(calibration(()).data) == 1
