"""Allowances that fill up again with time: so many at once, so many a second in the long run."""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final

_MOST: Final = 20_000  # of which something is remembered; the fullest are forgotten first


@dataclass(frozen=True)
class Allowance:
    """How much is allowed.

    Attributes:
        burst: At once, after a rest.
        a_second: In the long run.
    """

    burst: float
    a_second: float

    def times(self, factor: float) -> "Allowance":
        """So many times as generous."""
        return Allowance(self.burst * factor, self.a_second * factor)


class Buckets:
    """What each asker has left of an allowance.

    Args:
        allowance: How much is allowed.
        clock: Seconds, from anywhere, that never go back (``time.monotonic``).
    """

    def __init__(self, allowance: Allowance, clock: Callable[[], float]) -> None:
        self._allowance, self._clock = allowance, clock
        self._lock = threading.Lock()
        self._used: dict[Hashable, tuple[float, float]] = {}  # asker -> used, when

    def take(self, asker: Hashable, factor: float = 1.0) -> float:
        """Take one; 0.0, or how many seconds to wait for the next when there is none (none taken).

        Args:
            asker: Whose allowance.
            factor: How many times as generous it is for this asker.
        """
        with self._lock:
            wait_s = self._wait_s(asker, factor)
            if wait_s == 0:
                self._used[asker] = (self._level(asker, factor) + 1, self._clock())
                if len(self._used) > _MOST:
                    self._forget()
            return wait_s

    def wait_s(self, asker: Hashable, factor: float = 1.0) -> float:
        """How many seconds to wait until there is one; 0.0 when there is."""
        with self._lock:
            return self._wait_s(asker, factor)

    def _wait_s(self, asker: Hashable, factor: float) -> float:
        allowed = self._allowance.times(factor)
        over = self._level(asker, factor) + 1 - allowed.burst
        return max(0.0, over / allowed.a_second)

    def _level(self, asker: Hashable, factor: float) -> float:
        used, since = self._used.get(asker, (0.0, 0.0))
        return max(0.0, used - (self._clock() - since) * self._allowance.a_second * factor)

    def _forget(self) -> None:
        fullest = sorted(self._used, key=lambda each: self._level(each, 1.0))
        for each in fullest[: _MOST // 2]:
            del self._used[each]


class Places:
    """How many things an asker has open at the same time."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._open: dict[Hashable, int] = {}

    def enter(self, asker: Hashable, factor: float = 1.0) -> bool:
        """Open one more; False when that would be too many."""
        with self._lock:
            number = self._open.get(asker, 0)
            if number >= self._most * factor:
                return False
            self._open[asker] = number + 1
            return True

    def leave(self, asker: Hashable) -> None:
        """Close one."""
        with self._lock:
            self._open[asker] -= 1
            if not self._open[asker]:
                del self._open[asker]
