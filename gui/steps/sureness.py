"""How sure a model is, and whether it is right then: a sentence and a chart."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr

from gui.charts import calibration as charts
from gui.core import trust
from gui.core.evaluation import Evaluation
from gui.steps.base import Shown
from gui.widgets.live_plot import live_plot
from gui.words import say


class Sureness:
    """Of any evaluation."""

    def __init__(self) -> None:
        self.words = gr.Markdown()
        self.chart = live_plot(say("How sure is it, and is it right then"))
        self.parts: list[Any] = [self.words, self.chart]

    def show(self, told: Evaluation | None, of: str) -> Shown:
        """The sentence and the chart; nothing without an evaluation.

        Args:
            told: The evaluation.
            of: What it is of: the chart keeps its zoom as long as that is the same.
        """
        if told is None:
            return {self.words: "", self.chart: None}
        return {self.words: _words(told), self.chart: _figure(told, of)}


def _words(told: Evaluation) -> str:
    words = say(
        "A point on the dashed line is right as often as it is sure: of the answers that it is "
        "80 % sure of, 8 of 10 should be right. Below the line it is surer than it should be."
    )
    return f"### {say(charts.TITLE)}\n{trust.surer_than_right(told.metrics)}\n\n{words}"


def _figure(told: Evaluation, of: str) -> Any:  # noqa: ANN401 - what JSON holds
    figure = charts.calibration(told.metrics.calibration)
    figure.update_layout(title=None, uirevision=of)
    return json.loads(figure.to_json())
