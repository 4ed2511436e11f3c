"""What takes longer with a finished training, handed to a process of its own.

It neither waits for a training nor makes anyone wait who only wants a picture answered. Each method
is a request to ``gui.engine.worker``; what it makes is written into the run's folder.
"""

from collections.abc import Callable
from typing import Any

from gui.core import given, learning_curve, lighter
from gui.core.answers import Answers
from gui.core.errors import OutOfMemory
from gui.core.given import Files, Given
from gui.core.learning_curve import LearningCurve
from gui.core.runs import Run
from gui.words import spoken

Progress = Callable[[int, int], None]  # done, in all


class Workshop:
    """One process that works on finished trainings, one request at a time."""

    def __init__(self, process: Answers) -> None:
        self._process = process

    def evaluate(self, run: Run, progress: Progress) -> None:
        """Have the kept model answer every picture kept out of learning; writes evaluation files.

        Raises:
            FreezepointError: What the worker says went wrong.
        """
        self._ask("evaluate", run, progress)

    def make(self, run: Run, form: str, progress: Progress) -> None:
        """Have a form of the model made, in the language spoken here, and checked.

        See ``core.take_home``.

        Raises:
            FreezepointError: What the worker says went wrong.
        """
        self._ask("make", run, progress, form=form, language=spoken())

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
        """
        self._ask("learning_curve", run, progress)
        return learning_curve.load(run.learning_curve)

    def close(self) -> None:
        """End the process; what it was at is lost."""
        self._process.close()

    def _ask(self, do: str, run: Run, progress: Progress, **values: object) -> list[Any]:
        """Ask about a run; parts of the answer like ``{"done": 1, "total": 9}`` are progress."""

        def hear(part: Any) -> None:  # noqa: ANN401 - what JSON holds
            if _is_progress(part):
                progress(part["done"], part["total"])

        path = str(run.path.resolve())
        try:
            answer = self._process.ask(do, hear, run=path, **values)
        except OutOfMemory as error:
            raise OutOfMemory(error.what, lighter.afterwards(run.path)) from error
        return [part for part in answer if not _is_progress(part)]


def _is_progress(part: object) -> bool:
    return isinstance(part, dict) and part.keys() == {"done", "total"}
