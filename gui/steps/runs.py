"""Step 6: earlier trainings."""

from datetime import UTC, datetime
from typing import Any

from gui.core import ended, forecast, uploads
from gui.core.collection import Progress
from gui.core.errors import PicturesError
from gui.core.history import History
from gui.core.new_run import title_of
from gui.core.owner import Owner
from gui.core.runs import Run
from gui.core.site import Site
from gui.steps.base import Shown, Step
from gui.steps.kept import KeptPart
from gui.steps.sent import Sent, unknown
from gui.steps.wires import Wires
from gui.widgets.folder_drop import REFUSED, WORDS, folder_drop
from gui.widgets.run_list import run_list
from gui.words import again, joined, mark, say

_LARGEST_MB = 4000  # as much as one upload may hold


class RunsStep(Step):
    """Open an earlier training, or one from another computer, or delete it."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.list = run_list(
            say("Your trainings"), say("No trainings yet: the first one will stand here.")
        )
        self.drop = folder_drop(
            "zip",
            say("Open a project file"),
            say(
                "All of a training from another computer, as “Project file” under Take home "
                "makes it."
            ),
            max_zip_mb=_LARGEST_MB,
            words={**WORDS, "choose_zip": mark("Choose a project file")},
        )
        self.kept = KeptPart(site)
        self.parts: list[Any] = [self.list, self.drop, *self.kept.parts]

    def show(self, owner: Owner) -> Shown:
        """This person's runs, the newest first."""
        opened = owner.desk.run
        cards = [_card(run, opened) for run in owner.runs()]
        return {self.list: {"runs": cards}, self.drop: None, **self.kept.show(owner)}

    def wire(self, wires: Wires, shows: list[Step]) -> None:
        """Connect the step; opening a run shows all others as it was made."""
        wires.on(self.list.picked, self._pick, [self, *shows], restores=True)
        came = wires.follow(
            self.drop.uploaded,
            self._take,
            [self, *shows],
            lambda done, total: {self.drop: _checking(done, total)},
            {self.drop: REFUSED},
            values={"manifest": self.drop},
        )
        wires.on(came.success, lambda _: None, [self, *shows], restores=True)

    def _take(self, owner: Owner, manifest: object, progress: Progress) -> None:
        given = uploads.read(manifest, owner.uploads)
        if not given:
            raise PicturesError(say("No file has arrived."), say("Choose a project file."))
        self._site.open_project(owner, given, progress)

    def _pick(self, owner: Owner, event: Sent) -> None:
        match event.get("kind"):
            case "open":
                self._site.open_run(owner, event.text("id"))
            case "delete":
                self._site.delete_run(owner, event.text("id"))
            case _:
                raise unknown()


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


def _checking(done: int, total: int) -> dict[str, Any]:
    if not total:
        return {"busy": say("Looking whether the file is whole")}
    if done == total:
        return {"busy": say("Building the model of its settings and weights")}
    busy = say("Checking {done} of {total} files", done=done, total=total)
    return {"busy": busy, "fraction": done / total}


def _about(run: Run, asked_at: datetime) -> str:
    """Its settings in short, and which comparison it is part of."""
    settings = forecast.settings(run.config)
    if not run.ladder:
        return settings
    # All of its trainings were asked for at once.
    time = f"{asked_at:%H:%M}"
    return say("{settings}; from the comparison of {time}", settings=settings, time=time)


def _summary(history: History) -> str:
    if history.evaluated:
        told: dict[str, object] = {
            "score": ended.score(history.evaluated),
            "epoch": history.evaluated.epoch,
        }
        if took := ended.compared(history):
            return joined(say("{score}, epoch {epoch}.", **told), took)
        return say("{score}, epoch {epoch}", **told)
    if history.failed:
        return again(history.failed.what)
    return say(
        "{done} of {planned} epochs", done=len(history.epochs), planned=history.epochs_planned
    )
