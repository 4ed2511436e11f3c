"""The forms that need no worker: card, report, program and project file."""

from pathlib import Path

from gui.core import program, project, take_home
from gui.core.errors import RunError, disk_full
from gui.core.runs import Run
from gui.core.sealing import Progress
from gui.core.take_home import Made
from gui.sharing import card, report
from gui.words import say


def make(run: Run, form: str, progress: Progress) -> Made:
    """Make one of these forms, put it into the run's ``exports/`` and note what became of it.

    Args:
        run: A finished run; for card and report evaluated, too.
        form: "card", "report", "project", "program-functional" or "program-sequential".
        progress: Called with how much is done, and how much there is in all.

    Raises:
        RunError: When the run isn't that far, or it is another form.
        DiskFull: When there is no room.
    """
    of, path = take_home.stamp(run), take_home.file(run, form)
    with disk_full(), take_home.alone(run):
        write(run, form, path, progress)
        made = Made(form, of, path.stat().st_size)
        take_home.record(run, made)
    return made


def write(run: Run, form: str, path: Path, progress: Progress) -> None:
    """The same, to a file of one's own choice.

    Raises:
        RunError: As :func:`make` does.
        DiskFull: When there is no room.
    """
    match form:
        case "card":
            card.write(run, path)
        case "report":
            report.write(run, path)
        case "project":
            project.pack(run, path, progress)
        case "program-functional":
            program.write(run, "functional", path)
        case "program-sequential":
            program.write(run, "sequential", path)
        case _:
            raise RunError(
                say("“{form}” tells nothing about a training.", form=form),
                say("Choose card or report."),
            )
