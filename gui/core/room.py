"""Room for so much of something: who wants more than is free waits until others are done."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Room:
    """Room that is taken for a while; first come, first served."""

    def __init__(self, amount: int) -> None:
        self._free = amount
        self._first = threading.Lock()  # held by the one who is next: small ones don't overtake
        self._changed = threading.Condition()

    @contextmanager
    def take(self, amount: int) -> Iterator[None]:
        """Have so much of it, once it is free."""
        with self._first, self._changed:
            self._changed.wait_for(lambda: self._free >= amount)
            self._free -= amount
        try:
            yield
        finally:
            with self._changed:
                self._free += amount
                self._changed.notify_all()
