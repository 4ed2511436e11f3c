"""Trainings and questions, handed to worker processes; the page's only way to the engine.

A training waits in the queue until one of ``capacity`` places is free. Its worker is a process of
its own, made ready before anyone asks. Another process answers predictions, so that testing never
waits for a training.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gui.core import prediction
from gui.core.config import ModelSettings
from gui.core.errors import DiskFull, FreezepointError, RunError, WorkerError
from gui.core.events import Failed, Queued
from gui.core.prediction import Prediction
from gui.core.processes import WorkerProcess
from gui.core.runs import Clock, Run

_DOUBLE_CLICK_S = 3.0
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
        self._changed = threading.Condition()
        self._waiting: list[Run] = []
        self._running: dict[str, WorkerProcess] = {}  # by run id
        self._orphans: list[Run] = []  # under way since before this process
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []
        self._answerer: WorkerProcess | None = None
        self._answering = threading.Lock()
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

    def train(self, run: Run, epochs: int) -> None:
        """Queue a new run, or one that is to go on, until it has reached ``epochs``.

        Raises:
            RunError: When it is queued or running already.
            DiskFull: When not even that can be written.
        """
        with self._changed:
            if self._has(run) or run.worked_on:
                raise RunError("This training is under way already.", "Wait for it, or stop it.")
            run.withdraw_stop()
            run.append(Queued(self._clock(), epochs))
            self._waiting.append(run)
            self._changed.notify()

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
            worker = self._start_worker(name)
            run = self._take(worker, greeted=self._greet(worker))
            if run is not None:
                self._train(run, worker)
            worker.end()

    def _greet(self, worker: WorkerProcess) -> bool:
        """Wait until it has TensorFlow and the weights.

        Returns:
            Whether the worker has answered.
        """
        greeted = False
        try:
            self.weights = str(worker.ask("hello")[0]["source"])
            greeted, self.weights_problem = True, None
        except FreezepointError as error:
            self.weights_problem = error
        return greeted

    def _warm(self) -> None:
        """Make the answering worker ready before anyone asks; a place tells its problems."""
        with suppress(FreezepointError):
            self._ask("hello")

    def _take(self, worker: WorkerProcess, *, greeted: bool) -> Run | None:
        """The next run; None to close, or to replace a worker that died while it had no work."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing.is_set() or bool(self._waiting))
            if self._closing.is_set() or (greeted and not worker.alive):
                return None
            run = self._waiting.pop(0)
            self._running[run.id] = worker
            return run

    def _train(self, run: Run, worker: WorkerProcess) -> None:
        try:
            worker.ask("train", run=str(run.path.resolve()))
        except FreezepointError as error:
            # Mostly the worker has told it already; a dead one, or one that was refused, has not.
            if run.history.busy:
                self._tell_failed(run, error.what, error.hint)
        finally:
            with self._changed:
                del self._running[run.id]

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
