"""The worker that answers questions, so that nobody waits for a training to end."""

import math
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gui.core.errors import OutOfMemory, WorkerError
from gui.core.processes import Hear, WorkerProcess
from gui.core.wish import Wish
from gui.words import say

# All that taking apart an answer can raise that isn't what was asked for.
_STRANGE = (LookupError, TypeError, ValueError, AttributeError, OverflowError)


@contextmanager
def understood() -> Iterator[None]:
    """Turn what goes wrong while a worker's answer is taken apart into one message.

    Raises:
        WorkerError: When the body met a value that is missing or of another kind.
    """
    try:
        yield
    except _STRANGE as error:
        raise WorkerError(
            say("The process that computes gave an answer that can't be read."),
            say("Try again; if it happens again, start Freezepoint anew."),
        ) from error


class Answers:
    """A worker that is started when it is first asked, and replaced when it has died."""

    def __init__(self, start: Callable[[], WorkerProcess], rest_s: float = math.inf) -> None:
        """Begin without a worker.

        Args:
            start: Makes one.
            rest_s: After as many seconds without a question it is ended: it takes memory.
        """
        self._start = start
        self._rest_s = rest_s
        self._worker: WorkerProcess | None = None
        self._choosing = threading.Lock()
        self._asking = 0
        self._dismissal: threading.Timer | None = None
        self._closed = False

    def ask(
        self, do: str, hear: Hear | None = None, wish: Wish | None = None, **values: object
    ) -> list[Any]:
        """Send a request and wait for its answer; a worker that dies of it is replaced once.

        Args:
            do: The worker's method.
            hear: Called with each part of the answer as it comes.
            wish: Ends it; the worker's process goes with it.
            **values: The rest of the request, JSON.

        Raises:
            FreezepointError: What the worker says went wrong.
            StoppedEarly: When it was ended as wished.
            WorkerError: When the second one has died, too, or Freezepoint is closing.
        """
        with self._awake():
            try:
                return self._asked(do, hear, wish, values)
            except WorkerError:
                if self._closed:
                    raise
            try:
                return self._asked(do, hear, wish, values)
            except OutOfMemory as error:
                hint = say("Close other programs, then try again.")
                raise OutOfMemory(error.what, hint) from error
            except WorkerError as error:
                hint = say("Try again; if it happens again, choose fewer pictures at once.")
                raise WorkerError(error.what, hint) from error

    def _asked(
        self, do: str, hear: Hear | None, wish: Wish | None, values: Mapping[str, object]
    ) -> list[Any]:
        try:
            return self._living().ask(do, hear, wish, **values)
        except WorkerError:
            if wish:
                wish.check()
            raise

    def close(self) -> None:
        """End the worker; no other is started."""
        with self._choosing:
            self._closed = True
            if self._dismissal:
                self._dismissal.cancel()
            if self._worker:
                self._worker.end()

    def abandon(self, folder: Path) -> None:
        """End the worker if it is at files in a folder that isn't there any more.

        Who asked about them is told that they are gone; others are answered by the next worker.
        """
        with self._choosing:
            if self._worker and self._worker.is_about(folder):
                self._worker.end()
                self._worker = None

    @contextmanager
    def _awake(self) -> Iterator[None]:
        """Keep the worker as long as someone asks, and for its time of rest after that."""
        with self._choosing:
            self._asking += 1
            if self._dismissal:
                self._dismissal.cancel()
        try:
            yield
        finally:
            with self._choosing:
                self._asking -= 1
                if not self._asking and not self._closed and math.isfinite(self._rest_s):
                    self._dismissal = threading.Timer(self._rest_s, self._dismiss)
                    self._dismissal.daemon = True
                    self._dismissal.start()

    def _dismiss(self) -> None:
        with self._choosing:
            if not self._asking and self._worker:
                self._worker.end()
                self._worker = None

    def _living(self) -> WorkerProcess:
        with self._choosing:
            if self._closed:
                raise WorkerError(say("Freezepoint is closing."), say("Start it again."))
            if self._worker and not self._worker.alive:
                self._worker.end()  # it died; what it had open and left lying goes
                self._worker = None
            if self._worker is None:
                self._worker = self._start()
            return self._worker
