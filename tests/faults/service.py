"""The systemd unit as printed, under a real systemd: a restart, a stop, a dead worker, the sandbox.

    python tests/faults/clean_root.py --keep /tmp/root && python tests/faults/service.py /tmp/root

The root that ``clean_root.py`` has left gets systemd (with apt), this checkout's program and
``.deploy/freezepoint.service`` on top of it, in an overlay that is thrown away, and is booted with
systemd-nspawn in a network of its own. Then: the page and the figures answer there; a visitor goes
the whole way under the unit's sandbox; a training goes on through "systemctl restart", is taken up
by the next page, and ends whole; another goes on through "systemctl stop" until "systemctl kill"; a
worker that the system kills ends no page; nothing of the system can be written; and the journal
holds JSON lines.

Prints a line for each and ends with 1 when one breaks the promise. Linux, as root, with
systemd-nspawn and overlayfs.
"""

import argparse
import ctypes
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import odd_machines
import running
import visiting
from visiting import RefusedError

_UNIT = "freezepoint.service"
_PATIENCE_S = 400.0
_PACKAGES = "systemd systemd-sysv dbus python3.11-venv procps curl"
_READY = (
    "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "
    f"--no-install-recommends {_PACKAGES} && "
    "python3.11 -m venv --system-site-packages --without-pip /opt/freezepoint/.venv"
)
_MOUNTED = 'mount -t proc proc "$1/proc"; mount --rbind /dev "$1/dev"; exec chroot "$1" sh -c "$2"'


class Service:
    """The booted machine, and the program in it as a visitor has to know it.

    Attributes:
        port: Where it listens, in its own network.
        address: Where it answers there.
        workspace: Where it keeps everything, seen from outside.
        environment: Nothing that makes the page another.
    """

    def __init__(self, root: Path, leader: int = 0) -> None:
        self.root, self.leader = root, leader
        self.port = 7860
        self.address = f"http://127.0.0.1:{self.port}"
        self.workspace = root / "var/lib/freezepoint"
        self.environment: dict[str, str] = {}

    def run(self, *words: str) -> str:
        """What a command in it prints."""
        inside = ["nsenter", "--target", str(self.leader), "--all", *words]
        return subprocess.run(inside, capture_output=True, text=True, check=False).stdout.strip()

    def control(self, verb: str) -> None:
        """``systemctl`` on the unit."""
        self.run("systemctl", verb, _UNIT)

    @property
    def state(self) -> str:
        """As systemd has it: "active"."""
        return self.run("systemctl", "is-active", _UNIT)

    @property
    def workers(self) -> list[int]:
        """The worker processes' ids, as they are numbered in there."""
        return [int(each) for each in self.run("pgrep", "-f", "gui.engine.worker").split()]

    @property
    def main(self) -> str:
        """The page's process id in there."""
        return self.run("systemctl", "show", "-P", "MainPID", _UNIT)

    def journal(self) -> list[str]:
        """What the program has said."""
        told = self.run("journalctl", "-u", _UNIT, "-o", "cat", "--no-pager", "_COMM=python")
        return told.splitlines()

    def events(self, name: str) -> int:
        """How many lines of the journal tell of this."""
        return sum(f'"event": "{name}"' in each for each in self.journal())

    def is_open(self) -> bool:
        """Whether the page is there."""
        asked = ("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", self.address)
        return self.run(*asked) == "200"


@contextmanager
def booted(root: Path) -> Iterator[Service]:
    """The machine with the unit, in an overlay; this process joins its network."""
    with tempfile.TemporaryDirectory(prefix="freezepoint-boot-") as folder:
        top, work, place = (Path(folder, each) for each in ("top", "work", "root"))
        for each in (top, work, place):
            each.mkdir()
        place.chmod(0o755)
        overlay = f"lowerdir={root},upperdir={top},workdir={work}"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", overlay, str(place)], check=True)
        try:
            apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", _MOUNTED]
            ready = subprocess.run(
                [*apart, "sh", str(place), _READY], capture_output=True, text=True, check=False
            )
            if ready.returncode:
                raise SystemExit(ready.stderr[-800:])
            program = place / "opt/freezepoint"
            for part in ("gui", "assets"):  # this checkout's, as it is now
                shutil.copytree(running.ROOT / part, program / part, dirs_exist_ok=True)
            shutil.copy(running.ROOT / "app.py", program / "app.py")
            system = place / "etc/systemd/system"
            shutil.copy(running.ROOT / ".deploy" / _UNIT, system / _UNIT)
            (system / "multi-user.target.wants").mkdir(exist_ok=True)
            (system / "multi-user.target.wants" / _UNIT).symlink_to(f"../{_UNIT}")
            with _boot(place, Path(folder, "boot.log")) as leader:
                _join(leader)
                yield Service(place, leader)
        finally:
            subprocess.run(["umount", "-R", str(place)], check=False)


@contextmanager
def _boot(place: Path, log: Path) -> Iterator[int]:
    command = ["systemd-nspawn", "--quiet", "-D", str(place), "--boot", "--private-network"]
    with log.open("wb") as told:
        outer = subprocess.Popen(
            [*command, "--register=no", "--keep-unit", "--console=pipe"],
            stdin=subprocess.DEVNULL, stdout=told, stderr=told,
        )  # fmt: skip
    try:
        children = Path(f"/proc/{outer.pid}/task/{outer.pid}/children")
        yield running.wait_for(lambda: _number(children.read_text()), 60)
    finally:
        outer.send_signal(signal.SIGTERM)
        try:
            outer.wait(60)
        except subprocess.TimeoutExpired:
            outer.kill()
            outer.wait()


def _number(listed: str) -> int:
    return int((listed.split() or ["0"])[0])


def _join(leader: int) -> None:
    """Be in a process's network, as is whatever this process starts from now on."""
    with Path(f"/proc/{leader}/ns/net").open() as there:
        if ctypes.CDLL(None, use_errno=True).setns(there.fileno(), 0):
            raise OSError(ctypes.get_errno(), "setns")


def answers(service: Service) -> str:
    """The page, the figures, and the health of the unit."""
    running.wait_for(service.is_open, _PATIENCE_S, 1)
    figures = service.run("curl", "-s", "http://127.0.0.1:9860/metrics")
    if "freezepoint_queue_length 0.0" not in figures:
        return f"the figures are: {figures[:100]}"
    return "" if service.state == "active" else service.state


def sandbox(service: Service) -> str:
    """No rights, no new ones, system calls filtered, and nothing of the system to be written."""
    status = service.run("cat", f"/proc/{service.main}/status")
    held = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    if (held["NoNewPrivs"], held["Seccomp"], int(held["CapEff"], 16)) != ("1", "2", 0):
        return status
    if held["Uid"].split()[0] == "0":
        return "it runs as root"
    inside = ("nsenter", "--target", service.main, "--mount", "sh", "-c")
    for folder in ("/etc", "/usr/bin", "/opt/freezepoint", "/home"):
        if service.run(*inside, f"touch {folder}/x 2>/dev/null && echo written"):
            return f"{folder} can be written"
    return ""


def way(service: Service) -> str:
    """What ``odd_machines`` has a visitor do."""
    told = odd_machines.whole_way(service)  # type: ignore[arg-type]
    return "" if told == "the whole way" else told


def restart(service: Service) -> str:
    """A training goes on through a restart, is taken up, and ends whole."""
    someone = _training(service)
    reached, workers, page = len(someone.history.epochs), service.workers, service.main
    service.control("restart")
    running.wait_for(service.is_open, _PATIENCE_S, 0.5)
    if service.main == page:
        return "it wasn't restarted"
    running.wait_for(lambda: service.events("training_adopted") == 1, 60)
    running.wait_for(lambda: len(someone.history.epochs) > reached + 2, 120)
    if not set(workers) & set(service.workers):
        return "its worker is gone"
    run = someone.owner.open_run
    run.request_stop()
    running.wait_for(lambda: not someone.history.busy, 120)
    numbers = [each.epoch for each in someone.history.epochs]
    if someone.history.state != "stopped" or numbers != list(range(1, len(numbers) + 1)):
        return f"{someone.history.state}, epochs {numbers}"
    someone.leaves()
    return ""


def stop(service: Service) -> str:
    """A training goes on when the service is stopped, until it is killed; then the page tells."""
    someone = _training(service)
    began = time.monotonic()
    service.control("stop")
    seconds, reached = time.monotonic() - began, len(someone.history.epochs)
    running.wait_for(lambda: len(someone.history.epochs) > reached + 2, 120)
    service.control("kill")
    running.wait_for(lambda: not service.workers, 60)
    service.control("start")
    running.wait_for(service.is_open, _PATIENCE_S, 0.5)
    running.wait_for(lambda: someone.history.failed, 60)
    print(f"{'':<6} stopped within {seconds:.1f} s; then: {someone.history.failed.what}")
    someone.leaves()
    return "" if seconds < 30 else "the stop took too long"


def memory(service: Service) -> str:
    """A worker that the system kills is told, and the page stays."""
    someone, page = _training(service), service.main
    run = someone.owner.open_run
    service.run("kill", "-KILL", (run.path / "worker").read_text().strip())
    running.wait_for(lambda: someone.history.failed, 60)
    if service.main != page or service.state != "active":
        return "the page went with it"
    someone.leaves()
    return "" if service.events("worker_died") == 1 else "no line tells of it"


def lines(service: Service) -> str:
    """All that it said is JSON, but for what a terminal would be told."""
    odd = [each for each in service.journal() if not each.startswith(("{", "Freezepoint is open"))]
    odd = [each for each in odd if "goes on by itself" not in each]
    for each in service.journal():
        if each.startswith("{"):
            json.loads(each)
    return "; ".join(odd)[:300]


def _training(service: Service) -> visiting.Visitor:
    """Somebody whose training has some epochs and is far from its end."""
    someone = visiting.Visitor(service)  # type: ignore[arg-type]
    someone.arrives()
    someone.chooses(visiting.pictures(2, 8))
    someone.starts(epochs=500, image_size=64, patience=0)
    running.wait_for(lambda: len(someone.history.epochs) > 2, _PATIENCE_S)
    return someone


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("root", type=Path, help="what clean_root.py --keep has left")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and leave nothing behind
    broken = 0
    with booted(chosen.root.resolve()) as service:
        for call in (answers, sandbox, way, restart, stop, memory, lines):
            began = time.monotonic()
            try:
                told = call(service)
            except (TimeoutError, OSError, LookupError, RefusedError, httpx.HTTPError) as error:
                told = f"{type(error).__name__}: {error}"
            broken += bool(told)
            mark = "BROKEN" if told else "ok"
            name = (call.__doc__ or "").splitlines()[0]
            print(f"{mark:<6} {time.monotonic() - began:6.1f} s  {name}  {told}", flush=True)
    print(f"{broken} of 7 broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
