"""The real app for scripts: started in a process of its own, looked at from outside, and ended.

Everything that it starts carries a mark in its environment, by which it is found and ended at the
end, a worker that outlives the page too. Linux only. ``python tests/faults/running.py`` starts it
once, prints what is told of it, and ends it.

    with running.App(port=7890) as app:
        someone = visiting.Visitor(app)
"""

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self, TypeVar

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # a script's own folder is there; gui is not

Found = TypeVar("Found")

_MARK = "FREEZEPOINT_STARTED_BY"
_READY_S = 120.0
_PATIENCE_S = 40.0  # from asking the app to end until it is made to


class App:
    """The running program, its workspace and its system temp folder.

    Attributes:
        workspace: Where it keeps everything; in ``folder`` unless another was named.
        folder: A temporary folder that is gone after the ``with``.
        temp: The folder that it takes for the system's temporary files, in ``folder``.
        log: What it and its workers' starter print.
        address: Where it answers.
        program: The folder that it is started in, this checkout unless set otherwise.
    """

    def __init__(
        self,
        *flags: str,
        port: int = 0,
        workspace: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Know how to start it; that happens at the beginning of the ``with``.

        Args:
            *flags: More of the command line.
            port: Where it listens; 0 for any that is free.
            workspace: Where it keeps everything; it is left there then.
            environment: What is set for it beside what is set here.
        """
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.folder = Path(tempfile.mkdtemp(prefix="freezepoint-faults-"))
        self.workspace = workspace or self.folder / "workspace"
        self.temp = self.folder / "temp"
        self.temp.mkdir()
        self.log = self.folder / "app.log"
        self._mark = secrets.token_hex(8)
        self.environment = {"TMPDIR": str(self.temp), **(environment or {}), _MARK: self._mark}
        self.program = ROOT
        self._flags = flags
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.stop()
        finally:
            for pid in self.everything():
                kill(pid)
            shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> float:
        """Start it, again if need be; returns the seconds until it answered.

        Raises:
            RuntimeError: When it ended instead; with what it printed.
        """
        began = time.monotonic()
        said = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.program,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
            )
        process = self.process

        def open_now() -> bool:
            if process.poll() is not None:
                raise RuntimeError(self.said(said))
            return self.is_open(said)

        wait_for(open_now, _READY_S, 0.05)
        return time.monotonic() - began

    def command(self) -> list[str]:
        """What is run, in the folder ``program``."""
        command = [sys.executable, "app.py", "--no-browser", "--port", str(self.port)]
        return [*command, "--workspace", str(self.workspace), *self._flags]

    def is_open(self, said: int) -> bool:
        """Whether the page is open, as it tells after so many bytes of what it printed."""
        return "Freezepoint is open at" in self.said(said)

    def said(self, after: int = 0) -> str:
        """What it has printed, after so many bytes."""
        return self.log.read_bytes()[after:].decode(errors="replace")

    @property
    def pid(self) -> int:
        """The id of the web process."""
        if self.process is None:
            raise RuntimeError("not started")
        return self.process.pid

    @property
    def alive(self) -> bool:
        """Whether the web process is there."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> int | None:
        """Ctrl+C; returns the exit code. A training under way goes on by itself, as promised."""
        if self.process is not None and self.alive:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.returncode if self.process else None

    def kill(self) -> None:
        """``kill -9`` of the web process alone."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def everything(self) -> list[int]:
        """The ids of all that it started and that still runs, itself among them."""
        return [pid for pid in _all_pids() if _environment(pid).get(_MARK) == self._mark]

    def workers(self) -> dict[int, str]:
        """Its worker processes, orphans too: id, and what it is: "worker-1", "answers" …"""
        found = {}
        for pid in self.everything():
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
                told = Path(f"/proc/{pid}/fd/2").readlink().name
            except OSError:
                continue  # it has just ended
            if b"gui.engine.worker" in command:
                found[pid] = told.partition(".log")[0]
        return found

    def worker(self, kind: str) -> int | None:
        """The id of one kind of worker; None when there is none."""
        return next((pid for pid, each in self.workers().items() if each == kind), None)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(look: Callable[[], Found], most_s: float, every_s: float = 0.2) -> Found:
    """Look until something is found, and return it.

    Raises:
        TimeoutError: When nothing was in that time.
    """
    until = time.monotonic() + most_s
    while True:
        if found := look():
            return found
        if time.monotonic() > until:
            raise TimeoutError(f"nothing in {most_s:g} s from {look.__qualname__}")
        time.sleep(every_s)


def kill(pid: int, number: int = signal.SIGKILL) -> bool:
    """Send a signal; whether the process was there."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def is_alive(pid: int) -> bool:
    """Whether a process is there and not only waits to be buried."""
    told = _read(pid, "stat")
    return bool(told) and told.rpartition(")")[2].split()[0] != "Z"


def memory_mb(pid: int) -> float:
    """Resident memory, in 10**6 bytes; 0 for a process that is gone."""
    return _kilobytes(_read(pid, "status"), "VmRSS")


def peak_mb(pid: int) -> float:
    """The most resident memory it ever had, in 10**6 bytes."""
    return _kilobytes(_read(pid, "status"), "VmHWM")


def proportional_mb(pid: int) -> float:
    """Memory with what is shared divided among those who share it, in 10**6 bytes."""
    return _kilobytes(_read(pid, "smaps_rollup"), "Pss")


def threads(pid: int) -> int:
    """How many threads it has."""
    found = re.search(r"^Threads:\s+(\d+)", _read(pid, "status"), re.M)
    return int(found[1]) if found else 0


def handles(pid: int) -> list[str]:
    """What its open file handles lead to."""
    try:
        links = list(Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return []
    return [led for each in links if (led := _readlink(each))]


def processor_s(pid: int) -> float:
    """Seconds of a processor that it has used; 0 for a process that is gone."""
    fields = _read(pid, "stat").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def files_below(folder: Path) -> tuple[int, int]:
    """How many files lie in a folder and below, and their bytes."""
    count = size = 0
    for place, _, names in os.walk(folder):  # which passes over what is deleted at this moment
        for name in names:
            try:
                size += Path(place, name).lstat().st_size
            except OSError:
                continue
            count += 1
    return count, size


def _all_pids() -> list[int]:
    return [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]


def _environment(pid: int) -> dict[str, str]:
    pairs = (each.partition("=") for each in _read(pid, "environ").split("\0"))
    return {name: value for name, _, value in pairs}


def _read(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(errors="replace")
    except OSError:
        return ""


def _readlink(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return ""


def _kilobytes(told: str, name: str) -> float:
    found = re.search(rf"^{name}:\s+(\d+) kB", told, re.M)
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def main() -> None:
    with App() as app:
        wait_for(lambda: len(app.workers()) > 1, _READY_S)
        for pid, kind in {app.pid: "web", **app.workers()}.items():
            print(
                f"{kind} {pid}: {memory_mb(pid):.0f} MB ({proportional_mb(pid):.0f} MB its own), "
                f"{len(handles(pid))} handles, {threads(pid)} threads, {processor_s(pid):.1f} s"
            )
        print(app.address, app.workspace)


if __name__ == "__main__":
    main()
