"""Where the seconds of trainings go, and how many pictures they take, as their events tell."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Final, assert_never

from gui.core.events import (
    Batch,
    CacheProgress,
    Epoch,
    Evaluated,
    Event,
    Failed,
    Finished,
    Measured,
    PhaseChanged,
    Planned,
    Queued,
    Started,
)

PHASES: Final = ("waiting", "starting", "reading", "caching", "head", "fine", "checking")
LOOKED_AT: Final = ("reading", "caching", "head", "fine", "checking")  # phases that take pictures
RESULTS: Final = ("hit", "miss")


@dataclass
class Work:
    """Sums that only ever grow.

    Attributes:
        seconds: By phase.
        pictures: By phase: read, passed through the frozen part in one view, learned from, or
            checked.
        passes: Of pictures and views through the frozen part: "hit" when it was stored already.
    """

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    pictures: Counter[str] = field(default_factory=Counter)
    passes: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Work") -> None:
        """Count what the other has, too."""
        for phase, seconds in other.seconds.items():
            self.seconds[phase] += seconds
        self.pictures.update(other.pictures)
        self.passes.update(other.passes)


class Following:
    """Adds up what the events of one run tell.

    Args:
        tested: Pictures that the run keeps for a last test.
    """

    def __init__(self, tested: int = 0) -> None:
        self._sums = Work()
        self._tested = tested
        self._phase = ""  # that it is in; "" for none
        self._at = 0.0  # of the last event, seconds since 1970
        self._done: Counter[str] = Counter()  # pictures of each phase, since it has begun
        self._started: Started | None = None
        self._known: int | None = None  # passes that need not be done, until they are counted

    def taken(self) -> Work:
        """What was added since this was asked last."""
        taken, self._sums = self._sums, Work()
        return taken

    def take(self, event: Event) -> None:
        """Add what one more event tells."""
        match event:
            case Queued():
                self._sums = Work()  # what was before it is over
                self._phase, self._at = "waiting", event.at
            case Planned():
                return
            case Started():
                self._spend(event.at, self._phase, "starting")
                self._begin(event)
            case CacheProgress():
                self._spend(event.at, event.what, event.what)
                self._look(event)
            case PhaseChanged():
                self._spend(event.at, self._phase, event.phase)
                self._sums.passes["hit"] += max(0, self._known or 0)
                self._known = None
            case Batch():
                self._spend(event.at, self._phase, self._phase)
            case Epoch():
                self._spend(event.at, event.phase, event.phase)
                if self._started:
                    self._sums.pictures[event.phase] += self._started.train_pictures
            case Evaluated() | Measured():
                self._spend(event.at, "checking", "checking")
            case Finished() | Failed():
                self._spend(event.at, self._phase, "")
            case _:
                assert_never(event)

    def _spend(self, at: float, phase: str, following: str) -> None:
        """Count the seconds since the last event for a phase; what follows is another."""
        if phase:
            self._sums.seconds[phase] += max(0.0, at - self._at)
        self._phase, self._at = following, at

    def _begin(self, started: Started) -> None:
        self._started = started
        self._done.clear()
        learned = started.train_pictures * started.views
        self._known = learned + started.validation_pictures + self._tested

    def _look(self, told: CacheProgress) -> None:
        before = self._done[told.what]
        if told.done < before:  # the other side is checked now
            before = 0
        if told.what == "caching":
            self._sums.passes["miss"] += told.done - before
            if not before and self._known is not None:
                self._known -= told.total
        self._sums.pictures[told.what] += told.done - before
        self._done[told.what] = told.done
