"""A training that has begun: its model with VGG16's weights, its pictures, its journal."""

from dataclasses import dataclass, replace

import keras
import numpy as np
from numpy.typing import NDArray

from gui.core import config as settings
from gui.core.config import Config
from gui.core.errors import RunError
from gui.core.events import History, Started
from gui.core.runs import Clock, Run
from gui.core.split import Labelled, Split
from gui.engine import features, images
from gui.engine.checkpoints import Checkpoint
from gui.engine.images import Images
from gui.engine.journal import Countdown, Journal, Tell
from gui.engine.model import Model, build_functional, set_weights
from gui.engine.weights import Weights

Labels = NDArray[np.int64]


class Stopped(Exception):  # noqa: N818 - not a mistake
    """Someone asked the training to stop."""


@dataclass(frozen=True)
class Part:
    """The pictures of one side of the split.

    Attributes:
        name: "train" or "validation".
        images: uint8 (n, size, size, 3), RGB 0–255.
        labels: int64 (n,), places in the run's labels.
    """

    name: str
    images: Images
    labels: Labels


@dataclass(frozen=True)
class Job:
    """All that a training works with. Only the journal and the model's weights change."""

    run: Run
    config: Config
    split: Split
    journal: Journal
    model: Model
    checkpoint: Checkpoint | None
    train: Part
    validation: Part

    @property
    def epoch(self) -> int:
        """The last whole epoch, 0 before the first."""
        return len(self.journal.history.epochs)

    def stop_if_asked(self) -> None:
        """Leave by an exception when someone asked to stop.

        Raises:
            Stopped: When so.
        """
        _stop_if_asked(self.run)


def begin(run: Run, weights: Weights, clock: Clock, tell: Tell) -> Job:
    """Begin a training, or take it up again at its checkpoint.

    Raises:
        RunError: When it began with other weights, or a picture is gone.
        DiskFull: When there is no room for the pictures.
        Stopped: When someone asked to stop meanwhile.
    """
    config, split, stored = settings.resolve(run.config), run.split, run.history
    if stored.started and stored.started.weights_sha256 != weights.sha256:
        raise RunError(
            f"This training began with other VGG16 weights ({stored.started.weights}).",
            "Use the same weights again, or start a new training.",
        )
    checkpoint = Checkpoint(run.checkpoint) if run.checkpoint.exists() else None
    journal = Journal(run, _until(stored, checkpoint.epoch if checkpoint else 0), clock, tell)
    journal.write(
        Started(
            at=clock(),
            epochs=stored.epochs_planned or config.train.epochs,
            weights=weights.source,
            weights_sha256=weights.sha256,
            cached=features.worth_caching(config.model.freeze_point),
            train_pictures=len(split.train),
            validation_pictures=len(split.validation),
            views=config.train.views,
        )
    )
    countdown = Countdown(journal, "reading", len(split.train) + len(split.validation))

    def read(name: str, chosen: tuple[Labelled, ...]) -> Part:
        def progress(amount: int) -> None:
            _stop_if_asked(run)
            countdown.advance(amount)

        path, size = run.features / f"{name}.npy", config.model.image_size
        found = images.read(path, chosen, run.pictures_root, size, progress)
        return Part(name, found, np.array([each.label for each in chosen], np.int64))

    train, validation = read("train", split.train), read("validation", split.validation)
    keras.utils.set_random_seed(config.train.seed)
    model = build_functional(config.model, len(split.labels), config.train.seed)
    set_weights(model, weights)
    return Job(run, config, split, journal, model, checkpoint, train, validation)


def _until(history: History, epoch: int) -> History:
    """The history as it was after an epoch: later ones are trained, and told, again."""
    return replace(
        history,
        epochs=tuple(each for each in history.epochs if each.epoch <= epoch),
        phases=tuple(each for each in history.phases if each.epoch <= epoch),
    )


def _stop_if_asked(run: Run) -> None:
    if run.stop_requested:
        raise Stopped
