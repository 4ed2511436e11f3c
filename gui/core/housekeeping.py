"""All that is deleted without anyone asking, in one round that ``app.py`` calls regularly."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import chain
from typing import Final

from gui.core import expiry, farewell, heap, leftovers, machine, notices, sweeping, trial
from gui.core.leftovers import Ages
from gui.core.visits import Attendance
from gui.core.workspace import Workspace

ROUND_S: Final = 600.0
_LOG: Final = logging.getLogger(__name__)
_EMPTY_S: Final = 86_400.0  # an empty folder of a person, without a visit
_LOW_BYTES: Final = 2 * 10**9  # free on the disk: four times what uploads leave untouched
_NOTE_S: Final = 30 * 86_400.0  # one with nothing but a note of what has expired


class Housekeeping:
    """What is abandoned, half written, or due. One object for as long as the program runs."""

    def __init__(self, workspace: Workspace, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin.

        Args:
            workspace: Whose.
            clock: Seconds of a clock that is never set.
        """
        self._workspace = workspace
        self._clock = clock
        self._ages = Ages()
        self._attendance = Attendance(workspace.root / "attendance.json")
        self._last = clock()

    def round(self) -> None:
        """Delete what is due now; what goes wrong is logged and tried again the next time."""
        now = self._clock()
        passed_s, self._last = now - self._last, now
        for do in (self._people, self._sweep, self._look):
            try:
                do(now, passed_s)
            except Exception:  # the next round must come, whatever is wrong with this one
                _LOG.exception("housekeeping")
        self._ages.end_round()
        heap.give_back()

    def _people(self, now: float, passed_s: float) -> None:
        del now
        work = self._workspace
        for person, absent_s in self._attendance.count(work.owners, passed_s).items():
            with suppress(OSError):  # deleted at this moment by whose it is
                expiry.expire(person, absent_s, work.quota)
                waits_s = _NOTE_S if expiry.note(person) else _EMPTY_S
                if absent_s >= waits_s and not work.quota.taking(person):
                    sweeping.forget_empty(person)

    def _sweep(self, now: float, passed_s: float) -> None:
        del passed_s
        work, ages = self._workspace, self._ages
        gone = leftovers.sweep_folder(work.uploads, ages, now)
        # The folders in it are the workers' own, and go with them.
        gone += leftovers.sweep((each for each in work.temp.glob("*") if each.is_file()), ages, now)
        trial.sweep(work.root, lambda path: ages.lasted_s(path, now))
        for person in work.owners.glob("*"):
            with suppress(OSError):  # deleted at this moment by whose it is
                if not work.quota.taking(person):
                    gone += leftovers.sweep(leftovers.half_written(person), ages, now)
        torn = chain(work.root.glob(".*.part"), work.logs.glob(".*.part"))
        gone += leftovers.sweep(torn, ages, now)
        if gone:
            notices.tell(notices.Swept(gone))
        for log in work.logs.glob("*.log"):
            leftovers.shorten(log)
        farewell.sweep(work.root)

    def _look(self, now: float, passed_s: float) -> None:
        """Tell who runs the program when there is little room left."""
        del now, passed_s
        free = machine.free_disk_bytes(self._workspace.root)
        if free is not None and free < _LOW_BYTES:
            notices.tell(notices.DiskLow(free))
