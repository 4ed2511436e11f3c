"""The coach on the page: what the curves say, and remedies that are carried out by one press."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradio.components import Component

from gui.core import advice, coach
from gui.core.advice import Advice, Change, Go, More, Remedy
from gui.core.errors import NotYours
from gui.core.history import History
from gui.core.owner import Owner
from gui.core.remedies import MORE_EPOCHS
from gui.core.runs import Run
from gui.core.site import Site
from gui.steps.base import Shown, Step
from gui.steps.sent import Sent
from gui.steps.wires import Wires
from gui.widgets.coach import coach as coach_widget
from gui.words import joined, say


class Coaching:
    """What to make of the curves, below them. Where a remedy goes is wired by the page."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.coach = coach_widget(say("What the curves say"))
        self.parts: list[Any] = [self.coach]

    def wire(self, wires: Wires, settings: Mapping[str, Component], shows: list[Step]) -> None:
        """Carry out remedies: settings go into these controls; the steps depend on the run."""
        wires.on(
            self.coach.changed,
            lambda owner, event: self._change(owner, event, settings),
            extra=[*self.parts, *settings.values()],
            queue=False,
            show_progress="hidden",
        )
        wires.on(
            self.coach.continued, lambda owner: self._site.train_more(owner, MORE_EPOCHS), shows
        )

    def show(self, run: Run | None, history: History | None, done: str = "") -> Shown:
        """What there is to say about the run as it is; ``done`` says what a press has done."""
        found = _advice(run, history) if run and history else ()
        return {self.coach: {"advice": list(map(_told, found)), "told": done}}

    def _change(self, owner: Owner, event: Sent, settings: Mapping[str, Component]) -> Shown:
        """Put a remedy's settings into the controls, and tell the person."""
        run = owner.open_run
        history = run.history if run else None
        for each in _advice(run, history) if run and history else ():
            for remedy in each.remedies:
                asked = (each.kind, remedy.id) == (event.get("advice"), event.get("remedy"))
                if asked and isinstance(remedy.action, Change):
                    when = advice.LATER if history and history.busy else advice.PRESS
                    changed = {settings[name]: value for name, value in remedy.action.settings}
                    done = joined(remedy.done, say(when))
                    return {**changed, **self.show(run, history, done)}
        raise NotYours(
            say("The training has gone on since."), say("Look at what the coach says now.")
        )


def _advice(run: Run, history: History) -> tuple[Advice, ...]:
    return coach.advise(history, coach.counted(run.split), run.config)


def _told(found: Advice) -> dict[str, Any]:
    return {
        "id": found.kind,
        "tone": found.tone,
        "title": found.title,
        "seen": found.seen,
        "meaning": found.meaning,
        "remedies": list(map(_button, found.remedies)),
    }


def _button(remedy: Remedy) -> dict[str, str]:
    match remedy.action:
        case Change():
            does, to = "change", ""
        case More():
            does, to = "more", ""
        case Go(step):
            does, to = "go", step
    return {"id": remedy.id, "text": remedy.text, "does": does, "to": to}
