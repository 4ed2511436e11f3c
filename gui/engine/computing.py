"""What the frozen part has to make for a run before it can learn, and who makes it."""

from collections.abc import Callable, Sequence
from typing import Protocol

from gui.core import caching, vgg16
from gui.core.config import Config
from gui.core.runs import Run
from gui.core.split import Labelled
from gui.engine.features import Features, Progress, Wanted
from gui.engine.journal import Countdown, Journal
from gui.engine.passes import Pass

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


def stop_if_asked(run: Run) -> None:
    """Leave by an exception when someone asked to stop.

    Raises:
        Stopped: When so.
    """
    if run.stop_requested:
        raise Stopped


def fill(
    features: Features,
    run: Run,
    config: Config,
    parts: tuple[Pictures, Pictures],
    journal: Journal,
    compute: Compute,
) -> None:
    """Let the frozen part make what no earlier run has left in the store.

    Args:
        features: Where it is stored.
        run: Who needs it.
        config: Its settings, resolved.
        parts: The pictures to learn from, none when nothing is learned any more, and those that
            are kept from learning, which are seen in the plain view only.
        journal: Told how far it is.
        compute: Does the passes: in this process, or on many computers.

    Raises:
        Stopped: When someone asked to stop meanwhile.
    """
    train, kept = parts

    def counted(countdown: Countdown) -> Callable[[int], None]:
        def progress(amount: int) -> None:
            if amount:
                countdown.advance(amount)
            stop_if_asked(run)

        return progress

    stop_if_asked(run)
    cached = caching.worth_caching(config.model.freeze_point)
    wanted = [(picture, view) for picture in train for view in range(caching.views(config))]
    wanted += [(picture, 0) for picture in kept]
    unread = features.unread([*train, *kept]) if train and not cached else []
    passes = features.missing(wanted, _places(run, config, features, wanted, learns=bool(train)))
    if unread:  # first: the passes take the pixels from the store
        features.read(unread, counted(Countdown(journal, "reading", len(unread))))
    if passes:
        compute(run, features, passes, counted(Countdown(journal, "caching", len(passes))))


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
