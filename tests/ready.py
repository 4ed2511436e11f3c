"""A process that has TensorFlow imported already, and becomes what a test starts: ``python -m``.

Each command is a process of its own, forked from that one: arguments, environment, folder, standard
streams, signals and exit code are its own, as of one that began anew. Only the five seconds of
importing TensorFlow are spent once, not by each. What is about the beginning or the end of a
process itself, or goes by a signal that can't be passed on, is started anew by its test.
"""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# What a test starts instead of Python: it hands its own standard streams over, passes signals on,
# and ends as the command ends.
STAND_IN = """
import json, os, signal, socket, sys
place, *asked = sys.argv[1:]
with socket.socket(socket.AF_UNIX) as speaking:
    speaking.connect(place)
    socket.send_fds(speaking, [b"."], [0, 1, 2])
    told = {"asked": asked, "environment": dict(os.environ), "folder": os.getcwd()}
    speaking.sendall(json.dumps(told).encode() + b"\\n")
    answers = speaking.makefile()
    pid = int(answers.readline())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: os.kill(pid, number))
    code = int(answers.readline())
if code < 0:
    signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
os._exit(code)
"""

COMMAND = "import sys; from gui.__main__ import main; sys.exit(main())"


class Ready:
    """Where commands begin with TensorFlow imported."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def command(self, *arguments: object, code: str = COMMAND) -> list[str]:
        """What to start as ``python -m gui`` with these arguments; or as other code."""
        start = [sys.executable, "-I", "-S", "-c", STAND_IN, str(self._place)]
        return [*start, code, *map(str, arguments)]


@contextmanager
def open_ready(folder: Path) -> Iterator[Ready]:
    """Start it; it ends with the block."""
    from gui.core.processes import ENVIRONMENT

    place = folder / "ready"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.ready", str(place)],
        cwd=ROOT, env={**os.environ, **ENVIRONMENT},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout.readline() == "ready\n"
        yield Ready(place)
    finally:
        process.stdin.close()
        process.wait(60)
        process.stdout.close()


def wait_for_a_command(place: str) -> str:
    """Be the one who waits, until standard input ends; returns in the process of each command."""
    with socket.socket(socket.AF_UNIX) as waiting:
        waiting.bind(place)
        waiting.listen()
        print("ready", flush=True)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a watcher ended
        while True:
            heard, _, _ = select.select([waiting, sys.stdin], [], [])
            if sys.stdin in heard:
                os._exit(0)
            asking, _ = waiting.accept()
            with asking:
                if os.fork() == 0:
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    waiting.close()
                    return _begin(asking)


def _begin(asking: socket.socket) -> str:
    """Fork once more: this one tells how the command ends, which returns with what it is to do."""
    _, streams, _, _ = socket.recv_fds(asking, 1, 3)
    told = json.loads(asking.makefile().readline())
    if pid := os.fork():
        for each in (*streams, 0, 1, 2):
            os.close(each)
        asking.sendall(f"{pid}\n".encode())
        _, status = os.waitpid(pid, 0)
        asking.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
        os._exit(0)
    asking.close()
    for number, each in enumerate(streams):
        os.dup2(each, number)
        os.close(each)
    os.environ.clear()
    os.environ.update(told["environment"])
    os.chdir(told["folder"])
    code, *sys.argv[1:] = told["asked"]
    return code


def run(code: str) -> int:
    """Run it to its end, its threads and what it registered for the end too; returns exit code.

    What is left then is to give every module back, which takes a forked process a second.
    """
    ended: int | str | None = 0
    try:
        exec(compile(code, "<command>", "exec"), {"__name__": "__main__"})
    except SystemExit as error:
        ended = error.code
    except BaseException:
        traceback.print_exc()
        ended = 1
    threading._shutdown()
    atexit._run_exitfuncs()
    if isinstance(ended, str):
        print(ended, file=sys.stderr)
        ended = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return ended or 0


if __name__ == "__main__":
    import gui.__main__
    import gui.engine.worker  # noqa: F401 - it only has to be there

    os._exit(run(wait_for_a_command(sys.argv[1])))
