"""Trainings and questions, handed to worker processes; the page's only way to the engine.

A training waits in the queue until one of ``capacity`` places is free. Its worker is a process of
its own, made ready before anyone asks. The rungs of a ladder share one, so that TensorFlow is
loaded once for all. Another process answers predictions, so that testing never waits for a
training.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gui.core import machine, prediction
from gui.core.config import ModelSettings
from gui.core.errors import DiskFull, FreezepointError, RunError, WorkerError
from gui.core.events import Failed, Planned, Queued
from gui.core.machine import Speeds
from gui.core.prediction import Prediction
from gui.core.processes import WorkerProcess
from gui.core.runs import Clock, Run

_DOUBLE_CLICK_S = 3.0
_MEASUREMENTS = 10  # tries to measure this machine while nothing else computes
_REST_S = 60.0  # between two of them
_WATCH_S = 1.0  # between two looks at a training that an earlier page started
_BROKEN_OFF = (
    "The training broke off when the program or the computer was closed.",
    "Press “Go on”: it continues at the last epoch.",
)


class Jobs:
    """The queue, the places, and the worker that answers questions."""

    def __init__(self, logs: Path, weights: Path | None, capacity: int, clock: Clock) -> None:
        self._start_worker: Callable[[str], WorkerProcess] = lambda name: WorkerProcess(
            logs / f"{name}.log", weights
        )
        self._capacity = capacity
        self._clock = clock
        self._remembered = logs.with_name("machine.json")
        self._changed = threading.Condition()
        self._waiting: list[Run] = []
        self._running: dict[str, WorkerProcess] = {}  # by run id
        self._orphans: list[Run] = []  # under way since before this process
        self._ladders: dict[str, str] = {}  # of the rungs under way, by run id
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []
        self._workers: dict[str, WorkerProcess] = {}  # by place
        self._idle = 0  # places whose worker is ready and has nothing to do
        self._answerer: WorkerProcess | None = None
        self._answering = threading.Lock()
        self.speeds: Speeds | None = None  # of this machine, once they are measured
        self.weights: str | None = None  # where they come from, once a worker has told
        self.weights_problem: FreezepointError | None = None

    def open(self, known: Sequence[Run] = ()) -> None:
        """Make workers ready, and take up what an earlier page left behind.

        Args:
            known: Every run of the workspace. Those that wait are queued again, those that a living
                worker is at are watched, those whose worker is gone are told to have failed.
        """
        for run in sorted(known, key=lambda each: each.about.created_at):
            history = run.history
            if self._has(run):
                continue  # started meanwhile, on this page
            if history.busy and run.worked_on:
                self._orphans.append(run)
                self._note_ladder(run)
            elif history.state == "waiting":
                self._waiting.append(run)
            elif history.state == "running":
                try:
                    run.append(Failed(self._clock(), *_BROKEN_OFF))
                except DiskFull:
                    self._orphans.append(run)  # told as soon as there is room
        for number in range(self._capacity):
            thread = threading.Thread(
                target=self._work, args=(f"worker-{number + 1}",), name=f"job {number + 1}"
            )
            thread.daemon = True
            thread.start()
            self._threads.append(thread)
        threading.Thread(target=self._warm, name="answers", daemon=True).start()

    def train(self, run: Run, epochs: int, planned: Planned | None = None) -> None:
        """Queue a new run, or one that is to go on, until it has reached ``epochs``.

        Raises:
            RunError: When it is queued or running already.
            DiskFull: When not even that can be written.
        """
        self.train_ladder([(run, epochs)], {run.id: planned} if planned else {})

    def train_ladder(
        self, asked: Sequence[tuple[Run, int]], planned: Mapping[str, Planned] | None = None
    ) -> None:
        """Queue several runs one behind another, each until it has reached its epochs.

        Those of one ladder are trained one at a time, by the same worker as long as it lives. What
        each is thought to take, by run id, is told with it.

        Raises:
            RunError: When one is queued or running already.
            DiskFull: When not even that can be written.
        """
        with self._changed:
            if any(self._has(run) or run.worked_on for run, _ in asked):
                raise RunError("This training is under way already.", "Wait for it, or stop it.")
            for run, epochs in asked:
                run.withdraw_stop()
                run.append(Queued(self._clock(), epochs))
                if planned and run.id in planned:
                    run.append(planned[run.id])
            self._waiting += [run for run, _ in asked]
            self._changed.notify_all()

    def stop(self, run: Run) -> None:
        """Stop gently: after the batch under way, keeping the best.

        A second call ends it at once, unless it comes so soon that it is a double click.

        A run that still waits is taken out of the queue.
        """
        with self._changed:
            if any(each.id == run.id for each in self._waiting):
                self._waiting = [each for each in self._waiting if each.id != run.id]
                what = "It was taken out of the queue before it had begun."
                hint = "Press “Go on” to queue it again."
                run.append(Failed(self._clock(), what, hint, asked=True))
                return
            worker = self._running.get(run.id)
        asked_at = run.stop_requested_at
        if asked_at is None and (worker or run.worked_on):
            run.request_stop()
        elif asked_at is not None and worker and self._clock() - asked_at > _DOUBLE_CLICK_S:
            worker.end()

    @property
    def memory_bytes(self) -> int | None:
        """Memory for one training: what is free, and what the workers that train have already."""
        free = machine.free_memory_bytes()
        if free is None:
            return None
        own = [machine.resident_bytes(worker.pid) for worker in list(self._workers.values())]
        return (free + sum(own)) // self._capacity

    def place(self, run: Run) -> int | None:
        """Its place in the queue, 1 for the next; None when it doesn't wait."""
        with self._changed:
            ids = [each.id for each in self._waiting]
        return ids.index(run.id) + 1 if run.id in ids else None

    def predict(self, run: Run, files: Sequence[tuple[str, Path]]) -> list[Prediction]:
        """Answer what pictures show; see ``gui.engine.prediction``.

        Args:
            run: A run with at least one whole epoch.
            files: Each picture's name for the person, and where it is.

        Raises:
            FreezepointError: What the worker says went wrong.
        """
        asked = [(name, str(path.resolve())) for name, path in files]
        answers = self._ask("predict", run=str(run.path.resolve()), files=asked)
        return [prediction.from_json(each) for each in answers]

    def summary(self, settings: ModelSettings, classes: int) -> str:
        """The table that Keras prints for a model.

        Raises:
            FreezepointError: What the worker says went wrong.
        """
        return str(self._ask("summary", model=asdict(settings), classes=classes)[0])

    @property
    def pids(self) -> list[int]:
        """Ids of the worker processes that train now."""
        with self._changed:
            return [worker.pid for worker in self._running.values()]

    def close(self) -> int:
        """End idle workers and let trainings under way go on by themselves; returns how many."""
        with self._changed:
            self._closing.set()
            left = list(self._running.values())
            self._changed.notify_all()
        for worker in left:
            worker.leave()
        with self._answering:
            if self._answerer:
                self._answerer.end()
        for thread in self._threads:
            thread.join(0 if left else 15)
        return len(left)

    def _ask(self, do: str, **values: object) -> list[Any]:
        """Ask the answering worker; one that has died is replaced once."""
        try:
            return self._answering_worker().ask(do, **values)
        except WorkerError:
            if self._closing.is_set():
                raise
        try:
            return self._answering_worker().ask(do, **values)
        except WorkerError as error:
            hint = "Try again; if it happens again, choose fewer pictures at once."
            raise WorkerError(error.what, hint) from error

    def _answering_worker(self) -> WorkerProcess:
        with self._answering:
            if self._closing.is_set():
                raise WorkerError("Freezepoint is closing.", "Start it again.")
            if self._answerer is None or not self._answerer.alive:
                self._answerer = self._start_worker("answers")
            return self._answerer

    def _work(self, name: str) -> None:
        """One place: watch what is left from before, then train one run after another."""
        self._watch_orphans()
        while not self._closing.is_set():
            worker = self._workers[name] = self._start_worker(name)
            run = self._take(worker, greeted=self._greet(worker))
            while run is not None:
                whole = self._train(run, worker)
                run = self._release(run, worker, whole=whole)
            worker.end()

    def _greet(self, worker: WorkerProcess) -> bool:
        """Wait until it has TensorFlow and the weights.

        Returns:
            Whether the worker has answered.
        """
        greeted = False
        try:
            self.weights = str(worker.ask("hello", ready=True)[0]["source"])
            greeted, self.weights_problem = True, None
        except FreezepointError as error:
            self.weights_problem = error
        return greeted

    def _warm(self) -> None:
        """Make the answering worker ready before anyone asks; a place tells its problems."""
        self.speeds = machine.recall(self._remembered, self._clock())
        with suppress(FreezepointError):
            self._ask("hello")
            self._measure()

    def _measure(self) -> None:
        """Measure this machine while no worker of ours computes, unless it was measured lately."""
        for _ in range(_MEASUREMENTS):
            if self.speeds and self.speeds.alone:
                return
            with self._changed:
                self._changed.wait_for(lambda: self._closing.is_set() or self._quiet())
            if self._closing.is_set():
                return
            told = self._ask("calibrate")
            if not told:
                return
            with self._changed:
                disturbed = not self._quiet()
            if disturbed:
                continue  # a training began meanwhile, so both were slower
            self.speeds = machine.speeds_from(told[0])
            if self.speeds.alone:
                machine.remember(self._remembered, self.speeds, self._clock())
            else:
                self._closing.wait(_REST_S)  # other programs are at work; later they may not be

    def _quiet(self) -> bool:
        return self._idle == self._capacity and not self._waiting

    def _take(self, worker: WorkerProcess, *, greeted: bool) -> Run | None:
        """The next run; None to close, or to replace a worker that died while it had no work."""
        with self._changed:
            self._idle += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._closing.is_set() or self._next() is not None)
            self._idle -= 1
            run = self._next()
            if run is None or self._closing.is_set() or (greeted and not worker.alive):
                return None
            return self._give(run, worker)

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

    def _release(self, run: Run, worker: WorkerProcess, *, whole: bool) -> Run | None:
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
            if not whole or not worker.alive or self._closing.is_set() or following is None:
                return None
            same = ladder is not None and _ladder_of(following) == ladder
            return self._give(following, worker) if same else None

    def _train(self, run: Run, worker: WorkerProcess) -> bool:
        """Let the worker train a run; whether it brought it to a whole end."""
        try:
            worker.ask("train", run=str(run.path.resolve()))
        except FreezepointError as error:
            # Mostly the worker has told it already; a dead one, or one that was refused, has not.
            if run.history.busy:
                self._tell_failed(run, error.what, error.hint)
            return False
        return True

    def _watch_orphans(self) -> None:
        while True:
            with self._changed:
                if self._closing.is_set() or not self._orphans:
                    return
                run = self._orphans.pop()
            while run.worked_on and not self._closing.is_set():
                self._closing.wait(_WATCH_S)
            if run.history.busy and not self._has(run):
                self._tell_failed(run, *_BROKEN_OFF)
            with self._changed:
                self._ladders.pop(run.id, None)
                self._changed.notify_all()

    def _has(self, run: Run) -> bool:
        """Whether a run waits here, or a worker of this page is at it."""
        with self._changed:
            return run.id in self._running or any(each.id == run.id for each in self._waiting)

    def _tell_failed(self, run: Run, what: str, hint: str) -> None:
        """Write that a run has failed; on a full disk, as soon as there is room."""
        while not self._closing.is_set():
            try:
                run.append(Failed(self._clock(), what, hint))
            except DiskFull:
                self._closing.wait(_WATCH_S)
            else:
                return


def _ladder_of(run: Run) -> str | None:
    """The id of the ladder that a run is a rung of."""
    with suppress(FreezepointError):
        return run.ladder.id if run.ladder else None
    return None
