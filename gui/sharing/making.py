"""Make any form in which a person takes a training home, wherever it is made."""

from typing import Final, Protocol

from gui.core.runs import Run
from gui.core.sealing import Progress
from gui.core.wish import Wish
from gui.sharing import about

OWN: Final = ("program-functional", "program-sequential", "card", "report", "project")


class Engine(Protocol):
    """Who makes the forms that take an engine: the workshop, or the command line itself."""

    def make(self, run: Run, form: str, progress: Progress, wish: Wish | None = None) -> None:
        """Make one; see ``gui.engine.making``."""


def make(run: Run, form: str, engine: Engine, progress: Progress, wish: Wish | None = None) -> None:
    """Make a form of a finished run; what came of it is in ``core.take_home.made``.

    Args:
        run: The run.
        form: Its id.
        engine: Makes those that take an engine.
        progress: Called with how much is done, and how much there is in all.
        wish: Ends it; of a form that takes no engine, at the next sign of progress.

    Raises:
        StoppedEarly: When it was ended as wished.
        RunError: When the run isn't that far, or there is no such form.
        DiskFull: When there is no room.
        FreezepointError: What the worker says went wrong.
    """
    if form in OWN:
        about.make(run, form, _heeding(wish, progress) if wish else progress)
    else:
        engine.make(run, form, progress, wish)


def _heeding(wish: Wish, progress: Progress) -> Progress:
    def told(done: int, total: int) -> None:
        wish.check()
        progress(done, total)

    return told
