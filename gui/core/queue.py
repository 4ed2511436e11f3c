"""Which training is next: those that wait, in order, and those that a worker is at.

Of a ladder, one rung is under way at a time, and the next goes to the same worker. All threads
share one queue.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from gui.core.errors import FreezepointError, RunError
from gui.core.processes import WorkerProcess
from gui.core.runs import Run
from gui.words import say

_TIDYING_S = 20.0  # a worker that has told the end of a run still has to put things away


class Queue:
    """Runs that wait, and the worker of each that is under way.

    Attributes:
        closing: Set when no run is to be begun any more.
    """

    def __init__(self, capacity: int) -> None:
        """Begin without any run; ``capacity`` is how many can be under way at once."""
        self.closing = threading.Event()
        self._capacity = capacity
        self._changed = threading.Condition()
        self._waiting: list[Run] = []
        self._running: dict[str, WorkerProcess] = {}  # by run id
        self._ladders: dict[str, str] = {}  # of the rungs under way, by run id
        self._idle = 0  # workers that are ready and have nothing to do

    def enter(self, runs: Sequence[Run], tell: Callable[[Run], None]) -> None:
        """Let runs wait, one behind another.

        Args:
            runs: The first is taken first.
            tell: Called with each of them before any is taken.

        Raises:
            RunError: When one of them waits or is under way already; then none has entered.
        """
        with self._changed:
            over = [run for run in runs if not run.history.busy]
            self._changed.wait_for(lambda: not any(map(self._held, over)), _TIDYING_S)
            if any(map(self._held, runs)):
                raise RunError(
                    say("This training is under way already."), say("Wait for it, or stop it.")
                )
            for run in runs:
                tell(run)
            self.add(runs)

    def add(self, runs: Sequence[Run]) -> None:
        """Let runs wait that are known to be nowhere else."""
        with self._changed:
            self._waiting += runs
            self._changed.notify_all()

    def leave(self, run: Run, tell: Callable[[Run], None]) -> bool:
        """Take a run out that waits.

        Args:
            run: It will not be begun.
            tell: Called with it, before it can enter again.

        Returns:
            Whether it has waited.
        """
        with self._changed:
            waited = any(each.id == run.id for each in self._waiting)
            if waited:
                self._waiting = [each for each in self._waiting if each.id != run.id]
                tell(run)
            return waited

    def place(self, run: Run) -> int | None:
        """Its place, 1 for the next; None when it doesn't wait."""
        with self._changed:
            ids = [each.id for each in self._waiting]
        return ids.index(run.id) + 1 if run.id in ids else None

    def has(self, run: Run) -> bool:
        """Whether it waits here, or a worker of this page is at it."""
        with self._changed:
            return run.id in self._running or any(each.id == run.id for each in self._waiting)

    def worker_of(self, run: Run) -> WorkerProcess | None:
        """The worker that is at it."""
        with self._changed:
            return self._running.get(run.id)

    @property
    def busy(self) -> list[WorkerProcess]:
        """The workers that train now."""
        with self._changed:
            return list(self._running.values())

    def take(self, worker: WorkerProcess, *, greeted: bool) -> Run | None:
        """The next run, as soon as there is one.

        Args:
            worker: Who will be at it.
            greeted: Whether the worker has ever answered.

        Returns:
            None to close, or to replace a worker that died while it had no work.
        """
        with self._changed:
            self._idle += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: self.closing.is_set() or self._next() is not None)
            self._idle -= 1
            run = self._next()
            if run is None or self.closing.is_set() or (greeted and not worker.alive):
                return None
            return self._give(run, worker)

    def release(self, run: Run, worker: WorkerProcess, *, whole: bool) -> Run | None:
        """Say that a run is over.

        Returns:
            The next rung of its ladder, now this worker's: when it is first in the queue, and the
            worker has brought the run to a whole end.
        """
        with self._changed:
            del self._running[run.id]
            ladder = self._ladders.pop(run.id, None)
            self._changed.notify_all()  # another place may take the next rung
            following = self._next()
            if not whole or not worker.alive or self.closing.is_set() or following is None:
                return None
            same = ladder is not None and _ladder_of(following) == ladder
            return self._give(following, worker) if same else None

    def bar(self, run: Run) -> None:
        """Begin no other rung of its ladder: a worker of an earlier page is at this one."""
        with self._changed:
            self._note_ladder(run)

    def unbar(self, run: Run) -> None:
        """Say that a run is over that an earlier page began."""
        with self._changed:
            self._ladders.pop(run.id, None)
            self._changed.notify_all()

    @property
    def quiet(self) -> bool:
        """Whether every worker is ready, and none has anything to do."""
        with self._changed:
            return self._idle == self._capacity and not self._waiting

    def wait_until_quiet(self) -> bool:
        """Wait for it; whether it has come, and not the end."""
        with self._changed:
            self._changed.wait_for(lambda: self.closing.is_set() or self.quiet)
        return not self.closing.is_set()

    def close(self) -> list[WorkerProcess]:
        """Begin no run any more; returns the workers that train now."""
        with self._changed:
            self.closing.set()
            self._changed.notify_all()
            return self.busy

    def _held(self, run: Run) -> bool:
        return self.has(run) or run.worked_on

    def _next(self) -> Run | None:
        """The first that waits, unless another rung of its ladder is under way."""
        under_way = set(self._ladders.values())
        return next((run for run in self._waiting if _ladder_of(run) not in under_way), None)

    def _give(self, run: Run, worker: WorkerProcess) -> Run:
        self._waiting.remove(run)
        self._running[run.id] = worker
        self._note_ladder(run)
        return run

    def _note_ladder(self, run: Run) -> None:
        if ladder := _ladder_of(run):
            self._ladders[run.id] = ladder


def _ladder_of(run: Run) -> str | None:
    """The id of the ladder that a run is a rung of."""
    with suppress(FreezepointError):
        return run.ladder.id if run.ladder else None
    return None
