"""Work that calls back with how far it is, as an iterator, which is what a worker's answers are."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Protocol


class Progress(Protocol):
    """Told how far work is: done, in all, and of what where it has several parts."""

    def __call__(self, done: int, total: int, phase: str = "", /) -> None:
        """Tell it."""


def reported(work: Callable[[Progress], object]) -> Iterator[object]:
    """Do work in a thread; its progress as it comes, ``{"done": 1, "total": 9}``, then its result.

    Where the work tells a phase, it is in there, too.

    Raises:
        Exception: What the work raises.
    """
    told: SimpleQueue[dict[str, int | str] | None] = SimpleQueue()

    def tell(done: int, total: int, phase: str = "", /) -> None:
        told.put({"done": done, "total": total} | ({"phase": phase} if phase else {}))

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work, tell)
        future.add_done_callback(lambda _: told.put(None))
        while (part := told.get()) is not None:
            yield part
        yield future.result()
