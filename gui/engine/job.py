"""A training that has begun: its model with VGG16's weights, its pictures, its journal."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import keras
import numpy as np
from numpy.typing import NDArray

from gui.core import caching, vgg16
from gui.core import config as settings
from gui.core.config import Config
from gui.core.errors import RunError
from gui.core.events import History, Started
from gui.core.runs import Clock, Run
from gui.core.split import Labelled, Split
from gui.engine.checkpoints import Checkpoint
from gui.engine.features import Features
from gui.engine.journal import Countdown, Journal, Tell
from gui.engine.model import Model, build_functional, set_weights
from gui.engine.network import Network
from gui.engine.store import Store
from gui.engine.weights import Weights

Labels = NDArray[np.int64]


class Stopped(Exception):  # noqa: N818 - not a mistake
    """Someone asked the training to stop."""


@dataclass(frozen=True)
class Part:
    """The pictures of one side of the split.

    Attributes:
        pictures: In the order of the split.
        labels: int64 (n,), places in the run's labels.
    """

    pictures: tuple[Labelled, ...]
    labels: Labels


@dataclass(frozen=True)
class Job:
    """All that a training works with. Only the journal and the model's weights change."""

    run: Run
    config: Config
    split: Split
    journal: Journal
    features: Features
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


def begin(
    run: Run,
    weights: Weights,
    open_network: Callable[[Weights], Network],
    clock: Clock,
    tell: Tell,
) -> Job:
    """Begin a training, or take it up again at its checkpoint; the frozen part runs here.

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
            cached=caching.worth_caching(config.model.freeze_point),
            train_pictures=len(split.train),
            validation_pictures=len(split.validation),
            views=caching.views(config),
        )
    )
    features = Features(
        Store(run.store),
        weights.sha256,
        lambda: open_network(weights),
        config.model,
        run.pictures_root,
    )
    train, validation = _part(split.train), _part(split.validation)
    _compute(run, config, features, (train, validation), journal)
    keras.utils.set_random_seed(config.train.seed)
    model = build_functional(config.model, len(split.labels), config.train.seed)
    set_weights(model, weights)
    return Job(run, config, split, journal, features, model, checkpoint, train, validation)


def _part(pictures: tuple[Labelled, ...]) -> Part:
    return Part(pictures, np.array([each.label for each in pictures], np.int64))


def _compute(
    run: Run, config: Config, features: Features, parts: tuple[Part, Part], journal: Journal
) -> None:
    """Let the frozen part make what no earlier run has left in the store."""
    train, validation = parts

    def counted(countdown: Countdown) -> Callable[[int], None]:
        def progress(amount: int) -> None:
            countdown.advance(amount)
            _stop_if_asked(run)

        return progress

    _stop_if_asked(run)
    wanted = [
        (picture, view) for picture in train.pictures for view in range(caching.views(config))
    ]
    wanted += [(picture, 0) for picture in validation.pictures]
    if passes := features.missing(wanted, _places(run, config)):
        features.compute(passes, counted(Countdown(journal, "caching", len(passes))))
    if not caching.worth_caching(config.model.freeze_point):
        unread = features.unread([*train.pictures, *validation.pictures])
        features.read(unread, counted(Countdown(journal, "reading", len(unread))))


def _places(run: Run, config: Config) -> list[str]:
    """Where the phases of this run, and of the others in its ladder, begin to learn."""
    points = run.ladder.points if run.ladder else (config.model.freeze_point,)
    rungs = [replace(config, model=replace(config.model, freeze_point=each)) for each in points]
    return sorted({place for each in rungs for place in caching.places(each)}, key=vgg16.position)


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
