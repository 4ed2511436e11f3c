"""The places where trainings run: each a thread that has a worker train one run after another."""

import threading
from collections.abc import Callable

from gui.core import lighter, notices
from gui.core.errors import FreezepointError, OutOfMemory
from gui.core.executor import Executor, Worker
from gui.core.orphans import Orphans, tell_failed
from gui.core.queue import Queue
from gui.core.runs import Clock, Run

_AGAIN_S = 2.0  # from a worker that couldn't be started to the next try
_GROWS_S = 2.0  # a computer that joins a cluster gets work after as many seconds


class Places:
    """As many as the executor has.

    Attributes:
        threads: One for each place that was ever opened.
    """

    def __init__(
        self,
        executor: Executor,
        queue: Queue,
        orphans: Orphans,
        greet: Callable[[Worker], bool],
        tell: Callable[[FreezepointError], None],
        clock: Clock,
    ) -> None:
        """Open none yet.

        Args:
            executor: Has the workers.
            queue: Has the runs.
            orphans: Take a place first, until they end.
            greet: Waits until a worker has TensorFlow and the weights; whether it has answered.
            tell: Hears why there is no worker now.
            clock: Seconds since 1970.
        """
        self.threads: list[threading.Thread] = []
        self._executor = executor
        self._queue = queue
        self._orphans = orphans
        self._greet = greet
        self._tell = tell
        self._clock = clock
        self._workers: dict[str, Worker] = {}  # by place

    @property
    def workers(self) -> list[Worker]:
        """The worker of each place, at work or not."""
        return list(self._workers.values())

    def open(self) -> None:
        """Open them all, and more when the executor grows."""
        self._open(self._executor.places)
        if not self._executor.fixed:
            threading.Thread(target=self._grow, name="places", daemon=True).start()

    def _open(self, places: int) -> None:
        for number in range(len(self.threads) + 1, places + 1):
            thread = threading.Thread(
                target=self._work, args=(f"worker-{number}",), name=f"job {number}", daemon=True
            )
            thread.start()
            self.threads.append(thread)

    def _grow(self) -> None:
        """Open a place for each computer that joins."""
        while not self._queue.closing.wait(_GROWS_S):
            places = self._executor.places
            self._queue.resize(places)
            self._open(places)

    def _work(self, name: str) -> None:
        """One place: watch what is left from before, then train one run after another."""
        self._orphans.watch()
        while not self._queue.closing.is_set():
            worker = self._started(name)
            if worker is None:
                continue
            run = self._queue.take(worker, greeted=self._greet(worker))
            while run is not None:
                whole = self._train(run, worker)
                run = self._queue.release(run, worker, whole=whole)
            worker.end()

    def _started(self, name: str) -> Worker | None:
        """A new worker; None, after a while, when there can't be one now."""
        try:
            worker = self._workers[name] = self._executor.start(name)
        except FreezepointError as error:
            self._tell(error)
            self._queue.closing.wait(_AGAIN_S)
            return None
        return worker

    def _train(self, run: Run, worker: Worker) -> bool:
        """Let the worker train a run; whether it brought it to a whole end."""
        try:
            worker.ask("train", run=str(run.path.resolve()))
        except FreezepointError as error:
            # Mostly the worker has told it already; a dead one, or one that was refused, has not.
            if run.history.busy:
                hint = lighter.of_run(run) if isinstance(error, OutOfMemory) else error.hint
                tell_failed(run, error.what, hint, self._clock, self._queue.closing)
            notices.tell(notices.of_end(run, error))
            return False
        notices.tell(notices.of_end(run))
        return True
