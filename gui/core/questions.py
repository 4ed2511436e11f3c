"""What is asked of the worker that answers while others train, each question one function.

Each is a request to ``gui.engine.worker``; nothing is written into the run's folder.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from gui.core import activations, explanation, prediction
from gui.core.activations import Seen
from gui.core.answers import Answers, understood
from gui.core.config import ModelSettings
from gui.core.explanation import Explanation, Where
from gui.core.prediction import Prediction
from gui.core.runs import Run

_Answer = TypeVar("_Answer")


class Questions:
    """What can be asked."""

    def __init__(self, worker: Answers) -> None:
        """Ask nothing yet.

        Args:
            worker: Who answers.
        """
        self._worker = worker

    def predict(self, run: Run, files: Sequence[tuple[str, Path]]) -> list[Prediction]:
        """Answer what pictures show; see ``gui.engine.prediction``.

        Args:
            run: A run with at least one whole epoch.
            files: Each picture's name for the person, and where it is.

        Raises:
            FreezepointError: What the worker says went wrong.
        """
        asked = [(name, str(path.resolve())) for name, path in files]
        told = self._worker.ask("predict", run=str(run.path.resolve()), files=asked)
        return _each(prediction.from_json, told, asked)

    def explain(
        self,
        run: Run,
        files: Sequence[tuple[str, Path]],
        where: Where = "last_convolution",
        label: str | None = None,
    ) -> list[Explanation]:
        """Show where in pictures the answers were found; see ``gui.engine.explanation``.

        Args:
            run: A run with at least one whole epoch.
            files: Each picture's name for the person, and where it is.
            where: Which layer is looked at.
            label: The class to explain; None for the one that is answered.

        Raises:
            FreezepointError: What the worker says went wrong.
        """
        asked = [(name, str(path.resolve())) for name, path in files]
        path = str(run.path.resolve())
        told = self._worker.ask("explain", run=path, files=asked, where=where, label=label)
        return _each(explanation.from_json, told, asked)

    def see(self, files: Sequence[tuple[str, Path]], image_size: int) -> list[Seen]:
        """Show what VGG16's blocks see in pictures; see ``gui.engine.activations``.

        Raises:
            FreezepointError: What the worker says went wrong.
        """
        asked = [(name, str(path.resolve())) for name, path in files]
        told = self._worker.ask("see", files=asked, image_size=image_size)
        return _each(activations.from_json, told, asked)

    def summary(self, settings: ModelSettings, classes: int) -> str:
        """The table that Keras prints for a model.

        Raises:
            FreezepointError: What the worker says went wrong.
        """
        return str(self._worker.ask("summary", model=asdict(settings), classes=classes)[0])


def _each(
    read: Callable[[Any], _Answer], told: Sequence[object], asked: Sequence[object]
) -> list[_Answer]:
    """A worker's answers to what was asked, one for each.

    Raises:
        WorkerError: When they are anything else.
    """
    with understood():
        return [read(each) for each, _ in zip(told, asked, strict=True)]
