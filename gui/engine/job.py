"""A training that has begun: its model with VGG16's weights, its pictures, its journal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import keras
import numpy as np
from numpy.typing import NDArray

from gui.core import caching, vgg16
from gui.core import config as settings
from gui.core.config import Config
from gui.core.errors import RunError
from gui.core.events import Epoch, Started
from gui.core.history import History
from gui.core.runs import Clock, Run
from gui.core.split import Labelled, Split
from gui.engine import arrays, checkpoints, devices
from gui.engine.checkpoints import Checkpoint
from gui.engine.features import Features, Progress, Wanted
from gui.engine.journal import Countdown, Journal, Tell
from gui.engine.model import Model, build_functional, set_weights
from gui.engine.network import Network
from gui.engine.passes import Pass
from gui.engine.store import Store
from gui.engine.weights import Weights
from gui.words import mark

Labels = NDArray[np.int64]
Pictures = tuple[Labelled, ...]


class Compute(Protocol):
    """Has the passes through the frozen part done that a run lacks, and stored."""

    def __call__(
        self, run: Run, features: Features, passes: Sequence[Pass], progress: Progress, /
    ) -> None:
        """Do them all.

        Args:
            run: Who needs them.
            features: Where they are stored.
            passes: As ``Features.missing`` has found them.
            progress: Called with the number of views just done, which may be 0, often enough to
                stop the work by an exception.
        """


def here(run: Run, features: Features, passes: Sequence[Pass], progress: Progress) -> None:
    """Do the passes in this process."""
    del run
    features.compute(passes, progress)


class Stopped(Exception):  # noqa: N818 - not a mistake
    """Someone asked the training to stop."""


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
        _stop_if_asked(self.run)


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
    if stored.started and stored.started.weights_sha256 != weights.sha256:
        raise RunError(
            mark(
                "This training began with other VGG16 weights ({weights}).",
                weights=stored.started.weights,
            ),
            mark("Use the same weights again, or start a new training."),
        )
    checkpoint = checkpoints.find(run, stored)
    known = checkpoints.epoch_of(run.best) in [each.epoch for each in stored.epochs]
    epochs = stored.epochs_planned or config.train.epochs
    over = known and len(stored.epochs) >= epochs and arrays.is_sound(run.best)
    reached = stored if over else _until(stored, checkpoint.epoch if checkpoint else 0)
    journal = Journal(run, reached, clock, tell)
    journal.write(
        Started(
            at=clock(),
            epochs=epochs,
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
    train, validation, test = (_part(side) for side in (split.train, split.validation, split.test))
    kept = (*validation.pictures, *test.pictures)
    passing = partial(compute, run, features)
    _compute(run, config, features, (() if over else train.pictures, kept), journal, passing)
    keras.utils.set_random_seed(config.train.seed)
    model = devices.built(
        lambda: build_functional(config.model, len(split.labels), config.train.seed)
    )
    set_weights(model, weights)
    told = stored.epochs if checkpoint and known else ()
    return Job(
        run, config, split, journal, features, model, checkpoint, told, train, validation, test
    )


def _part(pictures: Pictures) -> Part:
    return Part(pictures, np.array([each.label for each in pictures], np.int64))


def _compute(
    run: Run,
    config: Config,
    features: Features,
    parts: tuple[Pictures, Pictures],
    journal: Journal,
    passing: Callable[[Sequence[Pass], Progress], None],
) -> None:
    """Let the frozen part make what no earlier run has left in the store.

    ``parts`` are the pictures to learn from, none when nothing is learned any more, and those that
    are kept from learning, which are seen in the plain view only.
    """
    train, kept = parts

    def counted(countdown: Countdown) -> Callable[[int], None]:
        def progress(amount: int) -> None:
            if amount:
                countdown.advance(amount)
            _stop_if_asked(run)

        return progress

    _stop_if_asked(run)
    cached = caching.worth_caching(config.model.freeze_point)
    wanted = [(picture, view) for picture in train for view in range(caching.views(config))]
    wanted += [(picture, 0) for picture in kept]
    unread = features.unread([*train, *kept]) if train and not cached else []
    passes = features.missing(wanted, _places(run, config, features, wanted, learns=bool(train)))
    if unread:  # first: the passes take the pixels from the store
        features.read(unread, counted(Countdown(journal, "reading", len(unread))))
    if passes:
        passing(passes, counted(Countdown(journal, "caching", len(passes))))


def _places(
    run: Run, config: Config, features: Features, wanted: Wanted, *, learns: bool
) -> list[str]:
    """Where features are needed: where the phases begin, or only where the kept model is checked.

    The first rung of a ladder has one pass make what all of them need, as far as there is room.
    """
    own = caching.places(config)
    if not learns:
        return [each for each in own if each == vgg16.first_learning(config.model.freeze_point)]
    if run.ladder:
        shared = caching.places(config, (config.model.freeze_point, *run.ladder.points))
        if features.may_hold(wanted, shared):
            return shared
    return own


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
