"""Which training is next: those that wait, and those that a worker is at.

People are served in turn, see ``core.turns``. Of a ladder, one rung is under way at a time, and
the next goes to the same worker when nobody else is before it. All threads share one queue.
"""

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from gui.core import notices
from gui.core.asked import Asked
from gui.core.errors import RunError
from gui.core.executor import Worker
from gui.core.pace import Pace
from gui.core.runs import Run
from gui.core.turns import Standing
from gui.core.waiting import Waiting
from gui.words import say

_TIDYING_S = 20.0  # a worker that has told the end of a run still has to put things away
_FRESH_S = 1.0  # every page asks once a second: all of them share one answer
_NOTHING: Final[Mapping[str, float]] = MappingProxyType({})


@dataclass(frozen=True)
class Load:
    """How much there is to do now.

    Attributes:
        waiting: Trainings that wait.
        running: Trainings that are under way, those that an earlier page began among them.
        places: How many can be under way at once.
    """

    waiting: int
    running: int
    places: int


class Queue:
    """Runs that wait, and the worker of each that is under way.

    Attributes:
        closing: Set when no run is to be begun any more.
    """

    def __init__(self, capacity: int, most: int = 0) -> None:
        """Begin without any run.

        Args:
            capacity: How many can be under way at once.
            most: How many may wait at once, of everybody; 0 for any number.
        """
        self.closing = threading.Event()
        self._capacity = capacity
        self._most = most
        self._changed = threading.Condition()
        self._waiting = Waiting()
        self._begun: dict[str, Asked] = {}  # by run id, also those that an earlier page began
        self._workers: dict[str, Worker] = {}  # by run id
        self._idle = 0  # workers that are ready and have nothing to do
        self._pace = Pace()
        self._told: tuple[float, dict[str, Standing]] | None = None

    def enter(
        self,
        runs: Sequence[Run],
        tell: Callable[[Run], None],
        seconds: Mapping[str, float] = _NOTHING,
    ) -> None:
        """Let runs wait, one behind another.

        Args:
            runs: The first is taken first.
            tell: Called with each of them before any is taken.
            seconds: How long each is thought to take, by its id, where its plan doesn't tell.

        Raises:
            RunError: When one of them waits or is under way already, or too many wait; then none
                has entered.
        """
        with self._changed:
            over = [run for run in runs if not run.history.busy]
            self._changed.wait_for(lambda: not any(map(self._held, over)), _TIDYING_S)
            if any(map(self._held, runs)):
                raise RunError(
                    say("This training is under way already."), say("Wait for it, or stop it.")
                )
            self._check_room(len(runs))
            for run in runs:
                tell(run)
            self.add(runs, seconds)

    def add(self, runs: Sequence[Run], seconds: Mapping[str, float] = _NOTHING) -> None:
        """Let runs wait that are known to be nowhere else."""
        with self._changed:
            for run in runs:
                self._waiting.add(run, seconds.get(run.id))
                self._pace.entered(run, time.monotonic())
                notices.tell(notices.TrainingQueued(run, len(self._waiting)))
            self._notify()

    def served(self, run: Run) -> None:
        """Say that a run is over: what else its owner asked for comes after who waits now."""
        with self._changed:
            self._waiting.served(run)

    def leave(self, run: Run, tell: Callable[[Run], None]) -> bool:
        """Take a run out that waits.

        Args:
            run: It will not be begun.
            tell: Called with it, before it can enter again.

        Returns:
            Whether it has waited.
        """
        with self._changed:
            waited = self._waiting.remove(run)
            if waited:
                tell(run)
                self._pace.left(run)
                notices.tell(notices.TrainingWithdrawn(run))
                self._notify()
            return waited

    def standing(self, run: Run, now: float) -> Standing | None:
        """Its place and when it will begin; None when it doesn't wait.

        Args:
            run: Which.
            now: Seconds since 1970.
        """
        with self._changed:
            if self._told is None or time.monotonic() - self._told[0] > _FRESH_S:
                told = self._pace.standings(
                    self._waiting.order(self._under_way), self._under_way, self._capacity, now
                )
                self._told = time.monotonic(), told
            return self._told[1].get(run.id)

    def has(self, run: Run) -> bool:
        """Whether it waits here, or a worker of this page is at it."""
        with self._changed:
            return run.id in self._workers or run in self._waiting

    def worker_of(self, run: Run) -> Worker | None:
        """The worker that is at it."""
        with self._changed:
            return self._workers.get(run.id)

    @property
    def busy(self) -> list[Worker]:
        """The workers that train now."""
        with self._changed:
            return list(self._workers.values())

    def take(self, worker: Worker, *, greeted: bool) -> Run | None:
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
            following = self._next()
            if following is None or self.closing.is_set() or (greeted and not worker.alive):
                return None
            return self._give(following, worker)

    def release(self, run: Run, worker: Worker, *, whole: bool) -> Run | None:
        """Say that a run is over.

        Returns:
            The next rung of its ladder, now this worker's: when nobody is before it, and the
            worker has brought the run to a whole end.
        """
        with self._changed:
            del self._workers[run.id]
            over = self._begun.pop(run.id)
            self.served(run)
            self._pace.ended(run, time.monotonic(), others_wait=bool(self._waiting))
            self._notify()  # another place may take the next one
            following = self._next()
            if not whole or not worker.alive or self.closing.is_set() or following is None:
                return None
            same = over.ladder is not None and following.ladder == over.ladder
            return self._give(following, worker) if same else None

    def bar(self, run: Run) -> None:
        """Count a run that an earlier page's worker is at: no other rung of its ladder begins."""
        with self._changed:
            self._begun[run.id] = self._waiting.count(run)
            self._notify()

    def unbar(self, run: Run) -> None:
        """Say that a run is over that an earlier page began."""
        with self._changed:
            if self._begun.pop(run.id, None):
                self.served(run)
            self._notify()

    def resize(self, capacity: int) -> None:
        """Say how many can be under way at once from now on."""
        with self._changed:
            if capacity != self._capacity:
                self._capacity = capacity
                self._notify()

    @property
    def load(self) -> Load:
        """How much there is to do now."""
        with self._changed:
            return Load(len(self._waiting), len(self._begun), self._capacity)

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

    def close(self) -> list[Worker]:
        """Begin no run any more; returns the workers that train now."""
        with self._changed:
            self.closing.set()
            self._changed.notify_all()
            return self.busy

    def _held(self, run: Run) -> bool:
        return self.has(run) or run.worked_on

    def _check_room(self, more: int) -> None:
        if self._most and len(self._waiting) + more > self._most:
            raise RunError(
                say(
                    "The queue is full: no more than {most} trainings may wait at once.",
                    most=self._most,
                ),
                say("Try again when some of them are done."),
            )

    @property
    def _under_way(self) -> Collection[Asked]:
        return self._begun.values()

    def _next(self) -> Asked | None:
        return self._waiting.next(self._under_way)

    def _give(self, following: Asked, worker: Worker) -> Run:
        run = following.run
        self._waiting.remove(run)
        self._begun[run.id] = following
        self._workers[run.id] = worker
        waited_s = self._pace.began(run, time.monotonic())
        notices.tell(notices.TrainingBegan(run, waited_s))
        self._notify()
        return run

    def _notify(self) -> None:
        self._told = None
        self._changed.notify_all()
