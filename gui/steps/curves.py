"""The curves of a run on the page: sent whole once, then only as they grow."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import gradio as gr

from gui.charts import curves
from gui.charts.growth import growth
from gui.core.history import History
from gui.core.owner import Owner
from gui.core.runs import Run
from gui.steps.base import Shown
from gui.steps.wires import Wires
from gui.widgets.live_plot import live_plot
from gui.words import mark, say

_EMPTY = mark("The curve appears when the first epoch has ended.")


@dataclass(frozen=True)
class Drawn:
    """What a page was last sent of a run's curves."""

    run: str = ""
    state: str = ""
    epochs: int = 0
    last_at: float = 0.0  # when the last of these epochs ended: a resume tells it anew

    @property
    def version(self) -> str:
        """A name that no other state of the curves has."""
        return f"{self.run} {self.state} {self.epochs} {self.last_at}"

    def begins(self, run: Run, history: History) -> bool:
        """Whether the run as it is now only continues what was drawn."""
        known = history.epochs[: self.epochs]
        return self.run == run.id and len(known) == self.epochs and known[-1].at == self.last_at


class Curves:
    """Loss and accuracy side by side."""

    def __init__(self) -> None:
        with gr.Row(elem_classes="fp-wraps"):
            self.loss = live_plot(say("Loss"), say(_EMPTY))
            self.accuracy = live_plot(say("Accuracy"), say(_EMPTY))
        self.drawn = gr.State(Drawn())
        self.parts: list[Any] = [self.loss, self.accuracy, self.drawn]

    def wire(self, wires: Wires) -> None:
        """Send whole figures to a page that has missed something."""
        for plot in (self.loss, self.accuracy):
            wires.on(
                plot.behind,
                self._whole,
                extra=self.parts,
                queue=False,
                show_progress="hidden",
            )

    def show(self, run: Run | None, history: History | None, drawn: Drawn = Drawn()) -> Shown:
        """The curves as they are now, or what they have more than was drawn."""
        if run is None or history is None or not history.epochs:
            return {self.loss: None, self.accuracy: None, self.drawn: Drawn()}
        last = history.epochs[-1]
        now = Drawn(run.id, history.state, len(history.epochs), last.at)
        shown: dict[Any, Any] = {self.drawn: now}
        for plot, chart in ((self.loss, curves.loss), (self.accuracy, curves.accuracy)):
            # With a revision, zoom outlives new points, but not another run.
            figure = chart(history).update_layout(uirevision=run.id)
            value = json.loads(figure.to_json())
            if drawn.begins(run, history):
                value = {**growth(value, drawn.epochs), "after": drawn.version}
            shown[plot] = {**value, "version": now.version}
        return shown

    def _whole(self, owner: Owner) -> Shown:
        run = owner.open_run
        return self.show(run, run.history if run else None)
