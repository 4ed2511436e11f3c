"""Work that calls back with how far it is, told as parts of a worker's answer.

It is done where it is asked for, in no thread of its own: where memory is short, a thread may die
before its first line, and whoever waits for it would wait for ever.
"""

from collections.abc import Callable
from threading import Lock
from typing import Protocol


class Progress(Protocol):
    """Told how far work is: done, in all, and of what where it has several parts."""

    def __call__(self, done: int, total: int, phase: str = "", /) -> None:
        """Tell it."""


def reported(work: Callable[[Progress], object], answer: Callable[[object], None]) -> object:
    """Do work; what comes of it.

    Args:
        work: Called with what is told how far it is, from any thread.
        answer: Called with each progress as it comes, ``{"done": 1, "total": 9}``; where the work
            tells a phase, it is in there, too.

    Raises:
        Exception: What the work raises.
    """
    one_at_a_time = Lock()

    def tell(done: int, total: int, phase: str = "", /) -> None:
        with one_at_a_time:
            answer({"done": done, "total": total} | ({"phase": phase} if phase else {}))

    return work(tell)
