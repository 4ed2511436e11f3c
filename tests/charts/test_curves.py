"""The curves, from made-up histories: what a person reads off them."""

import json

import pytest

from gui.charts import curves
from gui.core.events import Epoch, Evaluated, Finished, PhaseChanged, Queued
from gui.core.history import History, fold, step


def told(*values: float, phases: tuple[PhaseChanged, ...] = (), planned: int = 10) -> History:
    """A history with these validation losses, accuracy 1 - loss."""
    epochs = [
        Epoch(float(n), n, "head", value + 1, 0.5, value, 1 - value, 1.0)
        for n, value in enumerate(values, start=1)
    ]
    return fold([Queued(0.0, planned), *phases, *epochs])


@pytest.mark.parametrize("chart", [curves.loss, curves.accuracy])
def test_a_point_for_each_epoch_and_the_best_is_marked(chart) -> None:
    figure = chart(told(0.9, 0.4, 0.6))
    learning, checking, best = figure.data
    assert list(learning.x) == list(checking.x) == [1, 2, 3]
    assert list(best.x) == [2]
    assert best.y[0] == checking.y[1]
    assert best.name == "kept so far: epoch 2 (lowest loss)"


def test_the_star_is_where_the_kept_weights_are_from() -> None:
    """A run that was taken up again may have told a lower loss since, by a hair."""
    history = told(0.9, 0.4, 0.3999)
    over = step(step(history, Evaluated(4.0, 2, 0.4, 0.6, 10)), Finished(5.0, "epochs"))
    assert list(curves.loss(over).data[2].x) == [2]


def test_each_chart_shows_its_own_values() -> None:
    history = told(0.9, 0.4)
    assert list(curves.loss(history).data[0].y) == [1.9, 1.4]
    assert list(curves.loss(history).data[1].y) == [0.9, 0.4]
    assert list(curves.accuracy(history).data[0].y) == [0.5, 0.5]
    assert list(curves.accuracy(history).data[1].y) == [pytest.approx(0.1), 0.6]


def test_learning_and_checking_differ_by_more_than_colour() -> None:
    learning, checking, _ = curves.loss(told(0.9)).data
    assert learning.line.dash != checking.line.dash
    assert learning.marker.symbol != checking.marker.symbol
    assert learning.line.color != checking.line.color


def test_the_axis_reaches_the_planned_epochs_and_further_ones() -> None:
    assert list(curves.loss(told(0.9, planned=10)).layout.xaxis.range) == [0.5, 10.5]
    assert list(curves.loss(told(0.9, 0.8, 0.7, planned=2)).layout.xaxis.range) == [0.5, 3.5]


def test_the_second_phase_is_marked_where_it_begins() -> None:
    phases = (PhaseChanged(0.0, "head", 1, 1e-3, 99), PhaseChanged(0.0, "fine", 3, 1e-5, 99))
    layout = curves.loss(told(0.9, 0.8, 0.7, phases=phases)).layout
    shade, border = layout.shapes
    assert (shade.type, shade.x0, shade.x1, shade.layer) == ("rect", 2.5, 10.5, "below")
    assert (border.type, border.x0) == ("line", 2.5)
    assert "VGG16 learns too" in [note.text for note in layout.annotations]


@pytest.mark.parametrize(("planned", "side"), [(10, "left"), (6, "left"), (4, "right")])
def test_its_words_stand_on_the_side_that_has_room_for_them(planned, side) -> None:
    phases = (PhaseChanged(0.0, "head", 1, 1e-3, 99), PhaseChanged(0.0, "fine", 4, 1e-5, 99))
    told_at = curves.loss(told(0.9, phases=phases, planned=planned)).layout.annotations[0]
    assert told_at.xanchor == side
    assert (told_at.x > 3.5) == (side == "left")


def test_the_shade_reaches_as_far_as_the_axis_when_it_is_trained_further() -> None:
    phases = (PhaseChanged(0.0, "head", 1, 1e-3, 99), PhaseChanged(0.0, "fine", 2, 1e-5, 99))
    layout = curves.accuracy(told(0.9, 0.8, 0.7, 0.6, phases=phases, planned=2)).layout
    assert layout.shapes[0].x1 == layout.xaxis.range[1] == 4.5


def test_where_vgg16_learns_from_the_start_there_is_one_phase() -> None:
    layout = curves.loss(told(0.9, phases=(PhaseChanged(0.0, "fine", 1, 1e-5, 99),))).layout
    assert not layout.shapes


def test_a_run_that_only_learns_its_head_has_no_second_phase() -> None:
    layout = curves.loss(told(0.9, phases=(PhaseChanged(0.0, "head", 1, 1e-3, 99),))).layout
    assert not layout.shapes


def test_a_loss_that_is_not_a_number_is_drawn_as_a_gap() -> None:
    stored = json.loads(curves.loss(told(float("nan"), 0.4)).to_json())
    assert json.dumps(stored, allow_nan=False)  # NaN would not be JSON in a browser
    assert list(curves.loss(told(float("nan"), 0.4)).data[2].x) == [2]
