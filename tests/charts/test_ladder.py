"""The rungs side by side, from made-up histories: what a person reads off them."""

import json
from itertools import pairwise

import pytest

from gui.charts import curves, ladder
from gui.core.events import Epoch, PhaseChanged, Queued
from gui.core.history import History, fold


def told(*values: float, planned: int = 10, phases: tuple[PhaseChanged, ...] = ()) -> History:
    """A history with these validation losses, accuracy 1 - loss."""
    epochs = [
        Epoch(float(n), n, "head", value + 1, 0.5, value, 1 - value, 1.0)
        for n, value in enumerate(values, start=1)
    ]
    return fold([Queued(0.0, planned), *phases, *epochs])


RUNGS = {"head only": told(0.9, 0.4, 0.6), "block5_conv3": told(0.8, 0.3)}


def test_a_line_for_each_freeze_point_with_its_own_values() -> None:
    head, block, *_ = ladder.accuracy(RUNGS).data
    assert (head.name, block.name) == ("head only", "block5_conv3")
    assert list(head.x) == [1, 2, 3]
    assert list(head.y) == pytest.approx([0.1, 0.6, 0.4])
    assert list(ladder.loss(RUNGS).data[1].y) == [0.8, 0.3]


@pytest.mark.parametrize("chart", [ladder.accuracy, ladder.loss])
def test_the_kept_epoch_has_a_star_that_the_legend_explains(chart) -> None:
    head, block, *rest = chart(RUNGS).data
    *stars, legend = rest
    assert [list(each.x) for each in stars] == [[2], [2]]
    assert [each.y[0] for each in stars] == [head.y[1], block.y[1]]
    assert {each.marker.symbol for each in rest} == {"star"}
    assert "star" not in (head.marker.symbol, block.marker.symbol)
    assert [each.legendgroup for each in stars] == ["head only", "block5_conv3"]  # hidden together
    assert [each.name for each in (head, block, *rest) if each.showlegend is not False] == [
        "head only", "block5_conv3", "kept epoch (lowest loss)"
    ]  # fmt: skip
    assert legend.x == (None,)


def test_lines_differ_by_more_than_colour_and_are_seen_below_one_another() -> None:
    lines = ladder.accuracy({f"p{n}": told(0.9, 0.5, 0.6) for n in range(6)}).data[:6]
    looks = {(line.line.dash, line.marker.symbol) for line in lines}
    assert len(looks) == len({line.line.color for line in lines}) == 6
    for below, above in pairwise(lines):
        assert below.line.width > above.line.width
        assert below.marker.size > above.marker.size


def test_titles_are_those_of_a_training() -> None:
    one = RUNGS["head only"]
    assert ladder.loss(RUNGS).layout.title.text == curves.loss(one).layout.title.text
    assert ladder.accuracy(RUNGS).layout.title.text == curves.accuracy(one).layout.title.text


def test_the_epoch_from_which_vgg16_learns_is_marked_once() -> None:
    phases = (PhaseChanged(0.0, "head", 1, 1e-3, 99), PhaseChanged(0.0, "fine", 3, 1e-5, 99))
    rungs = {**RUNGS, "a": told(0.9, 0.8, 0.7, phases=phases), "b": told(0.9, phases=phases)}
    layout = ladder.loss(rungs).layout
    assert [shape.x0 for shape in layout.shapes] == [2.5]
    assert [note.text for note in layout.annotations] == ["VGG16 learns too"]
    assert not ladder.loss(RUNGS).layout.shapes


def test_any_number_of_rungs_can_be_drawn() -> None:
    assert len(ladder.loss({f"p{n}": told(0.9) for n in range(14)}).data) == 14 + 14 + 1


def test_the_axis_reaches_the_longest_of_them() -> None:
    rungs = {"a": told(0.9, planned=4), "b": told(0.9, planned=12), "c": told(planned=1)}
    assert list(ladder.accuracy(rungs).layout.xaxis.range) == [0.5, 12.5]
    assert list(ladder.loss({}).layout.xaxis.range) == [0.5, 2.5]


def test_a_loss_that_is_not_a_number_is_drawn_as_a_gap() -> None:
    stored = json.loads(ladder.loss({"a": told(float("nan"), 0.4)}).to_json())
    assert json.dumps(stored, allow_nan=False)
