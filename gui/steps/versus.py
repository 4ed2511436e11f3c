"""Another training asked about the same pictures, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from gui.core.accuracy import measured
from gui.core.errors import NotYours
from gui.core.new_run import title_of
from gui.core.owner import Owner
from gui.core.runs import Run
from gui.core.site import Site
from gui.core.testing import Pair, open_run
from gui.core.trial import Trial
from gui.steps import cards
from gui.steps.base import Shown
from gui.widgets.answer_pairs import answer_pairs
from gui.widgets.progress_line import progress_line
from gui.words import say


class Versus:
    """Offered once there are answers, and another finished training to ask."""

    def __init__(self, site: Site) -> None:
        self._site = site
        with gr.Accordion(
            say("Compare with another training"), open=False, visible=False
        ) as self.box:
            self.other = gr.Dropdown(
                label=say("The other training"),
                info=say("It is asked about the same pictures."),
                choices=[],
                interactive=True,
            )
            self.ask = gr.Button(say("Ask both"))
            self.line = progress_line(say("Progress of the comparison"))
            self.table = answer_pairs(say("Both answers to each picture"))
        self.parts: list[Any] = [self.box, self.other, self.ask, self.line, self.table]

    def offer(self, owner: Owner, taken: Trial | None) -> Shown:
        """The choice of trainings for these pictures."""
        others = self._site.testing.others(owner) if taken else []
        choices = [(_name(each), each.id) for each in others]
        chosen = choices[0][1] if choices else None
        return {
            **self.idle,
            self.box: gr.update(visible=bool(choices)),
            self.other: gr.update(choices=choices, value=chosen),
            self.table: None,
        }

    def compare(self, owner: Owner, trial_id: str, run_id: str | None) -> Iterator[Shown]:
        """Ask both, some pictures at a time."""
        if not run_id:
            raise NotYours(say("No other training is chosen."), say("Choose one in the list."))
        names = [_name(open_run(owner)), _name(owner.run(run_id))]
        both: list[Pair] = []
        yield {self.ask: gr.update(interactive=False), self.line: _line(0)}
        for some in self._site.testing.compare(owner, trial_id, run_id):
            both += some
            yield {self.line: _line(len(both))}
        yield {**self.idle, self.table: cards.pairs(names, both)}

    @property
    def idle(self) -> dict[Any, Any]:
        """So that it can be asked again."""
        return {self.ask: gr.update(interactive=True), self.line: None}


def _name(run: Run) -> str:
    """A training as this person tells it from others of theirs."""
    told = run.history.evaluated
    share = measured(told.accuracy, told.pictures) if told else None
    named: dict[str, object] = {"title": title_of(run), "size": run.config.model.image_size}
    if share is None:
        return say("{title} · {size} px", **named)
    return say("{title} · {size} px, {score}", **named, score=share.full_text)


def _line(done: int) -> dict[str, Any]:
    text = say("Asked both about {n:,} pictures", n=done) if done else say("Asking both")
    return {"text": text, "fraction": None, "state": "running"}
