"""Whether a page is sent the curves whole or as they grow."""

from dataclasses import replace
from types import SimpleNamespace

import gradio as gr
import pytest

from gui.core.events import Epoch, Finished, Queued
from gui.core.history import History, fold
from gui.steps.curves import Curves, Drawn

RUN = SimpleNamespace(id="one")


def epoch(number: int, at: float | None = None) -> Epoch:
    return Epoch(at or float(number), number, "head", 0.9, 0.5, 1 / number, 0.6, 1.0)


def told(*more) -> History:
    return fold([Queued(0.0, 9), *more])


@pytest.fixture
def curves() -> Curves:
    with gr.Blocks():
        return Curves()


@pytest.fixture
def after_two(curves) -> Drawn:
    shown = curves.show(RUN, told(epoch(1), epoch(2)))
    assert shown[curves.loss]["data"][0]["x"] == [1, 2]
    assert shown[curves.loss]["version"] == shown[curves.drawn].version
    return shown[curves.drawn]


def test_a_new_epoch_is_sent_alone(curves, after_two) -> None:
    shown = curves.show(RUN, told(epoch(1), epoch(2), epoch(3)), after_two)
    for plot in (curves.loss, curves.accuracy):
        assert [points["x"] for points in shown[plot]["more"]] == [[3], [3]]
        assert shown[plot]["after"] == after_two.version
        assert shown[plot]["version"] == shown[curves.drawn].version != after_two.version


def test_the_end_sends_no_point_but_the_new_name_of_the_best(curves, after_two) -> None:
    shown = curves.show(RUN, told(epoch(1), epoch(2), Finished(9.0, "stopped")), after_two)
    assert [points["x"] for points in shown[curves.loss]["more"]] == [[], []]
    assert shown[curves.loss]["data"][0]["name"] == "kept: epoch 2 (lowest loss)"
    assert shown[curves.drawn].version != after_two.version


def test_an_epoch_that_is_told_again_is_drawn_anew(curves, after_two) -> None:
    for history in (
        told(epoch(1), epoch(2), epoch(2, at=7.0)),
        told(epoch(1), epoch(2), epoch(2, at=7.0), epoch(3, at=8.0)),
        told(epoch(1), epoch(2), epoch(1, at=7.0)),
    ):
        shown = curves.show(RUN, history, after_two)
        assert "after" not in shown[curves.loss]
        assert len(shown[curves.loss]["data"][0]["x"]) == len(history.epochs)


def test_another_run_is_drawn_anew(curves, after_two) -> None:
    history = told(epoch(1), epoch(2), epoch(3))
    shown = curves.show(SimpleNamespace(id="two"), history, after_two)
    assert "after" not in shown[curves.loss]
    assert "after" not in curves.show(RUN, history, replace(after_two, run="two"))[curves.loss]


def test_without_an_epoch_there_is_nothing(curves, after_two) -> None:
    shown = curves.show(RUN, told(), after_two)
    assert shown[curves.loss] is None
    assert shown[curves.drawn] == Drawn()
    assert "after" not in curves.show(RUN, told(epoch(1)), shown[curves.drawn])[curves.loss]
