"""Processes that only play a worker, fast ones, and the runs they play with."""

import os
import signal
import time
from pathlib import Path

import numpy as np
from PIL import Image

from gui.core import ingest, new_run, split
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.jobs import Jobs
from gui.core.ladder_mark import LadderMark

ROOT = Path(__file__).resolve().parents[2]
MEMORY = (
    "The system ended the process that computes, most likely because the memory ran out.",
    "Close other programs, then press “Go on”. Or use a computer with more memory.",
)
BROKEN_OFF = (
    "The training broke off when the program or the computer was closed.",
    "Press “Go on”: it continues at the last epoch.",
)
UNDER_WAY = "This training is under way already. Wait for it, or stop it."
ONE, OTHER = "1" * 16, "2" * 16

# Plays gui.engine.worker: an "epoch" takes 20 ms, and there is no TensorFlow in it. A file in the
# run's folder (or in the worker's own) tells it to misbehave.
FAKE = """
import json, os, sys, time
from pathlib import Path
from gui.core.errors import FreezepointError
from gui.core.events import Epoch, Failed, Finished, Started
from gui.core.runs import Run

HERE = Path(__file__).parent
if (HERE / "broken").exists():
    os._exit(1)
if (HERE / "sleepy").exists():
    time.sleep(60)

def answer(**values):
    print(json.dumps(values), flush=True)

def train(run):
    with run.hold():
        while (run.path / "slow").exists():
            time.sleep(0.01)
        history = run.history
        pid = str(os.getpid())
        run.append(Started(time.time(), history.epochs_planned, pid, "y", True, 2, 2, 1))
        if (run.path / "refuse").exists():
            run.append(Failed(time.time(), "It told so itself.", "Do."))
            raise FreezepointError("It told so itself.", "Do.")
        reason = "epochs"
        for epoch in range(len(history.epochs) + 1, history.epochs_planned + 1):
            time.sleep(0.02)
            if run.stop_requested and not (run.path / "deaf").exists():
                reason = "stopped"
                break
            run.append(Epoch(time.time(), epoch, "head", 0.5, 0.5, 0.5, 0.5, 0.02))
        run.append(Finished(time.time(), reason))
        run.withdraw_stop()
        if (run.path / "tidies").exists():
            time.sleep(1)

for line in sys.stdin:
    asked = json.loads(line)
    try:
        match asked["do"]:
            case "hello":
                if (HERE / "weightless").exists():
                    raise FreezepointError("No VGG16 weights were found.", "Connect.")
                answer(part={"source": "a play", "sha256": "ab" * 32})
            case "calibrate":
                if (HERE / "measuring").exists():
                    answer(part=json.loads((HERE / "measuring").read_text()))
            case "train":
                if (Path(asked["run"]) / "mute").exists():
                    raise FreezepointError("It told nobody.", "Do.")
                train(Run(Path(asked["run"])))
                answer(part=None)
            case "predict":
                if (HERE / "doomed").exists():
                    os.kill(os.getpid(), 9)
                for name, path in asked["files"]:
                    if name == "hang" and Path(path).exists():
                        Path(path).with_name("hanging").touch()
                        time.sleep(60)
                    answer(part={"name": name, "probabilities": [["pid", os.getpid()]],
                                 "thumbnail": path, "problem": None})
            case "summary":
                answer(part=json.dumps(asked))
    except FreezepointError as error:
        answer(error={"what": error.what, "hint": error.hint})
    else:
        answer(done=True)
try:
    answer(bye=True)
except BrokenPipeError:
    os._exit(0)
"""


def wait_until(true, seconds=30, why="waited in vain"):
    until = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < until, why
        time.sleep(0.01)
    return found


def sentence(caught):
    return caught.value.what, caught.value.hint


class Desk:
    """Makes runs and jobs, remembers every process, and ends them all."""

    def __init__(self, folder):
        self.folder = folder
        self.root = self._pictures(folder / "datasets" / "1" / "pictures")
        self.dataset = ingest.read(ingest.walk(self.root), self.root)
        self.workers, self.opened, self.pids = [], [], []
        self.newest = {}  # worker of each name

    def _pictures(self, root):
        chance = np.random.default_rng(0)
        for name, colour in (("blue", 2), ("red", 0)):
            (root / name).mkdir(parents=True)
            for number in range(6):
                pixels = chance.integers(0, 80, (64, 64, 3), np.uint8)
                pixels[..., colour] += 150
                Image.fromarray(pixels).save(root / name / f"{number}.png")
        return root

    def run(self, name, epochs=3, *misbehaviours, at=None, ladder=None, who="."):
        """A run folder, with whatever tells the playing worker to misbehave."""
        config = Config(ModelSettings(image_size=64), TrainSettings(epochs=epochs, patience=0))
        now = time.time() if at is None else at
        path = self.folder / who / "runs" / name
        mark = ladder and LadderMark(ladder, ("head", "block5_conv3"))
        divided = split.divide(self.dataset)
        run = new_run.create(path, config, divided, self.root, name, now, ladder=mark)
        for each in misbehaviours:
            (run.path / each).touch()
        return run

    def jobs(self, capacity=1):
        """Jobs, not opened yet."""
        made = Jobs(self.folder / "logs", None, capacity, time.time)
        start = made.here.start

        def remembered(name):
            worker = start(name)
            self.workers.append(worker)
            self.newest[name] = worker
            return worker

        made.here.start = remembered
        self.opened.append(made)
        return made

    def alive(self):
        return [worker for worker in self.workers if worker.alive]

    def close(self):
        for each in self.opened:
            each.close()
        for pid in self.pids:
            if is_there(pid):
                os.kill(pid, signal.SIGKILL)
        for worker in self.workers:
            worker.end()
        for each in self.opened:
            for thread in each._places.threads:
                thread.join(20)
                assert not thread.is_alive()


def is_there(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def state(run):
    return run.history.state


def settle(run, *states, seconds=30):
    """Wait until a run has one of the states; returns its history."""
    wait_until(lambda: state(run) in states, seconds, f"{run.id}: {run.history}")
    return run.history


def epochs(run):
    return len(run.history.epochs)


def failure(run):
    failed = settle(run, "failed").failed
    return failed.what, failed.hint


def begin_elsewhere(desk, run):
    """A playing worker that another page has started and left behind."""
    other = desk.jobs()
    other.open()
    other.train(run, run.config.train.epochs)
    wait_until(lambda: run.worked_on)  # the request has reached it
    assert other.close() == 1
    return other


def rungs(desk, ladder, *names, epochs=3):
    return [desk.run(name, epochs, ladder=ladder) for name in names]


def worker_of(run):
    """Id of the process that trained a run."""
    return run.history.started.weights
