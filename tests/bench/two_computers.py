"""What a second computer of a cluster gains, and what the cluster itself costs.

On this machine: a scheduler and computers on loopback, each with one processor of its own. All that
a computer does happens there, Dask's part too; the page and the scheduler take what is left.

1. The frozen part of one training, on one computer and on two (promised: 1.85 times as fast).
2. Eight trainings in the queue, on one computer and on two (promised: 1.8 times).
3. One training by a process here and by a cluster of one computer (promised: 5 % more at most).

Both sides take turns in one run, each once the processes of the last are ready again; medians, and
the ratio of them.

    python tests/bench/two_computers.py --rounds 3 [--only frozen eight single]
"""

import itertools
import os
import socket
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import measure
import numpy as np
from PIL import Image

from gui.cluster.executor import Cluster
from gui.core import ingest, new_run, split
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.events import CacheProgress, read
from gui.core.executor import Executor, Here
from gui.core.jobs import Jobs
from gui.core.processes import WorkerProcess
from gui.core.runs import Run
from tests.cluster.computers import Computers

COUNT = itertools.count()
COMPARISONS = ("frozen", "eight", "single")
SETTLES_S = 15.0  # a process that has trained is replaced, and the new one loads TensorFlow


def draw(folder: Path, each: int) -> Path:
    """Two classes of noisy pictures."""
    chance = np.random.default_rng(0)
    for name, color in (("blue", 2), ("red", 0)):
        (folder / name).mkdir(parents=True)
        for number in range(each):
            pixels = chance.integers(0, 80, (96, 96, 3), np.uint8)
            pixels[..., color] += 150
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
    return folder


class Place:
    """Runs of the same pictures, each with a store of its own: nothing is looked up."""

    def __init__(self, folder: Path, pictures: Path) -> None:
        self._folder, self._pictures = folder, pictures
        self._data = ingest.read(ingest.walk(pictures), pictures)

    def run(self, size: int, epochs: int) -> Run:
        """A new one."""
        name = f"{next(COUNT):04}"
        config = Config(ModelSettings(image_size=size), TrainSettings(epochs=epochs, patience=0))
        path, store = self._folder / name / name, self._folder / name / "store"
        divided = split.divide(self._data)
        return new_run.create(path, config, divided, self._pictures, name, time.time(), store)


def train(jobs: Jobs, runs: list[Run], epochs: int) -> float:
    """Train them all; seconds from the asking to the end of the last."""
    began = time.monotonic()
    for run in runs:
        jobs.train(run, epochs)
    while any(run.history.busy for run in runs):
        time.sleep(0.1)
    seconds = time.monotonic() - began
    for run in runs:
        if run.history.failed:
            sys.exit(f"{run.history.failed}")
    while jobs.pids:
        time.sleep(0.02)
    return seconds


def frozen_s(run: Run) -> float:
    """Seconds that its frozen part took."""
    told = [each for each in read(run.path / "events.jsonl") if isinstance(each, CacheProgress)]
    caching = [each for each in told if each.what == "caching"]
    started = run.history.started
    assert started
    return caching[-1].at - started.at


class OneProcessor(Here):
    """Processes here that have no more than a computer of the cluster has."""

    def __init__(self, logs: Path) -> None:
        super().__init__(logs, None, 1)
        begin = self.start

        def start(name: str) -> WorkerProcess:
            process = begin(name)
            os.sched_setaffinity(process.pid, {0})
            return process

        self.start = start


def ready(stack: ExitStack, folder: Path, executor: Executor) -> Jobs:
    """Jobs whose workers are warm."""
    jobs = Jobs(folder / f"logs-{next(COUNT)}", None, 1, time.time, 0, executor)
    stack.callback(jobs.close)
    jobs.open()
    while not jobs._queue.quiet:
        time.sleep(0.1)
    return jobs


def cluster(stack: ExitStack, folder: Path, count: int) -> tuple[Computers, Jobs]:
    """Jobs on a cluster of so many computers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    computers = stack.enter_context(Computers(folder / f"cluster-{count}", port))
    computers.open()
    for processor in range(count):
        os.sched_setaffinity(computers.join().pid, {processor})  # and all that it starts
    computers.wait_for(count)
    connected = Cluster(computers.address)
    while connected.computers < count:
        time.sleep(0.1)
    return computers, ready(stack, folder, connected)


def compare(name: str, sides: dict[str, Callable[[], float]], rounds: int) -> float:
    """Print both sides; how many times the second is as fast as the first."""
    seconds: dict[str, list[float]] = {each: [] for each in sides}
    for _ in range(rounds):
        for each, measured in sides.items():
            time.sleep(SETTLES_S)
            seconds[each].append(measured())
    first, second = (statistics.median(each) for each in seconds.values())
    told = "; ".join(
        f"{each} {statistics.median(found):.2f} s ({', '.join(f'{s:.2f}' for s in found)})"
        for each, found in seconds.items()
    )
    print(f"{name}: {told}; {first / second:.2f} times as fast", flush=True)
    return first / second


def main() -> None:
    """Measure all three, or only some."""
    parser = measure.arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pictures", type=int, default=600)
    parser.add_argument("--size", type=int, default=128, help="side of the pictures, in px")
    parser.add_argument("--only", nargs="+", choices=COMPARISONS, default=COMPARISONS)
    chosen = parser.parse_args()
    measure.begin(__doc__)
    with measure.scratch() as folder, ExitStack() as stack:
        many = Place(folder / "many", draw(folder / "pictures", chosen.pictures // 2))
        few = Place(folder / "few", draw(folder / "few-pictures", 30))
        here = ready(stack, folder, OneProcessor(folder / "logs"))
        _, one = cluster(stack, folder, 1)
        _, two = cluster(stack, folder, 2)

        def frozen(jobs: Jobs) -> float:
            run = many.run(chosen.size, 1)
            train(jobs, [run], 1)
            return frozen_s(run)

        def eight(jobs: Jobs) -> float:
            return train(jobs, [few.run(64, 20) for _ in range(8)], 20)

        def single(jobs: Jobs) -> float:
            return train(jobs, [few.run(chosen.size, 60)], 60)

        comparisons: dict[str, tuple[str, dict[str, Callable[[], float]], float]] = {
            "frozen": (
                f"frozen part of {chosen.pictures} pictures at {chosen.size} px",
                {"one computer": lambda: frozen(one), "two": lambda: frozen(two)},
                1.85,
            ),
            "eight": (
                "eight trainings",
                {"one computer": lambda: eight(one), "two": lambda: eight(two)},
                1.8,
            ),
            "single": (
                "one training",
                {"a process here": lambda: single(here), "a cluster of one": lambda: single(one)},
                1 / 1.05,
            ),
        }
        kept = []
        for each in chosen.only:
            name, sides, promised = comparisons[each]
            kept.append(compare(name, sides, chosen.rounds) >= promised)
    print("as promised" if all(kept) else "NOT as promised")
    sys.exit(0 if all(kept) else 1)


if __name__ == "__main__":
    main()
