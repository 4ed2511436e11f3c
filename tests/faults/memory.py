"""Too little memory in caching, training, evaluating, exporting and answering: who is told what.

The real app trains and does what is done with a finished training, each time with a real limit set
in the middle of it: the system's own (a memory cgroup, in which the kernel ends a process when no
memory is left) or that of a process's address space (in which libraries are refused memory). Each
time the page has to say that it was memory, with advice that would help this training, the page's
own process has to live, and the next thing that is asked for has to work.

    python tests/faults/memory.py [--only caching,export] [--port 7847]

Prints a line for each moment, and ends with 1 when one breaks the promise. Linux; without root
there is no cgroup, and those moments are left out.
"""

import argparse
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import journey
import running
import visiting
from visiting import RefusedError, Visitor

from gui.core import lighter

_MB = 10**6
_SIZE_PX = 64
_MOST_S = 900.0  # on a busy machine
_ROOM_MB = 60  # that a limited process may still ask for
_MEMORY_WORDS = re.compile(r"memory")
_CLASSIC = {"head": "classic", "image_size": 256, "batch_size": 8, "views": 1}


@dataclass
class Verdict:
    """What came of one moment."""

    moment: str
    said: str
    wanted: str
    lives: bool
    again: str

    @property
    def kept(self) -> bool:
        """Whether the promise was."""
        told = bool(_MEMORY_WORDS.search(self.said)) and self.wanted in self.said
        return told and self.lives and self.again == "works"

    def show(self) -> None:
        """Print it."""
        print(
            f"{'ok    ' if self.kept else 'BROKEN'} {self.moment:<34} | the page's process "
            f"{'lives' if self.lives else 'IS GONE'} | after it: {self.again}\n       {self.said}",
            flush=True,
        )


class Cgroup:
    """A memory limit for a process and all that it starts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._newer = (folder.parent / "cgroup.controllers").exists()

    def hold(self, *pids: int) -> None:
        """Put processes into it."""
        for pid in pids:
            (self.folder / "cgroup.procs").write_text(str(pid))

    def leave(self, more_bytes: int | None) -> None:
        """Let so much more be used; None for all there is."""
        name = "memory.max" if self._newer else "memory.limit_in_bytes"
        none = "max" if self._newer else "-1"
        limit = none if more_bytes is None else str(self._used() + more_bytes)
        (self.folder / name).write_text(limit)

    def _used(self) -> int:
        """What its processes really hold; what the system only keeps as a courtesy is no use."""
        told = dict(map(str.split, (self.folder / "memory.stat").read_text().splitlines()))
        return int(told["anon" if self._newer else "total_rss"])


@contextmanager
def cgroup() -> Iterator[Cgroup | None]:
    """A new one; None where none can be made."""
    root = Path("/sys/fs/cgroup")
    folder = (root / "memory" if (root / "memory").is_dir() else root) / f"faults-{time.time_ns()}"
    try:
        folder.mkdir()
    except OSError:
        yield None
        return
    try:
        yield Cgroup(folder)
    finally:
        running.wait_for(lambda: not (folder / "cgroup.procs").read_text(), 60)
        folder.rmdir()


class Trial:
    """The app, one visitor, and limits."""

    def __init__(self, app: running.App, group: Cgroup | None) -> None:
        self.app, self.group = app, group
        self.someone = self.newcomer()

    def newcomer(self) -> Visitor:
        """Another person with small pictures."""
        self.someone = Visitor(self.app)
        self.someone.arrives()
        self.someone.chooses(visiting.pictures(2, 40))
        return self.someone

    def worker(self, kind: str) -> int:
        """The id of a worker that is ready."""

        def ready() -> int | None:
            pid = self.app.worker(kind)
            return pid if pid and running.memory_mb(pid) > 350 else None

        return running.wait_for(ready, 120)

    def limit(self, kind: str, more_mb: int = _ROOM_MB) -> None:
        """Let a worker have only a little more of its address space."""
        pid = self.worker(kind)
        now = int(_size(pid)) + more_mb * _MB
        resource.prlimit(pid, resource.RLIMIT_AS, (now, now))

    def said(self) -> str:
        """What the page says of the training that is open, once it has ended."""
        self.someone.waits_for_the_end(_MOST_S)
        line = self.someone.glances().get(self.someone.page.train.line)
        return f"{line['text']} {line['detail']}" if isinstance(line, dict) else str(line)

    def next_works(self) -> str:
        """Whether another, small training runs to its end."""
        try:
            someone = self.newcomer()
            someone.starts(epochs=1, image_size=_SIZE_PX)
            ended = someone.waits_for_the_end(_MOST_S)
        except (RefusedError, TimeoutError) as error:
            return str(error)
        return "works" if ended.finished else str(ended.failed)


def _size(pid: int) -> float:
    found = re.search(r"^VmSize:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M)
    return int(found[1]) * 1024 if found else 0.0


def scores(trial: Trial) -> Iterator[Verdict]:
    """Whom the system would end first."""
    running.wait_for(lambda: len(trial.app.workers()) > 1, 60)
    web = int(Path(f"/proc/{trial.app.pid}/oom_score_adj").read_text())
    found = {
        kind: int(Path(f"/proc/{pid}/oom_score_adj").read_text())
        for pid, kind in trial.app.workers().items()
    }
    said = f"memory is taken first from {found}, from the page {web}"
    first = "works" if all(each > web for each in found.values()) else "the page may go first"
    yield Verdict("oom_score_adj", said, "", trial.app.alive, first)


def caching(trial: Trial) -> Iterator[Verdict]:
    """Libraries are refused memory while the frozen part is at work."""
    someone = trial.newcomer()
    trial.limit("worker-1", 20)
    someone.starts(epochs=1, image_size=256, views=1)
    yield _of_training(trial, "caching, refused")


def training(trial: Trial) -> Iterator[Verdict]:
    """Libraries are refused memory when the classic head is built."""
    someone = trial.newcomer()
    trial.worker("worker-1")
    someone.starts(epochs=1, **_CLASSIC)
    _wait(someone, lambda h: h.cache and h.cache.what == "caching")
    trial.limit("worker-1", 700)
    yield _of_training(trial, "training, classic head, refused")


def killed(trial: Trial) -> Iterator[Verdict]:
    """The kernel ends a process in the cgroup when the classic head takes all there is."""
    if trial.group is None:
        print("left out: the kernel's own end of a process, for which a cgroup is needed")
        return
    someone = trial.newcomer()
    trial.worker("worker-1")
    someone.starts(epochs=1, **_CLASSIC)
    _wait(someone, lambda h: h.cache and h.cache.what == "caching")
    trial.group.leave(500 * _MB)
    yield _of_training(trial, "training, classic head, killed")


def afterwards(trial: Trial) -> Iterator[Verdict]:
    """Libraries are refused memory in what is done with a finished training."""
    someone = trial.newcomer()
    someone.starts(epochs=1, image_size=_SIZE_PX)
    someone.waits_for_the_end()
    results, wanted = someone.page.results, "Close other programs, then try again."
    someone.does(results.ask, "click")  # so that the workshop is there
    moments: dict[str, tuple[str, Callable[[], str]]] = {
        "evaluating": ("workshop", lambda: _refusal(lambda: someone.does(results.ask, "click"))),
        "exporting savedmodel": ("workshop", lambda: journey.makes(someone, "savedmodel")),
        "exporting litert": ("workshop", lambda: journey.makes(someone, "litert")),
        "exporting onnx": ("workshop", lambda: journey.makes(someone, "onnx")),
        "answering": ("answers", lambda: _refusal(lambda: _answers(someone))),
    }
    for name, (kind, call) in moments.items():
        call()  # so that this process is there, and has loaded what it needs
        trial.limit(kind, 0)
        said, lives = call(), trial.app.alive
        running.kill(trial.worker(kind))  # a limit can't be taken back: another one follows
        again = call() or "works"
        said = said or "(it needed no more memory than it had; memory was enough) " + wanted
        yield Verdict(f"{name}, refused", said, wanted, lives, again)


def _answers(someone: Visitor) -> None:
    shown = journey.answers(someone, visiting.pictures(2, 1))
    if "kind" not in shown:
        raise RefusedError(shown)


def _of_training(trial: Trial, moment: str) -> Verdict:
    run = trial.someone.owner.open_run
    wanted = lighter.of_run(run)
    said, lives = trial.said(), trial.app.alive
    if trial.group:
        trial.group.leave(None)
    return Verdict(moment, said, wanted, lives, trial.next_works())


def _refusal(call: Callable[[], object]) -> str:
    try:
        call()
    except RefusedError as error:
        return re.sub(r"<[^>]+>", " ", str(error)).strip()
    return ""


def _wait(someone: Visitor, found: Callable[..., object]) -> None:
    def there() -> bool:
        history = someone.history
        if not history.busy:
            raise RuntimeError(f"it has ended already: {history}")
        return bool(found(history))

    running.wait_for(there, 200, 0.02)


MOMENTS: dict[str, Callable[[Trial], Iterator[Verdict]]] = {
    each.__name__: each for each in (scores, caching, training, killed, afterwards)
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default=",".join(MOMENTS), help=f"some of: {', '.join(MOMENTS)}")
    parser.add_argument("--port", type=int, default=0)
    chosen = parser.parse_args()
    verdicts: list[Verdict] = []
    with cgroup() as group, running.App(port=chosen.port) as app:
        if group:
            group.hold(app.pid, *app.workers())
        trial = Trial(app, group)
        for name in chosen.only.split(","):
            try:
                for verdict in MOMENTS[name](trial):
                    verdicts.append(verdict)
                    verdict.show()
            except (RuntimeError, TimeoutError, RefusedError) as error:
                verdicts.append(Verdict(name, f"(the script met {error!r})", "?", True, "unknown"))
                verdicts[-1].show()
            finally:
                if group:
                    group.leave(None)
    kept = sum(each.kept for each in verdicts)
    print(f"{kept} of {len(verdicts)} moments keep the promise")
    return 0 if kept == len(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
