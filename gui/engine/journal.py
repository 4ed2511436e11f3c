"""What a worker writes while it trains: every event goes to the run's file and its history."""

from collections.abc import Callable
from typing import Literal

from gui.core.events import Batch, CacheProgress, Event
from gui.core.history import History, step
from gui.core.runs import Clock, Run

Work = Literal["reading", "caching", "checking"]
Tell = Callable[[Event], None]

_SHORTEST_GAP_S = 0.5  # between two events that only say how far it is


class Journal:
    """Appends events to a run, keeps the history they fold to, and tells a listener."""

    def __init__(self, run: Run, history: History, clock: Clock, tell: Tell) -> None:
        self._run = run
        self._tell = tell
        self.history = history
        self.now = clock
        self._last_progress = 0.0

    def write(self, event: Event, then: Callable[[], object] = lambda: None) -> None:
        """Append an event; progress that comes too soon after the last is dropped.

        Args:
            event: What has happened.
            then: Called when it is on the disk, before the listener is told.

        Raises:
            DiskFull: When there is no room.
        """
        if isinstance(event, Batch | CacheProgress):
            whole = isinstance(event, CacheProgress) and event.done == event.total
            if event.at - self._last_progress < _SHORTEST_GAP_S and not whole:
                return
            self._last_progress = event.at
        self._run.append(event)
        self.history = step(self.history, event)
        then()
        self._tell(event)


class Countdown:
    """Tells, as events, how far a known amount of work is."""

    def __init__(self, journal: Journal, what: Work, total: int) -> None:
        self._journal = journal
        self._what = what
        self._total = total
        self._done = 0
        self._started = journal.now()

    def advance(self, amount: int) -> None:
        """Count some pictures or views as done."""
        self._done += amount
        now = self._journal.now()
        left = (now - self._started) / self._done * (self._total - self._done)
        self._journal.write(CacheProgress(now, self._what, self._done, self._total, left))
