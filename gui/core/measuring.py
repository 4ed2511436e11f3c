"""When this machine is measured: while nobody trains, and until nothing else computes, either."""

from collections.abc import Callable, Iterator
from typing import Any

from gui.core import machine
from gui.core.machine import Speeds
from gui.core.queue import Queue

_TRIES = 10
_REST_S = 60.0  # between two of them


def better(
    known: Speeds | None, queue: Queue, calibrate: Callable[[], list[Any]]
) -> Iterator[Speeds]:
    """Better and better speeds of this machine; none when those that are known are good.

    Args:
        known: As measured before.
        queue: Tells when nobody trains.
        calibrate: Asks a worker; nothing comes back from one that can't measure.

    Raises:
        FreezepointError: What the worker says went wrong.
    """
    for _ in range(_TRIES):
        if (known and known.alone) or not queue.wait_until_quiet():
            return
        told = calibrate()
        if not told:
            return
        if not queue.quiet:
            continue  # a training began meanwhile, so both were slower
        known = machine.speeds_from(told[0])
        yield known
        if not known.alone:
            queue.closing.wait(_REST_S)  # other programs are at work; later they may not be
