"""Fifty ``kill -9`` while a training writes: always one loadable checkpoint, true to the events.

``python tests/faults/checkpoint_kills.py [--kills 50] [--seed 0]``. Linux only.

A small training of two phases (64 px, the compact head, then block5_conv3 too) is killed again and
again and goes on each time, in processes of their own that run the worker's own code. Every second
kill comes at a seam of the writing: in an array, before and after each fsync, between the temporary
file and its name, between weights, event and checkpoint. The others come at a random moment after a
temporary file has appeared. After each, nothing may be damaged: the checkpoint is whole and of the
last epoch that was told or the one before, no epoch is missing or told of twice, and what is kept
as the best is of the epoch that the events call the best.

At the end the curve is held against that of the same training, never killed; then its events are
cut at every byte. Printed: where the kills came, and how far the curves lie apart.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import visiting
from curves import TOLERANCE, apart

from gui.core import events, ingest, new_run, split
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.history import fold
from gui.core.runs import Run
from gui.engine import arrays, attempt, checkpoints, processors
from gui.engine.weights import Weights, find

# Between what a kill comes, and how many there are of it in an epoch or two.
SEAMS = (
    ("before rename", 4),  # a whole temporary file, or an epoch told whose weights aren't the best
    ("after rename", 4),
    ("before fsync", 6),
    ("after fsync", 6),
    ("before array", 60),  # in the middle of an archive
    ("after array", 60),
)
_HEAD_EPOCHS = 8
_MOST_S = 600.0


def prepare(folder: Path, pictures: Path, epochs: int) -> Run:
    """A new run of all pictures in a folder."""
    chosen = {"image_size": 64, "freeze_point": "block5_conv3", "views": 2, "epochs": epochs}
    chosen |= {"head_epochs": _HEAD_EPOCHS, "patience": 0, "batch_size": 16, "head_rate": 0.003}
    config = Config(ModelSettings.read(chosen), TrainSettings.read(chosen))
    data = ingest.read(ingest.walk(pictures), pictures)
    divided = split.by(config.train, data)
    return new_run.create(folder, config, divided, pictures, "killed", time.time())


def spawn(body: Callable[[], None]) -> int:
    """Let a process of its own do something: TensorFlow is imported, and nothing of it has run."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        processors.limit_threads()
        body()
        code = 0
    except BaseException as error:  # told here: nobody else would
        print(f"  the training itself failed: {error!r}", flush=True)
    os._exit(code)


def ended(pid: int) -> int:
    """How a process ended: 0, or the negative signal; one that hangs is killed and told.

    Raises:
        TimeoutError: When it hung.
    """
    until = time.monotonic() + _MOST_S
    while time.monotonic() < until:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    raise TimeoutError(f"a training hung for {_MOST_S:g} s")


class Seams:
    """Counts the places between two steps of writing, and dies at one of them."""

    def __init__(self, told: Path, fatal: str, number: int) -> None:
        self._told, self._fatal, self._left = told, fatal, number
        self._wrap(os, "fsync", "fsync")
        self._wrap(os, "replace", "rename")
        self._wrap(arrays.np.lib.format, "write_array", "array")

    def _wrap(self, owner: object, name: str, called: str) -> None:
        real = getattr(owner, name)

        def wrapped(*given: object, **options: object) -> object:
            self._pass(f"before {called}")
            done = real(*given, **options)
            self._pass(f"after {called}")
            return done

        setattr(owner, name, wrapped)

    def _pass(self, where: str) -> None:
        self._left -= where == self._fatal
        if not self._left:
            self._told.write_text(where)
            os.kill(os.getpid(), signal.SIGKILL)


def kill_at_a_seam(run: Run, weights: Weights, told: Path, seam: str, number: int) -> str:
    """Train until the so-manieth seam of a kind; "" when the training was over before."""

    def body() -> None:
        Seams(told, seam, number)
        attempt.train(run, lambda: weights)

    told.unlink(missing_ok=True)
    if ended(spawn(body)) != -signal.SIGKILL:
        return ""
    return told.read_text()


def kill_at_a_moment(run: Run, weights: Weights, skip: int, delay_s: float) -> str:
    """Train until the so-manieth temporary file is there, and a moment longer."""
    pid = spawn(lambda: attempt.train(run, lambda: weights) and None)
    seen: set[tuple[str, int]] = set()
    until = time.monotonic() + _MOST_S
    while time.monotonic() < until:
        for part in run.path.glob(".*.npz.part"):
            try:
                seen.add((part.name, part.stat().st_ino))
            except OSError:
                continue
        if len(seen) > skip:
            break
        if os.waitpid(pid, os.WNOHANG)[0]:
            return ""
        time.sleep(0.0005)
    time.sleep(delay_s)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return "at a random moment"


def problems(run: Run) -> list[str]:
    """What isn't as it has to be after a kill."""
    history, found = fold(events.read(run.path / "events.jsonl")), []
    told = [each.epoch for each in history.epochs]
    if told != list(range(1, len(told) + 1)):
        found.append(f"epochs {told}")
    if run.checkpoint.exists():
        if not arrays.is_sound(run.checkpoint):
            found.append("the checkpoint is damaged")
        elif checkpoints.find(run, history) is None and not run.better.exists():
            found.append("the checkpoint doesn't fit the events")
        elif checkpoints.Checkpoint(run.checkpoint).epoch not in (len(told), len(told) - 1):
            found.append(f"a checkpoint of another epoch, {len(told)} were told")
    elif told:
        found.append("no checkpoint")
    checkpoints.settle(run)  # as the next worker does first
    best = history.best
    if best and not arrays.is_sound(run.best):
        found.append("the best weights are damaged")
    elif best and checkpoints.epoch_of(run.best) != best.epoch:
        found.append(f"kept: {checkpoints.epoch_of(run.best)}, the best is {best.epoch}")
    return found


def cut_everywhere(run: Run, folder: Path) -> tuple[int, int]:
    """Cut the last lines at every byte; how many cuts, and how many of them lost more than it."""
    content = (run.path / "events.jsonl").read_bytes()
    lines = content.splitlines(keepends=True)
    first, copy, lost = len(b"".join(lines[:-8])), folder / "events.jsonl", 0
    for cut in range(first, len(content)):
        copy.write_bytes(content[:cut])
        whole = [events.from_line(each.decode()) for each in lines]
        kept = whole[: content[:cut].count(b"\n")]
        told = events.Batch(1.0, 1, 1, 2)  # one that needn't outlast a power cut: it takes no time
        events.append(copy, told)
        lost += list(events.read(copy)) != [*kept, told]
    return len(content) - first, lost


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    chance, weights, wrong = random.Random(asked.seed), find(download=False), 0
    with tempfile.TemporaryDirectory(prefix="freezepoint-faults-") as name:
        folder = Path(name)
        for rel, content in visiting.pictures(3, 12, seed=1):
            (folder / rel).parent.mkdir(parents=True, exist_ok=True)
            (folder / rel).write_bytes(content)
        epochs = asked.kills + 10
        steady, run = (prepare(folder / each, folder / "things", epochs) for each in ("a", "b"))
        if ended(spawn(lambda: attempt.train(steady, lambda: weights) and None)):
            return 1
        places: Counter[str] = Counter()
        for number in range(asked.kills):
            if number % 2:
                where = kill_at_a_moment(run, weights, chance.randrange(3), chance.random() * 0.05)
            else:
                seam, most = SEAMS[number // 2 % len(SEAMS)]
                where = kill_at_a_seam(run, weights, folder / "seam", seam, chance.randint(1, most))
            places[where] += 1
            found = problems(run)
            wrong += bool(found) or not where
            told = len(run.history.epochs)
            print(f"kill {number + 1}, {where or 'it was over'}, {told} epochs: {found or 'whole'}")
        print(", ".join(f"{count} {where}" for where, count in sorted(places.items())))
        wrong += bool(ended(spawn(lambda: attempt.train(run, lambda: weights) and None)))
        far = apart(run.history, steady.history)
        print(f"the curve of {epochs} epochs against the unbroken one: apart by {far:.2g} at most")
        cuts, lost = cut_everywhere(run, folder)
        print(f"events cut at {cuts} bytes: {lost} times more than the cut line was lost")
        wrong += far > TOLERANCE or lost > 0 or run.history.state != "finished"
    print(f"{wrong} of {asked.kills} kills or checks broke the promise")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
