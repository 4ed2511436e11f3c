"""Which process is at a run, so that it can be ended by another page than the one that began it.

Whoever holds a run's lock leaves its id in the file ``worker`` beside it.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PROCESSES = Path("/proc")
_LOOK_S = 0.1


@contextmanager
def signed(folder: Path) -> Iterator[None]:
    """Leave this process's id in a run's folder; the run's lock has to be held."""
    file = folder / "worker"
    with suppress(OSError):  # on a full disk it does without: then it can't be ended from elsewhere
        file.write_text(str(os.getpid()))
    try:
        yield
    finally:
        with suppress(OSError):
            file.unlink(missing_ok=True)


def find(folder: Path) -> int | None:
    """The process that has signed last; None when nobody has, or it is another one by now."""
    try:
        pid = int((folder / "worker").read_text())
        opened = list((_PROCESSES / str(pid) / "fd").iterdir()) if _PROCESSES.exists() else None
    except (OSError, ValueError):
        return None
    if opened is None:  # a system that doesn't tell: whoever holds the lock has signed
        return pid
    return pid if any(_leads_to(each, folder / "lock") for each in opened) else None


def end(pid: int, held: Callable[[], bool], patience_s: float) -> None:
    """End a process that isn't this one's child: politely, then by force.

    Args:
        pid: Its id.
        held: Whether it holds the run's lock, which it does as long as it lives.
        patience_s: Seconds between the two.
    """
    for number in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
        if not held():
            return
        with suppress(OSError):  # it has just ended, or is another person's
            os.kill(pid, number)
        until = time.monotonic() + patience_s
        while held() and time.monotonic() < until:
            time.sleep(_LOOK_S)


def _leads_to(handle: Path, file: Path) -> bool:
    try:
        return handle.readlink() == file.resolve()
    except OSError:
        return False
