"""Trainings that an earlier page began and left: they go on by themselves, or broke off."""

import threading
from collections.abc import Sequence

from gui.core import notices
from gui.core.errors import DiskFull
from gui.core.events import Failed
from gui.core.executor import Executor
from gui.core.obituary import AT_ONCE
from gui.core.queue import Queue
from gui.core.runs import Clock, Run
from gui.words import mark

_WATCH_S = 1.0  # between two looks
_BROKEN_OFF = (
    mark("The training broke off when the program or the computer was closed."),
    mark("Press “Go on”: it continues at the last epoch."),
)


class Orphans:
    """Watches trainings that no worker of this page is at."""

    def __init__(self, queue: Queue, clock: Clock, executor: Executor) -> None:
        """Begin without any.

        Args:
            queue: Begins no rung of a ladder while another is watched.
            clock: Seconds since 1970.
            executor: Knows whether they are under way, and ends them.
        """
        self._queue = queue
        self._clock = clock
        self._executor = executor
        self._taking = threading.Lock()
        self._left: list[Run] = []
        self._ended: set[str] = set()  # ids of those that someone has ended at once

    def take_up(self, known: Sequence[Run]) -> None:
        """Take up what an earlier page left behind.

        Args:
            known: Every run of the workspace. Those that wait are queued again, those that a living
                worker is at are watched, those whose worker is gone are told to have failed.
        """
        for run in sorted(known, key=_last_at):  # people's turns stay as they were
            history = run.history
            if self._queue.has(run):
                continue  # started meanwhile, on this page
            if history.busy and self._executor.is_at(run):
                self._adopt(run)
            elif history.state == "waiting":
                self._queue.add([run])
            elif history.state == "running":
                self._bury(run)
            elif history.started:
                self._queue.served(run)

    def end(self, run: Run) -> None:
        """End the worker of a run at once."""
        if self._executor.is_at(run):
            self._ended.add(run.id)
            self._executor.end(run)

    def watch(self) -> None:
        """Watch one after another until it ends, and tell of those that broke off."""
        closing = self._queue.closing
        while not closing.is_set():
            with self._taking:
                if not self._left:
                    return
                run = self._left.pop()
            while self._executor.is_at(run) and not closing.is_set():
                closing.wait(_WATCH_S)
            if run.history.busy and not self._queue.has(run):
                told = AT_ONCE if run.id in self._ended else _BROKEN_OFF
                tell_failed(run, *told, self._clock, closing)
            self._queue.unbar(run)
            if not run.worked_on:
                notices.tell(notices.of_end(run))

    def _adopt(self, run: Run) -> None:
        """Watch a run that a living worker is at."""
        self._left.append(run)
        self._queue.bar(run)
        notices.tell(notices.TrainingAdopted(run))

    def _bury(self, run: Run) -> None:
        """Tell that a run has failed whose worker is gone."""
        try:
            run.append(Failed(self._clock(), *_BROKEN_OFF))
            notices.tell(notices.of_end(run))
        except DiskFull:
            self._left.append(run)  # told as soon as there is room


def _last_at(run: Run) -> tuple[float, float]:
    """When it was last asked for, began or ended, and when it was made, in seconds since 1970."""
    made_at = run.about.created_at
    return run.history.last_at or made_at, made_at


def tell_failed(run: Run, what: str, hint: str, clock: Clock, closing: threading.Event) -> None:
    """Write that a run has failed; on a full disk, as soon as there is room.

    Args:
        run: Its own worker can't tell.
        what: What happened, for a person, in English.
        hint: What to do about it.
        clock: Seconds since 1970.
        closing: Set to give up.
    """
    while not closing.is_set() and run.path.is_dir():  # it may be deleted meanwhile
        try:
            run.append(Failed(clock(), what, hint))
        except DiskFull:
            closing.wait(_WATCH_S)
        else:
            return
