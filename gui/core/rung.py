"""One freeze point of a ladder and what came of it, read off the events of its run."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from gui.core import accuracy, vgg16
from gui.core.accuracy import Accuracy
from gui.core.events import CacheProgress, Event, Failed, Finished, Queued, Started
from gui.core.following import Following
from gui.core.history import History
from gui.core.runs import Run

_Spent = tuple[float, float, float | None]  # in all, preparing, and when the last event was
_NOTHING: Final[_Spent] = (0.0, 0.0, None)


@dataclass(frozen=True)
class Rung:
    """One freeze point of a ladder, and what came of it.

    Attributes:
        point: The freeze point.
        run_id: The name of its run's folder.
        history: What happened; None when the run was deleted or can't be read any more.
        learning: How many parameters learn, or None with the history.
        seconds: How long it was worked on.
        preparing_s: How much of that went into pictures and the frozen part, before any learning.
    """

    point: str
    run_id: str
    history: History | None
    learning: int | None = None
    seconds: float = 0.0
    preparing_s: float = 0.0

    @property
    def busy(self) -> bool:
        """Whether it waits or runs."""
        return self.history is not None and self.history.busy

    @property
    def done(self) -> bool:
        """Whether it has a result to compare."""
        return bool(self.history and self.history.finished and self.accuracy)

    @property
    def whole(self) -> bool:
        """Whether it was trained to its end, so that it can be compared with others."""
        return self.done and whole(self.history)

    @property
    def cut_off(self) -> bool:
        """Whether it has a result, but was stopped on the way to it."""
        return self.done and not self.whole

    @property
    def learning_s(self) -> float:
        """How long it was worked on without what it shares with the others, seconds."""
        return max(0.0, self.seconds - self.preparing_s)

    @property
    def is_head_only(self) -> bool:
        """Whether its result was reached before VGG16 began to learn: as if all were frozen."""
        first = vgg16.first_learning(self.point)
        kept = self.history.kept if self.history else None
        return first != vgg16.HEAD_ONLY and kept is not None and kept.phase == "head"

    @property
    def accuracy(self) -> Accuracy | None:
        """How many of the pictures kept for checking its best epoch got right, so far."""
        told = self.history
        if told is None:
            return None
        if told.evaluated and not told.busy:
            return accuracy.measured(told.evaluated.accuracy, told.evaluated.pictures)
        if told.best and told.started:
            return accuracy.measured(told.best.val_accuracy, told.started.validation_pictures)
        return None

    @property
    def name(self) -> str:
        """The freeze point for a person."""
        return vgg16.spoken(self.point)


def whole(history: History | None) -> bool:
    """Whether a rung was trained to its end: not stopped, not broken off, not under way."""
    ended = history.finished if history else None
    return ended is not None and ended.reason != "stopped"


def spent(told: Iterable[Event]) -> tuple[float, float]:
    """How long a run was worked on, breaks left out, and how much of it before any learning.

    Args:
        told: The run's events.

    Returns:
        Seconds from each start to what was told last, and those of them that led to progress in
        reading pictures and in passing them through the frozen part.
    """
    return _spent(told, _NOTHING)[:2]


def _spent(told: Iterable[Event], known: _Spent) -> _Spent:
    seconds, preparing_s, before = known
    for event in told:
        if isinstance(event, Queued):
            before = None  # it waits
        elif isinstance(event, Started):
            before = event.at
        elif before is not None and not isinstance(event, Failed):  # told late, after a crash
            passed = max(0.0, event.at - before)
            seconds += passed
            if isinstance(event, CacheProgress) and event.what != "checking":
                preparing_s += passed
            before = None if isinstance(event, Finished) else event.at
    return seconds, preparing_s, before


def spent_on(run: Run) -> tuple[float, float]:
    """The same for a run as it is now."""
    return _FOLLOWING.known(run.path / "events.jsonl")[:2]


_FOLLOWING = Following(_spent, _NOTHING)
