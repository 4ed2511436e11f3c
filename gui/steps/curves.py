"""The curves of a run on the page: sent whole once, then only as they grow."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import gradio as gr

from gui.charts import curves
from gui.charts.growth import growth
from gui.core.history import History
from gui.core.owner import Owner
from gui.core.runs import Run
from gui.steps.base import Shown
from gui.steps.wires import Wires
from gui.widgets.live_plot import live_plot
from gui.words import mark, say, spoken

_EMPTY = mark("The curve appears when the first epoch has ended.")
_DRAWING = threading.Lock()  # when an epoch ends, all who watch ask at once


@dataclass(frozen=True)
class Drawn:
    """What a page was last sent of a run's curves."""

    run: str = ""
    state: str = ""
    epochs: int = 0
    last_at: float = 0.0  # when the last of these epochs ended: a resume tells it anew

    @classmethod
    def of(cls, run: Run, history: History) -> Drawn:
        """The curves of a run as it is now; it has an epoch."""
        return cls(run.id, history.state, len(history.epochs), history.epochs[-1].at)

    @property
    def version(self) -> str:
        """A name that no other state of the curves has."""
        return f"{self.run} {self.state} {self.epochs} {self.last_at}"

    def begins(self, run: Run, history: History) -> bool:
        """Whether the run as it is now only continues what was drawn."""
        known = history.epochs[: self.epochs]
        return self.run == run.id and len(known) == self.epochs and known[-1].at == self.last_at


NOTHING: Final = Drawn()


class Curves:
    """Loss and accuracy side by side."""

    def __init__(self) -> None:
        with gr.Row(elem_classes="fp-wraps"):
            self.loss = live_plot(say("Loss"), say(_EMPTY))
            self.accuracy = live_plot(say("Accuracy"), say(_EMPTY))
        self.drawn = gr.State(NOTHING)
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

    def show(self, run: Run | None, history: History | None, drawn: Drawn = NOTHING) -> Shown:
        """The curves as they are now, or what they have more than was drawn."""
        if run is None or history is None or not history.epochs:
            return {self.loss: None, self.accuracy: None, self.drawn: NOTHING}
        now = Drawn.of(run, history)
        shown: dict[Any, Any] = {self.drawn: now}
        # Neither of these is in the curves, and both change between two epochs.
        with _DRAWING:
            figures = _figures(replace(history, batch=None, cache=None), run.id, spoken())
        for plot, figure in zip((self.loss, self.accuracy), figures, strict=True):
            value = json.loads(figure)
            if drawn.begins(run, history):
                value = {**growth(value, drawn.epochs), "after": drawn.version}
            shown[plot] = {**value, "version": now.version}
        return shown

    def _whole(self, owner: Owner) -> Shown:
        run = owner.open_run
        return self.show(run, run.history if run else None)


@lru_cache(maxsize=64)  # of everybody who watches
def _figures(history: History, run: str, language: str) -> tuple[str, str]:
    """Loss and accuracy as JSON, in the language that is spoken."""
    del language
    # With a revision, zoom outlives new points, but not another run.
    loss, accuracy = (
        chart(history).update_layout(uirevision=run) for chart in (curves.loss, curves.accuracy)
    )
    return loss.to_json(), accuracy.to_json()
