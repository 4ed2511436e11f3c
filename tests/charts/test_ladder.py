"""The rungs side by side, from made-up histories: what a person reads off them."""

import json

import pytest

from gui.charts import ladder
from gui.core import events
from gui.core.events import Epoch, History, Queued


def told(*values: float, planned: int = 10) -> History:
    """A history with these validation losses, accuracy 1 - loss."""
    epochs = [
        Epoch(float(n), n, "head", value + 1, 0.5, value, 1 - value, 1.0)
        for n, value in enumerate(values, start=1)
    ]
    return events.fold([Queued(0.0, planned), *epochs])


RUNGS = {"head only": told(0.9, 0.4, 0.6), "block5_conv3": told(0.8, 0.3)}


def test_a_line_for_each_freeze_point_with_its_own_values() -> None:
    head, block = ladder.accuracy(RUNGS).data
    assert (head.name, block.name) == ("head only", "block5_conv3")
    assert list(head.x) == [1, 2, 3]
    assert list(head.y) == pytest.approx([0.1, 0.6, 0.4])
    assert list(ladder.loss(RUNGS).data[1].y) == [0.8, 0.3]


@pytest.mark.parametrize("chart", [ladder.accuracy, ladder.loss])
def test_the_kept_epoch_has_a_star(chart) -> None:
    head, block = chart(RUNGS).data
    assert [symbol == "star" for symbol in head.marker.symbol] == [False, True, False]
    assert [symbol == "star" for symbol in block.marker.symbol] == [False, True]


def test_lines_differ_by_more_than_colour() -> None:
    lines = ladder.accuracy({f"p{n}": told(0.9, 0.5, 0.6) for n in range(6)}).data
    looks = {(line.line.dash, line.marker.symbol[0]) for line in lines}
    assert len(looks) == len({line.line.color for line in lines}) == 6


def test_any_number_of_rungs_can_be_drawn() -> None:
    assert len(ladder.loss({f"p{n}": told(0.9) for n in range(14)}).data) == 14


def test_the_axis_reaches_the_longest_of_them() -> None:
    rungs = {"a": told(0.9, planned=4), "b": told(0.9, planned=12), "c": told(planned=1)}
    assert list(ladder.accuracy(rungs).layout.xaxis.range) == [0.5, 12.5]
    assert list(ladder.loss({}).layout.xaxis.range) == [0.5, 2.5]


def test_a_loss_that_is_not_a_number_is_drawn_as_a_gap() -> None:
    stored = json.loads(ladder.loss({"a": told(float("nan"), 0.4)}).to_json())
    assert json.dumps(stored, allow_nan=False)
