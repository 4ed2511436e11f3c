"""A scheduler and computers of a cluster, each a process as the README starts it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

import distributed

ROOT = Path(__file__).resolve().parents[2]
QUIET = {"DASK_LOGGING__DISTRIBUTED": "error"}


class Computers:
    """A cluster on this computer, ended after use."""

    def __init__(self, folder: Path, port: int, **environment: str) -> None:
        """Start nothing yet.

        Args:
            folder: For what the computers write.
            port: Of the scheduler.
            **environment: More of it for each computer.
        """
        self.address = f"tcp://127.0.0.1:{port}"
        self.port = port
        self.folder = folder
        self._environment = {**os.environ, **QUIET, **environment}
        self._scheduler: subprocess.Popen[bytes] | None = None
        self.joined: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for each in self.joined:
            self.lose(each)
        self.close()

    def open(self) -> None:
        """Start the scheduler."""
        asked = ["scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard"]
        asked += ["--dashboard-address", "127.0.0.1:0"]  # what is served beside it
        self._scheduler = self._start(asked, {})

    def close(self) -> None:
        """End the scheduler."""
        if self._scheduler:
            self._scheduler.terminate()
            self._scheduler.wait()

    def join(self, *more: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start a computer; it is there a moment later."""
        place = self.folder / f"computer-{len(self.joined)}"
        asked = ["worker", self.address, "--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard"]
        asked += ["--no-nanny", "--local-directory", str(place), *more]
        self.joined.append(self._start(asked, environment))
        return self.joined[-1]

    def wait_for(self, count: int, seconds: float = 60.0) -> None:
        """Wait until so many computers are there."""
        with distributed.Client(self.address, timeout=seconds, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=seconds)

    def lose(self, computer: subprocess.Popen[bytes]) -> None:
        """Pull the plug of a computer."""
        with suppress(ProcessLookupError):
            os.kill(computer.pid, signal.SIGKILL)
        computer.wait()

    def _start(self, asked: Sequence[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
        log = self.folder / "cluster.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as printed:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *asked],
                cwd=ROOT,  # where Python finds Freezepoint
                env={**self._environment, **environment},
                stdout=printed,
                stderr=printed,
                start_new_session=True,
            )


def processes_of(pid: int) -> list[int]:
    """Ids of the processes that a process has started and that are alive."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    found: list[int] = []
    for task in path.parent.parent.iterdir() if path.exists() else ():
        with suppress(OSError):
            found += [int(each) for each in (task / "children").read_text().split()]
    return found


def wait_until(true, seconds: float = 60.0, why: str = "waited in vain"):
    """What a function returns as soon as it is something."""
    until = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < until, why
        time.sleep(0.05)
    return found
