"""Trainings and questions, handed to worker processes; the page's only way to the engine.

A training waits in the queue until a place is free. Its worker is a process of its own, made ready
before anyone asks; where it runs is ``core.executor``. The rungs of a ladder share one, so that
TensorFlow is loaded once for all. Another process answers predictions, so that testing never waits
for a training, and a third one, the workshop, does what takes longer with a finished training.

Who is next is ``core.queue``, what an earlier page left ``core.orphans``, and when this machine is
measured ``core.measuring``.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from gui.core import (
    activations,
    explanation,
    lighter,
    machine,
    measuring,
    notices,
    prediction,
)
from gui.core.activations import Seen
from gui.core.answers import Answers, understood
from gui.core.config import ModelSettings
from gui.core.errors import DiskFull, FreezepointError, OutOfMemory
from gui.core.events import Failed, Planned, Queued
from gui.core.executor import Executor, Here, Worker
from gui.core.explanation import Explanation, Where
from gui.core.machine import Speeds
from gui.core.orphans import Orphans, tell_failed
from gui.core.prediction import Prediction
from gui.core.queue import Load, Queue
from gui.core.runs import Clock, Run
from gui.core.turns import Standing
from gui.core.workshop import Workshop
from gui.words import mark

_Answer = TypeVar("_Answer")

_DOUBLE_CLICK_S = 3.0
_LOOK_S = 0.1
_GROWS_S = 2.0  # a computer that joins a cluster gets work after as many seconds
_WORKSHOP_RESTS_S = 120.0  # without work for so long, its process gives its memory back
_DOWNLOADS_REST_S = 5.0


class Jobs:
    """The places where trainings run, and the worker that answers questions."""

    def __init__(
        self,
        logs: Path,
        weights: Path | None,
        capacity: int,
        clock: Clock,
        most_waiting: int = 0,  # trainings of everybody; 0 for any number
        executor: Executor | None = None,  # what trains; None for processes of this computer
    ) -> None:
        self.here = here = Here(logs, weights, capacity)
        self._executor: Executor = executor or here
        self._clock = clock
        self._remembered = logs.with_name("machine.json")
        self._queue = Queue(self._executor.places, most_waiting)
        self._orphans = Orphans(self._queue, clock, self._executor)
        self._answers = Answers(lambda: here.start("answers"))
        self._workshop = Answers(lambda: here.start("workshop"), rest_s=_WORKSHOP_RESTS_S)
        self.workshop = Workshop(self._workshop)
        self.downloads = Answers(lambda: here.start("downloads"), rest_s=_DOWNLOADS_REST_S)
        self._threads: list[threading.Thread] = []
        self._workers: dict[str, Worker] = {}  # by place
        self.speeds: Speeds | None = None  # of this machine, once they are measured
        self.weights: str | None = None  # where they come from, once a worker has told
        self.weights_sha256 = ""  # hex digest, once a worker has told
        self.weights_problem: FreezepointError | None = None

    def open(self, known: Sequence[Run] = ()) -> None:
        """Make workers ready, and take up what an earlier page left behind.

        Args:
            known: Every run of the workspace. Those that wait are queued again, those that a living
                worker is at are watched, those whose worker is gone are told to have failed.
        """
        for run in sorted(known, key=_last_at):  # people's turns stay as they were
            history = run.history
            if self._queue.has(run):
                continue  # started meanwhile, on this page
            if history.busy and self._executor.is_at(run):
                self._orphans.adopt(run)
            elif history.state == "waiting":
                self._queue.add([run])
            elif history.state == "running":
                self._orphans.bury(run)
            elif history.started:
                self._queue.served(run)
        self._open_places(self._executor.places)
        if not self._executor.fixed:
            threading.Thread(target=self._grow, name="places", daemon=True).start()
        threading.Thread(target=self._warm, name="answers", daemon=True).start()

    def train(self, run: Run, epochs: int, planned: Planned | None = None) -> None:
        """Queue a new run, or one that is to go on, until it has reached ``epochs``.

        Raises:
            RunError: When it is queued or running already.
            DiskFull: When not even that can be written.
        """
        self.train_ladder([(run, epochs)], {run.id: planned} if planned else {})

    def train_ladder(
        self,
        asked: Sequence[tuple[Run, int]],
        planned: Mapping[str, Planned] | None = None,
        seconds: Mapping[str, float] | None = None,
    ) -> None:
        """Queue several runs one behind another, each until it has reached its epochs.

        Those of one ladder are trained one at a time, by the same worker as long as it lives and
        nobody else waits. What each is thought to take, by run id, is told with it; ``seconds``
        is only for those who wait.

        Raises:
            RunError: When one is queued or running already.
            DiskFull: When not even that can be written.
        """
        epochs = {run.id: last for run, last in asked}

        def tell(run: Run) -> None:
            run.withdraw_stop()
            run.append(Queued(self._clock(), epochs[run.id]))
            if planned and run.id in planned:
                run.append(planned[run.id])

        self._queue.enter([run for run, _ in asked], tell, seconds or {})

    def stop(self, run: Run) -> None:
        """Stop gently: after the batch under way, keeping the best.

        A second call ends it at once, unless it comes so soon that it is a double click.

        A run that still waits is taken out of the queue.
        """
        if self._queue.leave(run, self._tell_taken_out):
            return
        worker = self._queue.worker_of(run)
        asked_at = run.stop_requested_at
        if asked_at is None and (worker or self._executor.is_at(run)):
            run.request_stop()
        elif asked_at is not None and abs(self._clock() - asked_at) > _DOUBLE_CLICK_S:
            if worker:
                worker.end()
            else:
                self._orphans.end(run)

    def end(self, run: Run, seconds: float) -> bool:
        """End a training at once, or take it out of the queue; whether nothing is at it any more.

        Args:
            run: Which.
            seconds: How long to wait for it. One that an earlier page has begun ends after the
                batch that it is at.
        """
        until = time.monotonic() + seconds
        while not self._queue.leave(run, self._tell_taken_out):
            if worker := self._queue.worker_of(run):
                worker.end()
            elif self._executor.is_at(run):
                run.request_stop()
            elif not self._queue.has(run):
                break
            if time.monotonic() > until:
                return False
            time.sleep(_LOOK_S)
        return True

    def abandon(self, folder: Path) -> None:
        """End what is being asked about files in a folder that isn't there any more."""
        for process in (self._answers, self._workshop, self.downloads):
            process.abandon(folder)

    @property
    def memory_bytes(self) -> int | None:
        """Memory for one training: what is free, and what the workers that train have already."""
        return self._executor.memory_bytes(list(self._workers.values()))

    def place(self, run: Run) -> int | None:
        """Its place in the queue, 1 for the next; None when it doesn't wait."""
        standing = self.standing(run)
        return standing.place if standing else None

    def standing(self, run: Run) -> Standing | None:
        """Its place in the queue and when it will begin; None when it doesn't wait."""
        return self._queue.standing(run, self._clock())

    def predict(self, run: Run, files: Sequence[tuple[str, Path]]) -> list[Prediction]:
        """Answer what pictures show; see ``gui.engine.prediction``.

        Args:
            run: A run with at least one whole epoch.
            files: Each picture's name for the person, and where it is.

        Raises:
            FreezepointError: What the worker says went wrong.
        """
        asked = [(name, str(path.resolve())) for name, path in files]
        told = self._answers.ask("predict", run=str(run.path.resolve()), files=asked)
        return _each(prediction.from_json, told, asked)

    def explain(
        self,
        run: Run,
        files: Sequence[tuple[str, Path]],
        where: Where = "last_convolution",
        label: str | None = None,
    ) -> list[Explanation]:
        """Show where in pictures the answers were found; see ``gui.engine.explanation``.

        Args:
            run: A run with at least one whole epoch.
            files: Each picture's name for the person, and where it is.
            where: Which layer is looked at.
            label: The class to explain; None for the one that is answered.

        Raises:
            FreezepointError: What the worker says went wrong.
        """
        asked = [(name, str(path.resolve())) for name, path in files]
        path = str(run.path.resolve())
        told = self._answers.ask("explain", run=path, files=asked, where=where, label=label)
        return _each(explanation.from_json, told, asked)

    def see(self, files: Sequence[tuple[str, Path]], image_size: int) -> list[Seen]:
        """Show what VGG16's blocks see in pictures; see ``gui.engine.activations``.

        Raises:
            FreezepointError: What the worker says went wrong.
        """
        asked = [(name, str(path.resolve())) for name, path in files]
        told = self._answers.ask("see", files=asked, image_size=image_size)
        return _each(activations.from_json, told, asked)

    def summary(self, settings: ModelSettings, classes: int) -> str:
        """The table that Keras prints for a model.

        Raises:
            FreezepointError: What the worker says went wrong.
        """
        return str(self._answers.ask("summary", model=asdict(settings), classes=classes)[0])

    @property
    def load(self) -> Load:
        """How many trainings wait and run."""
        return self._queue.load

    @property
    def pids(self) -> list[int]:
        """Ids of the worker processes that train now; 0 for each on another computer."""
        return [worker.pid for worker in self._queue.busy]

    def close(self) -> int:
        """End idle workers and let trainings under way go on by themselves; returns how many."""
        left = self._queue.close()
        for worker in left:
            worker.leave()
        for worker in list(self._workers.values()):
            if worker not in left:
                worker.end()  # also one that is only getting ready, which may take it a while
        self._answers.close()
        self.workshop.close()
        self.downloads.close()
        for thread in self._threads:
            thread.join(0 if left else 15)
        self._executor.close()
        return len(left)

    def _open_places(self, places: int) -> None:
        for number in range(len(self._threads) + 1, places + 1):
            thread = threading.Thread(
                target=self._work, args=(f"worker-{number}",), name=f"job {number}", daemon=True
            )
            thread.start()
            self._threads.append(thread)

    def _grow(self) -> None:
        """Open a place for each computer that joins."""
        while not self._queue.closing.wait(_GROWS_S):
            places = self._executor.places
            self._queue.resize(places)
            self._open_places(places)

    def _work(self, name: str) -> None:
        """One place: watch what is left from before, then train one run after another."""
        self._orphans.watch()
        while not self._queue.closing.is_set():
            worker = self._workers[name] = self._executor.start(name)
            run = self._queue.take(worker, greeted=self._greet(worker))
            while run is not None:
                whole = self._train(run, worker)
                run = self._queue.release(run, worker, whole=whole)
            worker.end()

    def _greet(self, worker: Worker) -> bool:
        """Wait until it has TensorFlow and the weights.

        Returns:
            Whether the worker has answered.
        """
        greeted = False
        try:
            (told,) = worker.ask("hello", ready=True)
            self.weights, self.weights_sha256 = str(told["source"]), str(told["sha256"])
            greeted, self.weights_problem = True, None
        except FreezepointError as error:
            self.weights_problem = error
        return greeted

    def _warm(self) -> None:
        """Make the answering worker ready before anyone asks; a place tells its problems."""
        self.speeds = machine.recall(self._remembered, self._clock())
        with suppress(FreezepointError):
            self._answers.ask("hello")
            calibrate = partial(self._answers.ask, "calibrate")
            for speeds in measuring.better(self.speeds, self._queue, calibrate):
                self.speeds = speeds
                if speeds.alone:
                    with suppress(OSError, DiskFull):  # then it is measured again next time
                        machine.remember(self._remembered, speeds, self._clock())

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

    def _tell_taken_out(self, run: Run) -> None:
        what = mark("It was taken out of the queue before it had begun.")
        hint = mark("Press “Go on” to queue it again.")
        run.append(Failed(self._clock(), what, hint, asked=True))


def _last_at(run: Run) -> tuple[float, float]:
    """When it was last asked for, began or ended, and when it was made, in seconds since 1970."""
    made_at = run.about.created_at
    return run.history.last_at or made_at, made_at


def _each(
    read: Callable[[Any], _Answer], told: Sequence[object], asked: Sequence[object]
) -> list[_Answer]:
    """A worker's answers to what was asked, one for each.

    Raises:
        WorkerError: When they are anything else.
    """
    with understood():
        return [read(each) for each, _ in zip(told, asked, strict=True)]
