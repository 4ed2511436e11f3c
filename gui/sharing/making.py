"""Make any form in which a person takes a training home, wherever it is made."""

from typing import Final, Protocol

from gui.core.runs import Run
from gui.core.sealed import Progress
from gui.sharing import about

OWN: Final = ("program-functional", "program-sequential", "card", "report", "project")


class Engine(Protocol):
    """Who makes the forms that take an engine: the workshop, or the command line itself."""

    def make(self, run: Run, form: str, progress: Progress) -> None:
        """Make one; see ``gui.engine.making``."""


def make(run: Run, form: str, engine: Engine, progress: Progress) -> None:
    """Make a form of a finished run; what came of it is in ``core.take_home.made``.

    Args:
        run: The run.
        form: Its id.
        engine: Makes those that take an engine.
        progress: Called with how much is done, and how much there is in all.

    Raises:
        RunError: When the run isn't that far, or there is no such form.
        DiskFull: When there is no room.
        FreezepointError: What the worker says went wrong.
    """
    if form in OWN:
        about.make(run, form, progress)
    else:
        engine.make(run, form, progress)
