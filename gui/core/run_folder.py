"""What lies where in a run's folder.

::

    run.json        title, when it was asked for, where the pictures are
    config.json     every setting
    split.json      which picture learns, which checks
    events.jsonl    what happened, append-only
    checkpoint.npz  where to go on after a break       best.npz   the best weights so far
    better.npz      weights that become the best when their epoch is told
    features/       the pictures at their size, and what the frozen part made of them
    model.keras, labels.txt    the result
    evaluation.json, evaluation-test.json   what it answered to the pictures kept out of learning
    learning_curve.json   what fewer pictures would have given
    novelty.npz     what its training pictures look like to it, to tell what is unlike all of them
    exports/        the model in other forms, each with what its check found
    stop            asks the worker to stop            lock       held by the worker that is at it
    worker          that worker's process id
"""

from dataclasses import dataclass
from pathlib import Path

from gui.core.evaluation import Side


@dataclass(frozen=True)
class RunFolder:
    """The files of a run by what they are for; they may not be there."""

    path: Path

    @property
    def id(self) -> str:
        """The folder's name."""
        return self.path.name

    @property
    def checkpoint(self) -> Path:
        """Where to go on after a break."""
        return self.path / "checkpoint.npz"

    @property
    def best(self) -> Path:
        """The best weights so far, those that learn only."""
        return self.path / "best.npz"

    @property
    def better(self) -> Path:
        """Weights that are the best as soon as the events tell their epoch."""
        return self.path / "better.npz"

    @property
    def model(self) -> Path:
        """The finished model, for plain Keras."""
        return self.path / "model.keras"

    @property
    def labels(self) -> Path:
        """Class names, one a line, in the order of the model's outputs."""
        return self.path / "labels.txt"

    def evaluation(self, side: Side) -> Path:
        """What the kept model answered to the pictures of one side; see ``core.evaluation``."""
        suffix = "" if side == "validation" else f"-{side}"
        return self.path / f"evaluation{suffix}.json"

    @property
    def learning_curve(self) -> Path:
        """What the head learns from fewer pictures."""
        return self.path / "learning_curve.json"

    @property
    def novelty(self) -> Path:
        """What the training pictures look like to the kept model."""
        return self.path / "novelty.npz"

    @property
    def exports(self) -> Path:
        """Folder of the model in other forms; it may not be there yet."""
        return self.path / "exports"
