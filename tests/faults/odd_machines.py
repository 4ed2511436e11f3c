"""The whole way, pictures in to model out, on machines that are set up in odd ways.

Each row starts the real app as that machine would: another locale, no home or one that can't be
written, the program in a folder that can't be changed, names with spaces and 漢字, another Python,
a clock that is set in the middle of a training, few file handles, no shared memory, no terminal.
Then pictures are sent, a training runs to its end, a picture is answered and a form is made. A
second instance, a taken port and the ways to end it are tried, too.

    python tests/faults/odd_machines.py [--only clock,second] [--pythons FILE,FILE] [--port 7845]

``--pythons`` names other interpreters that have requirements.txt installed. Prints a line for each
and ends with 1 when one breaks the promise. Linux; the rows that need root, or a C compiler, say so
when they are left out.
"""

import argparse
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import clocks
import journey
import running
import visiting
from visiting import RefusedError, Visitor

from gui.core import events as stored
from gui.core.events import Batch, CacheProgress, Epoch, Measured

_SIZE_PX = 64
_ROOT_ONLY = os.geteuid() == 0
_NEGATIVE = re.compile(r"(?<![\w–])-\d")  # a duration below nothing, as a page would show it
_ENDS_S = 10.0  # that docker gives between asking and killing


class OddApp(running.App):
    """The app as an odd machine starts it.

    Attributes:
        python: What runs it.
        before: A command that it is started by.
        silent: Whether nothing of what it prints is heard.
    """

    python: str = sys.executable
    before: Sequence[str] = ()
    silent = False

    def command(self) -> list[str]:
        """What is run."""
        return [*self.before, self.python, *super().command()[1:]]

    def is_open(self, said: int) -> bool:
        """Whether the page is open."""
        if not self.silent:
            return super().is_open(said)
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False


@dataclass(frozen=True)
class Machine:
    """How a machine is set up, beside what is usual.

    Attributes:
        environment: Variables; "" for one that isn't set.
        before: A command that the program is started by; it ends in the program's.
        names: What the folder of the workspace and the classes are called.
        silent: Whether it has no terminal at all.
        python: What runs it.
        needs: What this computer needs for it, "" when it has it.
    """

    environment: Mapping[str, str] = field(default_factory=dict)
    before: Sequence[str] = ()
    names: tuple[str, str] = ("workspace", "things")
    silent: bool = False
    python: str = sys.executable
    needs: str = ""


def shell(script: str) -> tuple[str, ...]:
    """A command that does something first and then starts the program."""
    return ("sh", "-c", f'{script}; exec "$@"', "sh")


def apart(script: str) -> tuple[str, ...]:
    """The same, with mounts that nobody else sees."""
    return ("unshare", "-m", *shell(script))


_NO_ROOT = "" if _ROOT_ONLY else "root"
_ASCII = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
_CHINESE = ("工作 區", "我的 圖片 🦀")
_NOBODY = (
    "setpriv", "--reuid", "54321", "--regid", "54321", "--clear-groups",
    "--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search",
)  # fmt: skip

MACHINES: dict[str, Machine] = {
    "usual": Machine(),
    "LANG=C": Machine({"LC_ALL": "C", "LANG": "C"}, names=_CHINESE),
    "ASCII only (UTF-8 mode off)": Machine(_ASCII, names=_CHINESE),
    "Latin-1 locale": Machine({"LC_ALL": "en_US.ISO-8859-1", "PYTHONUTF8": "0"}, names=_CHINESE),
    "spaces and 漢字": Machine(names=_CHINESE),
    "HOME not set": Machine({"HOME": ""}),
    "HOME isn't there": Machine({"HOME": "/nonexistent/home"}),
    "home read-only": Machine(
        {"HOME": "/mnt"}, apart("mount -t tmpfs -o ro none /mnt"), needs=_NO_ROOT
    ),
    "user without a name or home": Machine({"HOME": ""}, _NOBODY, needs=_NO_ROOT),
    "program read-only": Machine(
        before=apart(
            f"mount --bind {running.ROOT} {running.ROOT} && "
            f"mount -o remount,ro,bind {running.ROOT} && cd {running.ROOT}"
        ),
        needs=_NO_ROOT,
    ),
    "umask 077": Machine(before=shell("umask 077")),
    "256 file handles": Machine(before=shell("ulimit -n 256")),
    "no /dev/shm": Machine(
        before=apart("umount -l /dev/shm; mount -t tmpfs -o ro,size=4k none /dev/shm"),
        needs=_NO_ROOT,
    ),
    "stdin, stdout, stderr closed": Machine(
        before=("sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh"), silent=True
    ),
    "another time zone": Machine({"TZ": "Pacific/Kiritimati"}),
}


@dataclass
class Verdict:
    """What came of one row."""

    machine: str
    found: str = "the whole way"
    seconds: float = 0.0
    left_out: bool = False

    @property
    def kept(self) -> bool:
        """Whether the promise was."""
        return self.left_out or self.found.startswith(_GOOD)

    def show(self) -> None:
        """Print it."""
        mark = "left out" if self.left_out else "ok" if self.kept else "BROKEN"
        print(f"{mark:<8} {self.machine:<30} {self.seconds:5.0f} s  {self.found}", flush=True)


_GOOD = ("the whole way", "refused", "ended")


@contextlib.contextmanager
def app_on(machine: Machine, port: int, program: Path | None = None) -> Iterator[OddApp]:
    """The app, running on such a machine; what it left open is gone afterwards."""
    environment = {name: value for name, value in machine.environment.items() if value}
    app = OddApp(port=port, environment=environment)
    gone = [name for name, value in machine.environment.items() if not value]
    app.before = [*(("env", *(f"-u{name}" for name in gone)) if gone else ()), *machine.before]
    app.python, app.silent = machine.python, machine.silent
    app.program = program or app.program
    app.workspace = app.folder / machine.names[0]
    app.workspace.mkdir()
    for each in (app.folder, app.workspace, app.temp):
        each.chmod(0o777)
    with app:
        yield app


def whole_way(app: running.App, names: str = "things", someone: Visitor | None = None) -> str:
    """Pictures in, training, answer, model out: "the whole way", or where it ended."""
    stays, someone = someone is not None, someone or Visitor(app)
    try:
        someone.arrives()
        files = [(rel.replace("things", names).replace("kind", names), content)
                 for rel, content in visiting.pictures(2, 8)]  # fmt: skip
        someone.chooses(files)
        someone.starts(epochs=1, image_size=_SIZE_PX)
        ended = someone.waits_for_the_end()
        if not ended.finished:
            return f"the training: {ended.failed}"
        answered = journey.answers(someone, files[:1])
        if names not in answered:
            return f"the answer: {answered}"
        for form in ("onnx", "report"):
            if told := journey.makes(someone, form):
                return f"{form}: {told}"
    except (RefusedError, TimeoutError) as error:
        return re.sub(r"<[^>]+>", " ", f"{error}")
    finally:
        if not stays:
            someone.leaves()
    return "the whole way"


def tried(name: str, call: Callable[[], str]) -> Verdict:
    """Let a row run, and print what came of it."""
    began = time.monotonic()
    try:
        verdict = Verdict(name, call())
    except (RuntimeError, TimeoutError, OSError, AssertionError) as error:
        verdict = Verdict(name, f"({type(error).__name__}: {error})")
    verdict.seconds = time.monotonic() - began
    verdict.show()
    return verdict


def on(machine: Machine, port: int) -> str:
    """The whole way on a machine."""
    with app_on(machine, port) as app:
        return whole_way(app, machine.names[1])


def elsewhere(port: int) -> str:
    """The whole way with the program itself in a folder whose name has spaces and 漢字."""
    with tempfile.TemporaryDirectory(prefix="冰 點 ") as place:
        program = Path(place, "程式 copy")
        for part in ("gui", "assets", "app.py"):
            source = running.ROOT / part
            copy = shutil.copytree if source.is_dir() else shutil.copy
            program.mkdir(exist_ok=True)
            copy(source, program / part)
        with app_on(Machine(names=_CHINESE), port, program) as app:
            return whole_way(app, _CHINESE[1])


def second(port: int) -> str:
    """A second instance on the same workspace is refused, the first one is as before."""
    with app_on(Machine(), port) as app:
        said = _refused(app.workspace, running.free_port())
        if "is open on" not in said or "--workspace" not in said:
            return f"it said: {said}"
        if (way := whole_way(app)) != "the whole way":
            return f"the first one then: {way}"
        app.kill()
        app.start()  # at once: the lock of what was killed holds nobody up
        return f"refused: {said.strip()} And right after kill -9: {whole_way(app)}"


def taken_port(port: int) -> str:
    """A port that another program has is told, with what to do."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        said = _refused(Path(folder), port)
    return f"refused: {said.strip()}" if f"--port {port + 1}" in said else f"it said: {said}"


def _refused(workspace: Path, port: int) -> str:
    command = [sys.executable, "app.py", "--no-browser", "--port", str(port)]
    done = subprocess.run(
        [*command, "--workspace", workspace], cwd=running.ROOT, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip
    lines = (done.stdout + done.stderr).strip().splitlines()
    return done.stderr if done.returncode == 1 and len(lines) == 1 else f"{done}"


def clock(port: int, offset_s: int) -> str:
    """The clock is set in the middle of caching, and set back in the middle of learning."""
    with clocks.made() as clock, app_on(Machine(clock.environment), port) as app:
        return _clock_set(app, clock, offset_s)


def _clock_set(app: OddApp, clock: clocks.Clock, offset_s: int) -> str:
    someone = Visitor(app)
    someone.arrives()
    someone.chooses(visiting.pictures(2, 40))
    someone.starts(epochs=15, image_size=96, patience=0)
    shown: list[str] = []

    def look(until: Callable[[Any], object]) -> None:
        while someone.history.busy and not until(someone.history):
            shown.append(str(someone.glances().get(someone.page.train.line)))
            time.sleep(0.2)

    look(lambda h: h.cache and h.cache.what == "caching" and h.cache.done)
    if lacking := [pid for pid in (app.pid, *app.workers()) if not clock.is_that_of(pid)]:
        return f"the clock is not that of {lacking}"
    clock.set(offset_s)
    look(lambda h: len(h.epochs) > 2)
    clock.set(0)
    look(lambda _: False)
    shown.append(str(someone.glances().get(someone.page.train.line)))
    ended, run = someone.history, someone.owner.open_run
    if not ended.finished or [each.epoch for each in ended.epochs] != list(range(1, 16)):
        return f"{ended.state}, {len(ended.epochs)} epochs"
    lengths = [*_lengths(stored.read(run.path / "events.jsonl"))]
    odd = [each for each in lengths if not 0 <= each < 3600]
    if odd:
        return f"lengths of time in the events: {odd[:5]}"
    if wrong := [each for each in shown if _NEGATIVE.search(each)]:
        return f"the page: {wrong[0]}"
    progress = sum("batch" in each or "of 15" in each for each in shown)
    someone.leaves()
    return (
        f"the whole way ({len(lengths)} lengths of time in order, {progress} looks with progress)"
    )


def _lengths(events: Iterator[Any]) -> Iterator[float]:
    for event in events:
        match event:
            case Batch() | CacheProgress():
                yield event.eta_s or 0.0
            case Epoch() | Measured():
                yield event.seconds


def ending(port: int, number: signal.Signals, moment: str) -> str:
    """It ends in a clean way within seconds, whatever it is at."""
    with app_on(Machine(), port) as app:
        someone = Visitor(app)
        someone.arrives()
        if moment == "idle":
            running.wait_for(lambda: len(app.workers()) > 1, 60)
            time.sleep(15)
        if moment == "training":
            someone.chooses(visiting.pictures(2, 8))
            someone.starts(epochs=30, image_size=_SIZE_PX, patience=0)
            running.wait_for(lambda: someone.history.epochs, 120)
        someone.leaves()
        began = time.monotonic()
        os.kill(app.pid, number)
        app.process.wait(60)
        seconds, code = time.monotonic() - began, app.process.returncode
        if seconds > _ENDS_S or code != 0:
            return f"took {seconds:.1f} s, exit code {code}: {app.said()[-300:]}"
        if moment == "training":
            running.wait_for(lambda: someone.history.finished, 120)
        running.wait_for(lambda: not app.everything(), 30)
        return f"ended in {seconds:.1f} s, exit code 0, nothing of it is left running"


def rows(port: int, pythons: Sequence[str]) -> Iterator[tuple[str, str, Callable[[], str]]]:
    """Every row: its name, what is lacking for it, and what it does."""
    for name, machine in MACHINES.items():
        yield name, machine.needs, lambda machine=machine: on(machine, port)
    for python in pythons:
        named = subprocess.run([python, "--version"], capture_output=True, text=True).stdout.strip()
        yield named, "", lambda python=python: on(Machine(python=python), port)
    yield "program in 冰 點/程式 copy", "", lambda: elsewhere(port)
    yield "second instance", "", lambda: second(port)
    yield "port taken", "", lambda: taken_port(port)
    lacking = "" if clocks.COMPILER else "a C compiler"
    for words, offset_s in (
        ("clock back an hour", -3600), ("clock back a day", -86_400), ("clock on a day", 86_400),
    ):  # fmt: skip
        yield words, lacking, lambda offset_s=offset_s: clock(port, offset_s)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        for moment in ("start", "idle", "training"):
            yield f"{number.name}, {moment}", "", lambda n=number, m=moment: ending(port, n, m)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help="rows whose name has one of these in it")
    parser.add_argument("--pythons", default="", help="other interpreters to try")
    parser.add_argument("--port", type=int, default=0)
    chosen = parser.parse_args()
    verdicts = []
    wanted = chosen.only.split(",")
    pythons = [each for each in chosen.pythons.split(",") if each]
    for name, lacking, call in rows(chosen.port or running.free_port(), pythons):
        if not any(each in name for each in wanted):
            continue
        if lacking:
            verdicts.append(Verdict(name, f"this needs {lacking}", left_out=True))
            verdicts[-1].show()
        else:
            verdicts.append(tried(name, call))
    kept = sum(each.kept for each in verdicts)
    print(f"{kept} of {len(verdicts)} rows keep the promise")
    return 0 if kept == len(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
