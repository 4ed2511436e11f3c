"""Trainings and questions, handed to worker processes; the page's only way to the engine.

A training waits in the queue until a place is free. Its worker is a process of its own, made ready
before anyone asks; where it runs is ``core.executor``. The rungs of a ladder share one, so that
TensorFlow is loaded once for all. Another process answers questions, so that testing never waits
for a training, and a third one, the workshop, does what takes longer with a finished training.

Who is next is ``core.queue``, who trains it ``core.places``, what an earlier page left
``core.orphans``, what can be asked ``core.questions``, and when this machine is measured
``core.measuring``.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from gui.core import machine, measuring
from gui.core.answers import Answers
from gui.core.errors import DiskFull, FreezepointError
from gui.core.events import Failed, Planned, Queued
from gui.core.executor import Executor, Here, Worker
from gui.core.machine import Speeds
from gui.core.orphans import Orphans
from gui.core.places import Places
from gui.core.questions import Questions
from gui.core.queue import Load, Queue
from gui.core.runs import Clock, Run
from gui.core.turns import Standing
from gui.core.workshop import Workshop
from gui.words import mark

_DOUBLE_CLICK_S = 3.0
_LOOK_S = 0.1
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
        self._remembered = logs.with_name(self._executor.remembered)
        self._queue = Queue(self._executor.places, most_waiting)
        self._orphans = Orphans(self._queue, clock, self._executor)
        self._places = Places(
            self._executor, self._queue, self._orphans, self._greet, self._note, clock
        )
        self._answers = Answers(lambda: here.start("answers"))
        self.questions = Questions(self._answers)
        self._workshop = Answers(lambda: here.start("workshop"), rest_s=_WORKSHOP_RESTS_S)
        self.workshop = Workshop(self._workshop)
        self.downloads = Answers(lambda: here.start("downloads"), rest_s=_DOWNLOADS_REST_S)
        self.speeds: Speeds | None = None  # of this machine, once they are measured
        self.weights: str | None = None  # where they come from, once a worker has told
        self.weights_sha256 = ""  # hex digest, once a worker has told
        self.weights_problem: FreezepointError | None = None

    def open(self, known: Sequence[Run] = ()) -> None:
        """Make workers ready, and take up what an earlier page left behind.

        Args:
            known: Every run of the workspace; see ``Orphans.take_up``.
        """
        self._orphans.take_up(known)
        self._places.open()
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
        return self._executor.memory_bytes(self._places.workers)

    def place(self, run: Run) -> int | None:
        """Its place in the queue, 1 for the next; None when it doesn't wait."""
        standing = self.standing(run)
        return standing.place if standing else None

    def standing(self, run: Run) -> Standing | None:
        """Its place in the queue and when it will begin; None when it doesn't wait."""
        return self._queue.standing(run, self._clock())

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
        for worker in self._places.workers:
            if worker not in left:
                worker.end()  # also one that is only getting ready, which may take it a while
        self._answers.close()
        self.workshop.close()
        self.downloads.close()
        for thread in self._places.threads:
            thread.join(0 if left else 15)
        self._executor.close()
        return len(left)

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
            self._note(error)
        return greeted

    def _note(self, problem: FreezepointError) -> None:
        """Have the page say it, until a worker is there."""
        self.weights_problem = problem

    def _warm(self) -> None:
        """Make the answering worker ready before anyone asks; a place tells its problems."""
        self.speeds = machine.recall(self._remembered, self._clock())
        with suppress(FreezepointError):
            self._answers.ask("hello")
            calibrate = partial(self._executor.measured(self._answers.ask), "calibrate")
            for speeds in measuring.better(self.speeds, self._queue, calibrate):
                self.speeds = speeds
                if speeds.alone:
                    with suppress(OSError, DiskFull):  # then it is measured again next time
                        machine.remember(self._remembered, speeds, self._clock())

    def _tell_taken_out(self, run: Run) -> None:
        what = mark("It was taken out of the queue before it had begun.")
        hint = mark("Press “Go on” to queue it again.")
        run.append(Failed(self._clock(), what, hint, asked=True))
