"""Work that calls back with how far it is, as an iterator, which is what a worker's answers are."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

Progress = Callable[[int, int], None]  # done, in all


def reported(work: Callable[[Progress], object]) -> Iterator[object]:
    """Do work in a thread; its progress as it comes, ``{"done": 1, "total": 9}``, then its result.

    Raises:
        Exception: What the work raises.
    """
    told: SimpleQueue[dict[str, int] | None] = SimpleQueue()
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work, lambda done, total: told.put({"done": done, "total": total}))
        future.add_done_callback(lambda _: told.put(None))
        while (part := told.get()) is not None:
            yield part
        yield future.result()
