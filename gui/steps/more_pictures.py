"""Would more pictures help? A button, a curve, and a sentence for each class."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import gradio as gr

from gui.charts import more_pictures as charts
from gui.core import learning_curve, more_pictures
from gui.core.errors import RunError, StoppedEarly
from gui.core.learning_curve import LearningCurve
from gui.core.owner import Owner
from gui.core.runs import Run
from gui.core.site import Site
from gui.core.workshop import Progress
from gui.steps.base import Shown, Step, escaped
from gui.steps.judged import opened
from gui.widgets.live_plot import live_plot
from gui.widgets.progress_line import progress_line
from gui.words import say


class MorePictures(Step):
    """What fewer pictures would have given, and so what more may give."""

    def __init__(self, site: Site) -> None:
        self._site = site
        with gr.Column() as self.body:
            gr.Markdown(
                say(
                    "### Would more pictures help?\nIt learns once more from a quarter, half and "
                    "three quarters of your pictures. If it still gets better towards the end, "
                    "more pictures are likely to help. Finding out takes a minute or so."
                )
            )
            self.ask = gr.Button(say("Find out"))
            self.stop = gr.Button(say("Stop"), visible=False)
            self.line = progress_line(say("Progress of finding out"))
            self.plot = live_plot(say("Would more pictures help"))
            self.told = gr.Markdown()
        self.parts: list[Any] = [
            self.body, self.ask, self.stop, self.line, self.plot, self.told,
        ]  # fmt: skip

    def show(self, owner: Owner) -> Shown:
        """The curve of the open run, or the button that makes it."""
        run = owner.open_run
        curve = known(run)
        return {
            self.body: gr.update(visible=run is not None),
            self.ask: gr.update(visible=curve is None, interactive=True),
            self.stop: gr.update(visible=False),
            self.line: None,
            self.plot: _figure(run, curve) if run and curve else None,
            self.told: _words(curve) if curve else "",
        }

    def find_out(self, owner: Owner, progress: Progress) -> None:
        """Have the curve made; it takes a while, and may be stopped."""
        run, _ = opened(owner)
        with suppress(StoppedEarly):
            self._site.jobs.workshop.learning_curve(run, progress)

    def end(self, owner: Owner) -> None:
        """Make it no longer."""
        if run := owner.open_run:
            self._site.jobs.workshop.stop_curve(run)

    def busy(self, done: int, total: int) -> Shown:
        """How far it is."""
        text = say("Getting ready")
        if total:
            text = say("Learning from fewer pictures: {done} of {total}", done=done, total=total)
        line = {"text": text, "fraction": done / total if total else None, "state": "running"}
        return {
            self.line: line,
            self.ask: gr.update(interactive=False),
            self.stop: gr.update(visible=True),
        }

    @property
    def idle(self) -> Shown:
        """As before anyone asked."""
        return {
            self.line: None,
            self.ask: gr.update(interactive=True),
            self.stop: gr.update(visible=False),
        }


def known(run: Run | None) -> LearningCurve | None:
    """The curve that was made of a run, if there is one."""
    if run is None or run.history.busy:
        return None
    try:
        return learning_curve.load(run.learning_curve)
    except RunError:
        return None


def _figure(run: Run, curve: LearningCurve) -> Any:  # noqa: ANN401 - what JSON holds
    figure = charts.more_pictures(curve).update_layout(title=None, uirevision=run.id)
    return json.loads(figure.to_json())


def _words(curve: LearningCurve) -> str:
    lines = "\n".join(f"- {escaped(each)}" for each in more_pictures.sentences(curve))
    words = f"**{escaped(more_pictures.headline(curve))}**\n\n{lines}"
    if curve.tuned:
        told = say(
            "VGG16 has learned from all of your pictures already; only the head learned from "
            "fewer of them here, so in truth more pictures may help more than this shows."
        )
        words += f"\n\n{told}"
    return words
