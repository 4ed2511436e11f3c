"""Step 6: earlier trainings."""

from datetime import UTC, datetime
from typing import Any

import gradio as gr

from gui.core import forecast, progress
from gui.core.errors import RunError
from gui.core.history import History
from gui.core.owner import Owner
from gui.core.runs import Run
from gui.core.site import Site
from gui.steps.base import Shown, Step, Wires, title_of
from gui.widgets.run_list import run_list


class RunsStep(Step):
    """Open an earlier training, or delete it."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.list = run_list("Your trainings", "No trainings yet: the first one will stand here.")
        self.parts: list[Any] = [self.list]

    def show(self, owner: Owner) -> Shown:
        """This person's runs, the newest first."""
        opened = owner.desk.run
        return {self.list: {"runs": [_card(run, opened) for run in owner.runs()]}}

    def wire(self, wires: Wires, shows: list[Step]) -> None:
        """Connect the step; opening a run shows all others as it was made."""
        wires.on(self.list.picked, self._pick, [self, *shows], restores=True)

    def _pick(self, owner: Owner, event: gr.EventData) -> None:
        match event.kind:
            case "open":
                self._site.open_run(owner, event.id)
            case "delete":
                self._site.delete_run(owner, event.id)
            case _:
                raise RunError("The page asked for something unknown.", "Reload the page.")


def _card(run: Run, opened: str) -> dict[str, Any]:
    history = run.history
    asked_at = datetime.fromtimestamp(run.about.created_at, UTC).astimezone()
    return {
        "id": run.id,
        "title": title_of(run),
        "when": asked_at.strftime("%Y-%m-%d %H:%M"),
        "state": history.state,
        "about": _about(run, asked_at),
        "summary": _summary(history),
        "current": run.id == opened,
    }


def _about(run: Run, asked_at: datetime) -> str:
    """Its settings in short, and which comparison it is part of."""
    text = forecast.settings(run.config)
    if run.ladder:  # all of its trainings were asked for at once
        text += f"; from the comparison of {asked_at:%H:%M}"
    return text


def _summary(history: History) -> str:
    if history.evaluated:
        text = f"{progress.score(history.evaluated)}, epoch {history.evaluated.epoch}"
        return f"{text}. {took}" if (took := progress.compared(history)) else text
    if history.failed:
        return history.failed.what
    return f"{len(history.epochs)} of {history.epochs_planned} epochs"
