"""A clock that nobody can set while it is looked at."""

import time
from collections.abc import Callable


class Steady:
    """Seconds since 1970 that only ever grow, and by seconds that have really gone by.

    It begins at the system's time and goes on by a clock that isn't set. So no length of time is
    less than nothing, nor off by an hour, when somebody sets the system's clock in the meantime.
    """

    def __init__(
        self,
        system: Callable[[], float] = time.time,
        counted: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin now.

        Args:
            system: Seconds since 1970, which may jump.
            counted: Seconds since some moment, which never do.
        """
        self._began_at, self._began, self._counted = system(), counted(), counted

    def __call__(self) -> float:
        """Seconds since 1970."""
        return self._began_at + self._counted() - self._began
