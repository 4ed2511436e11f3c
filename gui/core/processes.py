"""A worker process, seen from the page's side: start it, ask it, end it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, BinaryIO

from gui.core import notices
from gui.core.errors import FreezepointError, WorkerError
from gui.core.interpreter import ENVIRONMENT
from gui.core.obituary import AT_ONCE, cause
from gui.core.wish import Wish

Hear = Callable[[Any], None]  # called with a part of an answer

WORKER = "gui.engine.worker"  # the module that is started
_ROOT = Path(__file__).resolve().parents[2]
_LAST_WORDS_BYTES = 20_000
# When the memory runs out, the system is to end a worker and not the page, which tells of it.
# Source: proc(5), oom_score_adj: from -1000, never, to 1000, always the first.
_DISPENSABLE = "500"
_LOOK_S = 0.2  # between two looks for a wish, while another request is at work
PATIENCE_S = 5.0  # between SIGTERM and SIGKILL


@contextmanager
def _gone_unless_begun(folder: Path | None) -> Iterator[None]:
    """Leave no folder of a process that can't be started: it is tried again and again."""
    try:
        yield
    except OSError:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
        raise


class WorkerProcess:
    """A process with TensorFlow in it. It answers one request at a time, in order.

    Attributes:
        temp: Where its temporary files go; None for the system's place.
    """

    def __init__(
        self, log: Path, weights: Path | None, start: Sequence[str] = (WORKER,), **variables: str
    ) -> None:
        """Start the process; it is of use at once and quick once it has TensorFlow imported.

        Args:
            log: File that its standard error is appended to.
            weights: VGG16 weights named by the person, or None.
            start: The module that is started, and arguments before the weights.
            **variables: More of the environment.
        """
        self._name = log.stem
        self.temp = _folder(log.stem)
        command = [sys.executable, "-m", *start]
        with _gone_unless_begun(self.temp), _opened(log) as errors:
            self._log = Path(errors.name)
            self._log_begins = errors.seek(0, os.SEEK_END)
            self._process = subprocess.Popen(
                [*command, str(weights.resolve())] if weights else command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=_ROOT,
                env={**ENVIRONMENT, **os.environ, **_temporary(self.temp), **variables},
                encoding="utf-8",
                # Ctrl+C in the terminal doesn't reach a training. Nor would it in a session of its
                # own, but Linux may share its processors out among sessions before it looks at how
                # nice a process is, and then all clicks wait for the training.
                process_group=0,
            )
        with suppress(OSError):  # Linux has it
            Path(f"/proc/{self.pid}/oom_score_adj").write_text(_DISPENSABLE)
        self._turn = threading.Lock()
        self._request = ""  # what it is at, JSON
        self._closed = False
        self._mourned = False  # whether its death was told

    @property
    def alive(self) -> bool:
        """Whether the process is there."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def ask(
        self, do: str, hear: Hear | None = None, wish: Wish | None = None, **values: object
    ) -> list[Any]:
        """Send a request and wait for every part of its answer.

        Args:
            do: The worker's method.
            hear: Called with each part as it comes.
            wish: Ends the process, as soon as it is this request that it is at.
            **values: The rest of the request, JSON.

        Raises:
            FreezepointError: What the worker says went wrong.
            StoppedEarly: When it wasn't begun yet, and isn't to be.
            WorkerError: When the process ended before it had answered.
        """
        parts = []
        with self._in_turn(wish), wish.ends(self.end) if wish else nullcontext():
            for part in self._converse({"do": do, **values}):
                parts.append(part)
                if hear:
                    hear(part)
        return parts

    def is_about(self, folder: Path) -> bool:
        """Whether what it is asked now names a file in this folder."""
        return json.dumps(str(folder.resolve()))[:-1] in self._request

    def end(self) -> None:
        """End the process: politely, then by force."""
        if not self._closed and (code := self._process.poll()) is not None:
            self._mourn(code, WorkerError.__name__)  # it died while nobody asked it anything
        self._closed = True
        self._process.terminate()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue  # it died with a request unread
        if self.temp:
            shutil.rmtree(self.temp, ignore_errors=True)

    def leave(self) -> None:
        """Let it finish what it is at and end by itself."""
        if self._process.stdin:
            self._process.stdin.close()

    @contextmanager
    def _in_turn(self, wish: Wish | None) -> Iterator[None]:
        """Be the one who asks, unless it is no longer wanted."""
        while not self._turn.acquire(timeout=_LOOK_S if wish else -1):
            if wish:
                wish.check()
        try:
            yield
        finally:
            self._turn.release()

    def _converse(self, request: Mapping[str, object]) -> Iterator[Any]:
        requests, answers = self._process.stdin, self._process.stdout
        if requests is None or answers is None:
            raise TypeError
        try:
            self._request = json.dumps(request)
            requests.write(self._request + "\n")
            requests.flush()
            for line in answers:
                answer = json.loads(line)
                if "error" in answer:
                    raise _mistake(answer["error"])
                if "done" in answer:
                    self._request = ""
                    return
                yield answer["part"]
        except (BrokenPipeError, ValueError) as error:
            if not self._closed and not self._ends():
                raise
            raise self._obituary() from error
        raise self._obituary()

    def _ends(self) -> bool:
        """Whether the process is gone; one that just dies is waited for."""
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _obituary(self) -> WorkerError:
        """Why the process ended, and what to do, for a person, in English."""
        code = self._process.wait()
        if self._closed:
            ended = WorkerError(*AT_ONCE)
            ended.kind = "EndedAtOnce"
            return ended
        error = cause(code, self._last_words)
        self._mourn(code, error.kind)
        return error

    def _mourn(self, code: int, kind: str) -> None:
        if not self._mourned:
            self._mourned = True
            notices.tell(notices.WorkerDied(self._name, kind, code))

    def _last_words(self) -> str:
        """The end of what it has printed; of nothing that was there before it."""
        with suppress(OSError), self._log.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(self._log_begins, size - _LAST_WORDS_BYTES))
            return file.read().decode("utf-8", "replace")
        return ""


def _opened(log: Path) -> BinaryIO:
    """A log to add to; nowhere, on a disk that can only be read: what comes of it is told later."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        return log.open("ab")
    except OSError:
        return Path(os.devnull).open("ab")


def _mistake(told: Mapping[str, str]) -> FreezepointError:
    """What a worker says went wrong."""
    error = FreezepointError(told["what"], told["hint"])
    error.kind = told.get("kind", error.kind)
    return error


def _folder(name: str) -> Path | None:
    """A place for temporary files of one worker: TensorFlow leaves some behind when it is ended."""
    try:
        return Path(tempfile.mkdtemp(prefix=f"{name}-"))
    except OSError:  # the disk is full: it has the system's place then
        return None


def _temporary(folder: Path | None) -> dict[str, str]:
    return {"TMPDIR": str(folder)} if folder else {}
