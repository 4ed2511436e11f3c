"""The worker that answers questions, so that nobody waits for a training to end."""

import threading
from collections.abc import Callable
from typing import Any

from gui.core.errors import WorkerError
from gui.core.processes import WorkerProcess


class Answers:
    """A worker that is started when it is first asked, and replaced when it has died."""

    def __init__(self, start: Callable[[], WorkerProcess]) -> None:
        """Begin without a worker; ``start`` makes one."""
        self._start = start
        self._worker: WorkerProcess | None = None
        self._choosing = threading.Lock()
        self._closed = False

    def ask(self, do: str, **values: object) -> list[Any]:
        """Send a request and wait for its answer; a worker that dies of it is replaced once.

        Raises:
            FreezepointError: What the worker says went wrong.
            WorkerError: When the second one has died, too, or Freezepoint is closing.
        """
        try:
            return self._living().ask(do, **values)
        except WorkerError:
            if self._closed:
                raise
        try:
            return self._living().ask(do, **values)
        except WorkerError as error:
            hint = "Try again; if it happens again, choose fewer pictures at once."
            raise WorkerError(error.what, hint) from error

    def close(self) -> None:
        """End the worker; no other is started."""
        with self._choosing:
            self._closed = True
            if self._worker:
                self._worker.end()

    def _living(self) -> WorkerProcess:
        with self._choosing:
            if self._closed:
                raise WorkerError("Freezepoint is closing.", "Start it again.")
            if self._worker is None or not self._worker.alive:
                self._worker = self._start()
            return self._worker
