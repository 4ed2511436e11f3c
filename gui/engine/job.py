"""A training that has begun: its model with VGG16's weights, its pictures, its journal."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import keras
import numpy as np
from numpy.typing import NDArray

from gui.core import caching
from gui.core import config as settings
from gui.core.config import Config
from gui.core.errors import RunError
from gui.core.events import Epoch, Started
from gui.core.history import History
from gui.core.runs import Clock, Run
from gui.core.split import Split
from gui.engine import arrays, checkpoints, computing, devices
from gui.engine.checkpoints import Checkpoint
from gui.engine.computing import Compute, Pictures, here, stop_if_asked
from gui.engine.features import Features
from gui.engine.journal import Journal, Tell
from gui.engine.model import Model, build_functional, set_weights
from gui.engine.network import Network
from gui.engine.store import Store
from gui.engine.weights import Weights
from gui.words import mark

Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Part:
    """The pictures of one side of the split.

    Attributes:
        pictures: In the order of the split.
        labels: int64 (n,), places in the run's labels.
    """

    pictures: Pictures
    labels: Labels


@dataclass(frozen=True)
class Job:
    """All that a training works with. Only the journal and the model's weights change.

    Attributes:
        told: The epochs of before a break. Those after the checkpoint are trained again, but the
            best of all of them is on the disk.
        test: What nothing is learned from or chosen by; it may be empty.
    """

    run: Run
    config: Config
    split: Split
    journal: Journal
    features: Features
    model: Model
    checkpoint: Checkpoint | None
    told: tuple[Epoch, ...]
    train: Part
    validation: Part
    test: Part

    @property
    def epoch(self) -> int:
        """The last whole epoch, 0 before the first."""
        return len(self.journal.history.epochs)

    @property
    def best(self) -> Epoch | None:
        """The epoch whose weights are kept so far; it may be one that is trained again now."""
        history = self.journal.history
        return replace(history, epochs=(*history.epochs, *self.told[self.epoch :])).best

    def stop_if_asked(self) -> None:
        """Leave by an exception when someone asked to stop.

        Raises:
            Stopped: When so.
        """
        stop_if_asked(self.run)


def begin(
    run: Run,
    weights: Weights,
    open_network: Callable[[Weights], Network],
    clock: Clock,
    tell: Tell,
    compute: Compute = here,
) -> Job:
    """Begin a training, or take it up again at its checkpoint; the frozen part runs here.

    Without a checkpoint to go on from, it begins again: the same seed takes the same way.

    ``compute`` does the passes through the frozen part: in this process, or on many computers.

    When no more epochs are asked for than were told, nothing is trained again: the best of them is
    on the disk and needs only what it is checked with.

    Raises:
        RunError: When it began with other weights, or a picture is gone.
        DiskFull: When there is no room for the pictures.
        SettingError: When they take more than the store may hold.
        Stopped: When someone asked to stop meanwhile.
    """
    checkpoints.settle(run)
    config, split, stored = settings.resolve(run.config), run.split, run.history
    _check_weights(stored, weights)
    checkpoint = checkpoints.find(run, stored)
    known = checkpoints.epoch_of(run.best) in [each.epoch for each in stored.epochs]
    epochs = stored.epochs_planned or config.train.epochs
    over = known and len(stored.epochs) >= epochs and arrays.is_sound(run.best)
    reached = stored if over else _until(stored, checkpoint.epoch if checkpoint else 0)
    journal = Journal(run, reached, clock, tell)
    journal.write(_started(clock(), epochs, weights, config, split))
    features = Features(
        Store(run.store),
        weights.sha256,
        lambda: open_network(weights),
        config.model,
        run.pictures_root,
    )
    train, validation, test = (_part(side) for side in (split.train, split.validation, split.test))
    kept = (*validation.pictures, *test.pictures)
    computing.fill(features, run, config, (() if over else train.pictures, kept), journal, compute)
    keras.utils.set_random_seed(config.train.seed)
    model = devices.built(
        lambda: build_functional(config.model, len(split.labels), config.train.seed)
    )
    set_weights(model, weights)
    told = stored.epochs if checkpoint and known else ()
    return Job(
        run, config, split, journal, features, model, checkpoint, told, train, validation, test
    )


def _check_weights(stored: History, weights: Weights) -> None:
    """Refuse other weights than it began with."""
    if stored.started and stored.started.weights_sha256 != weights.sha256:
        raise RunError(
            mark(
                "This training began with other VGG16 weights ({weights}).",
                weights=stored.started.weights,
            ),
            mark("Use the same weights again, or start a new training."),
        )


def _started(at: float, epochs: int, weights: Weights, config: Config, split: Split) -> Started:
    return Started(
        at=at,
        epochs=epochs,
        weights=weights.source,
        weights_sha256=weights.sha256,
        cached=caching.worth_caching(config.model.freeze_point),
        train_pictures=len(split.train),
        validation_pictures=len(split.validation),
        views=caching.views(config),
    )


def _part(pictures: Pictures) -> Part:
    return Part(pictures, np.array([each.label for each in pictures], np.int64))


def _until(history: History, epoch: int) -> History:
    """The history as it was after an epoch: later ones are trained, and told, again."""
    return replace(
        history,
        epochs=tuple(each for each in history.epochs if each.epoch <= epoch),
        phases=tuple(each for each in history.phases if each.epoch <= epoch),
    )
