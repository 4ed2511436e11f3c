"""Somebody's wish that what is being done for them be ended."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from gui.core.errors import StoppedEarly
from gui.words import mark


class Wish:
    """Not expressed at first; once it is, it stays."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._expressed = False
        self._end: Callable[[], None] | None = None

    def express(self) -> None:
        """Have what is under way ended, now or as soon as it begins; returns when it has."""
        with self._lock:
            self._expressed, end = True, self._end
        if end:
            end()

    def check(self) -> None:
        """Go on only without it.

        Raises:
            StoppedEarly: When it was expressed.
        """
        if self._expressed:
            raise StoppedEarly(mark("It was stopped."), mark("Start it again when you like."))

    @contextmanager
    def ends(self, end: Callable[[], None]) -> Iterator[None]:
        """While the body runs, ``end`` is what ends it.

        Raises:
            StoppedEarly: When it was expressed before; the body doesn't run.
        """
        with self._lock:
            self.check()
            self._end = end
        try:
            yield
        finally:
            with self._lock:
                self._end = None
