"""What takes longer with a finished training, handed to a process of its own.

It neither waits for a training nor makes anyone wait who only wants a picture answered. Each method
is a request to ``gui.engine.worker``; what it makes is written into the run's folder.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from filelock import FileLock, Timeout

from gui.core import given, learning_curve, leftovers, lighter
from gui.core.answers import Answers
from gui.core.errors import FreezepointError, OutOfMemory, WorkerError
from gui.core.given import Files, Given
from gui.core.learning_curve import LearningCurve
from gui.core.runs import Run
from gui.core.wish import Wish
from gui.words import mark, spoken

Progress = Callable[[int, int], None]  # done, in all

# What to do when the process that was at it has died twice.
_DIED_AGAIN: Final = mark("Try again; if it happens again, start Freezepoint anew.")
_HINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "make": mark("Try again; if it happens again, take another form."),
        "evaluate_folder": mark("Try again; if it happens again, choose fewer pictures at once."),
    }
)


class Workshop:
    """One process that works on finished trainings, one request at a time."""

    def __init__(self, process: Answers) -> None:
        self._process = process
        self._curves: dict[Path, Wish] = {}  # those under way, by run

    def evaluate(self, run: Run, progress: Progress) -> None:
        """Have the kept model answer every picture kept out of learning; writes evaluation files.

        Raises:
            FreezepointError: What the worker says went wrong.
        """
        self._ask("evaluate", run, progress)

    def make(self, run: Run, form: str, progress: Progress, wish: Wish | None = None) -> None:
        """Have a form of the model made, in the language spoken here, and checked.

        See ``core.take_home``.

        Args:
            run: A finished run.
            form: The form's id.
            progress: Called with how far it is.
            wish: Ends it; nothing half made stays.

        Raises:
            FreezepointError: What the worker says went wrong.
            StoppedEarly: When it was ended as wished.
        """
        try:
            self._ask("make", run, progress, wish, form=form, language=spoken())
        except FreezepointError:
            _clear(run)
            raise

    def remember(self, run: Run, progress: Progress) -> None:
        """Have it known what the training pictures look like; see ``core.novelty``.

        A training does so at its end; this is for those of before, and for those without a cache.

        Raises:
            FreezepointError: What the worker says went wrong.
        """
        self._ask("remember", run, progress)

    def rebuild(self, run: Run) -> None:
        """Have the weights of a run that came in a project file checked, and its model built.

        Raises:
            FreezepointError: What the worker says went wrong.
        """
        self._ask("rebuild", run, lambda _done, _total: None)

    def evaluate_given(self, run: Run, files: Files, progress: Progress) -> Given:
        """Evaluate pictures that a person brought; nothing is written into the run.

        Args:
            run: A run with at least one whole epoch.
            files: The pictures.
            progress: Called as pictures are answered.

        Raises:
            FreezepointError: What the worker says went wrong.
        """
        asked = [
            (each.name, str(each.path.resolve()), each.folder, each.original) for each in files
        ]
        return given.from_json(self._ask("evaluate_folder", run, progress, files=asked)[-1])

    def learning_curve(self, run: Run, progress: Progress) -> LearningCurve:
        """Have the head trained anew on a part of the pictures; writes ``run.learning_curve``.

        Raises:
            FreezepointError: What the worker says went wrong.
            StoppedEarly: When :meth:`stop_curve` was called meanwhile.
        """
        wish = self._curves.setdefault(run.path, Wish())
        try:
            self._ask("learning_curve", run, progress, wish)
        finally:
            self._curves.pop(run.path, None)
        return learning_curve.load(run.learning_curve)

    def stop_curve(self, run: Run) -> None:
        """End the learning curve of a run that is being made, if one is."""
        if wish := self._curves.get(run.path):
            wish.express()

    def close(self) -> None:
        """End the process; what it was at is lost."""
        self._process.close()

    def _ask(
        self,
        do: str,
        run: Run,
        progress: Progress,
        wish: Wish | None = None,
        **values: object,
    ) -> list[Any]:
        """Ask about a run; parts of the answer like ``{"done": 1, "total": 9}`` are progress."""

        def hear(part: Any) -> None:  # noqa: ANN401 - what JSON holds
            if _is_progress(part):
                progress(part["done"], part["total"])

        path = str(run.path.resolve())
        try:
            answer = self._process.ask(do, hear, wish, run=path, **values)
        except OutOfMemory as error:
            raise OutOfMemory(error.what, lighter.afterwards(run.path)) from error
        except WorkerError as error:
            raise WorkerError(error.what, _HINTS.get(do, _DIED_AGAIN)) from error
        return [part for part in answer if not _is_progress(part)]


def _clear(run: Run) -> None:
    """Delete what a process that has ended left half made, unless another one makes something."""
    with suppress(Timeout, OSError), FileLock(run.exports / "lock", timeout=0):
        for left in run.exports.glob(".part-*"):
            leftovers.remove(left)


def _is_progress(part: object) -> bool:
    return isinstance(part, dict) and part.keys() == {"done", "total"}
