"""Step 6: earlier trainings."""

from datetime import UTC, datetime
from typing import Any

import gradio as gr

from gui.core import progress
from gui.core.errors import RunError
from gui.core.events import History
from gui.core.runs import Run
from gui.core.site import Site
from gui.core.workspace import Owner
from gui.steps.base import Shown, Step, Wires
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
    about, history = run.about, run.history
    return {
        "id": run.id,
        "title": about.title,
        "when": datetime.fromtimestamp(about.created_at, UTC)
        .astimezone()
        .strftime("%Y-%m-%d %H:%M"),
        "state": history.state,
        "summary": _summary(history),
        "current": run.id == opened,
    }


def _summary(history: History) -> str:
    if history.evaluated:
        text = f"{progress.score(history.evaluated)}, epoch {history.evaluated.epoch}"
        return f"{text}; {took}" if (took := progress.compared(history)) else text
    if history.failed:
        return history.failed.what
    return f"{len(history.epochs)} of {history.epochs_planned} epochs"
