"""Where trainings are computed: on this computer, or on others. All that the page knows of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from gui.core import holder, machine
from gui.core.errors import WorkerError
from gui.core.processes import PATIENCE_S, WorkerProcess
from gui.core.runs import Run
from gui.words import mark

Ask = Callable[[str], list[Any]]  # a worker's method; what it answers


class Worker(Protocol):
    """Somebody who is asked for one thing at a time, and trains."""

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""

    @property
    def pid(self) -> int:
        """The id of its process; 0 when that is on another computer."""

    def ask(self, do: str, *, run: str = "", ready: bool = False) -> list[Any]:
        """Send a request and wait for every part of its answer; see ``WorkerProcess.ask``."""

    def end(self) -> None:
        """End what it is at, and itself, at once."""

    def leave(self) -> None:
        """Let it finish what it is at and end by itself."""


class Executor(Protocol):
    """What trains: processes here, or a cluster."""

    @property
    def places(self) -> int:
        """How many trainings it takes at once; a cluster grows."""

    @property
    def fixed(self) -> bool:
        """Whether that stays as it is."""

    @property
    def remembered(self) -> str:
        """The name of the file that keeps how fast it is there."""

    def start(self, name: str) -> Worker:
        """Make a worker ready for one place.

        Raises:
            WorkerError: When there can't be one now.
        """

    def measured(self, answering: Ask) -> Ask:
        """Who is asked how fast it is where trainings run: what answers the page, or another."""

    def is_at(self, run: Run) -> bool:
        """Whether a training is under way there, whoever has begun it."""

    def end(self, run: Run) -> None:
        """End a training at once that another page has begun."""

    def memory_bytes(self, workers: list[Worker]) -> int | None:
        """Memory for one training: what is free, and what these idle workers have already."""

    def close(self) -> None:
        """Let go of it; what is under way goes on."""


class Here:
    """Processes of this computer."""

    fixed = True
    remembered = "machine.json"

    def __init__(self, logs: Path, weights: Path | None, places: int) -> None:
        """Start nothing yet.

        Args:
            logs: Folder for what they print.
            weights: VGG16 weights named by the person, or None.
            places: How many train at once.
        """
        self.places = places
        self.start: Callable[[str], WorkerProcess] = lambda name: _started(
            logs / f"{name}.log", weights
        )

    def measured(self, answering: Ask) -> Ask:
        """What answers the page: it is on the same computer."""
        return answering

    def is_at(self, run: Run) -> bool:
        """Whether a living process holds the run's lock."""
        return run.worked_on

    def end(self, run: Run) -> None:
        """End the process that holds the run's lock: politely, then by force."""
        pid = run.worker_pid
        if pid is not None:
            holder.end(pid, lambda: run.worked_on, PATIENCE_S)

    def memory_bytes(self, workers: list[Worker]) -> int | None:
        """What is free here, and what the workers have already, for each place."""
        free = machine.free_memory_bytes()
        if free is None:
            return None
        own = [machine.resident_bytes(worker.pid) for worker in workers]
        return (free + sum(own)) // max(1, self.places)

    def close(self) -> None:
        """Nothing is open."""


def _started(log: Path, weights: Path | None) -> WorkerProcess:
    try:
        return WorkerProcess(log, weights)
    except OSError as error:  # no memory, no file or no process is left to be had
        raise WorkerError(
            mark("The process that computes can't be started ({error}).", error=error.strerror),
            mark("Close other programs, then try again."),
        ) from error
