"""How quickly the queue moves, and so when each training that waits will begin.

Times are seconds of a clock that only goes on, but for those in a run's history.
"""

import math
from collections.abc import Iterable, Sequence
from contextlib import suppress

from gui.core import turns
from gui.core.asked import Asked
from gui.core.errors import FreezepointError
from gui.core.runs import Run
from gui.core.turns import Standing


class Pace:
    """What was seen of trainings that waited, began and ended."""

    def __init__(self) -> None:
        """Begin without having seen any."""
        self._entered_at: dict[str, float] = {}  # by run id, of those that wait
        self._began_at: dict[str, float] = {}  # by run id, of those under way
        self._freed_at: float | None = None  # when a worker last ended a run while others waited
        self._between_s = 0.0  # from the end of a run until the next begins, as it last was
        self._last_s = math.inf  # how long the last one took

    def entered(self, run: Run, now: float) -> None:
        """See a run begin to wait."""
        self._entered_at[run.id] = now

    def left(self, run: Run) -> None:
        """See a run be taken out before it had begun."""
        self._entered_at.pop(run.id, None)

    def began(self, run: Run, now: float) -> float:
        """See a worker begin with a run; how many seconds that one has waited."""
        self._began_at[run.id] = now
        if self._freed_at is not None:
            self._between_s, self._freed_at = now - self._freed_at, None
        return now - self._entered_at.pop(run.id, now)

    def ended(self, run: Run, now: float, *, others_wait: bool) -> None:
        """See a worker end with a run."""
        self._last_s = now - self._began_at.pop(run.id)
        self._freed_at = now if others_wait else None

    def standings(
        self, ordered: Sequence[Asked], begun: Iterable[Asked], capacity: int, now: float
    ) -> dict[str, Standing]:
        """Place and time of each that waits, by the id of its run.

        Args:
            ordered: Those that wait, the next first.
            begun: Those that are under way.
            capacity: How many can be under way at once.
            now: Seconds since 1970.
        """
        left_s = [_left_s(each, now) for each in begun]
        return turns.standings(ordered, left_s, capacity, self._between_s, self._last_s)


def _left_s(begun: Asked, now: float) -> float | None:
    """Seconds until it ends; as it was thought when its worker has told nothing yet."""
    left = None
    with suppress(FreezepointError):
        left = turns.left_s(begun.run.history, now)
    return begun.seconds if left is None else left
