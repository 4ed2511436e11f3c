"""What an earlier page left behind, with processes that only play a worker."""

import os
import signal
import time
from collections import Counter

import pytest
from filelock import FileLock

from gui.core.errors import DiskFull, RunError
from gui.core.events import Epoch, Failed, Queued, Started, read
from gui.core.runs import Run
from tests.core.players import (
    BROKEN_OFF,
    ONE,
    UNDER_WAY,
    begin_elsewhere,
    epochs,
    failure,
    is_there,
    rungs,
    settle,
    state,
    wait_until,
)


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


def test_a_second_stop_ends_one_taken_up_at_once(desk):
    run = desk.run("one", 400, "deaf")
    (pid,) = begin_elsewhere(desk, run).pids
    wait_until(lambda: epochs(run) >= 1)
    opened = desk.jobs()
    opened.open([run])
    opened.stop(run)
    opened.stop(run)  # a double click
    time.sleep(0.2)
    assert state(run) == "running"
    long_ago = time.time() - 10
    os.utime(run.path / "stop", (long_ago, long_ago))
    opened.stop(run)
    assert not is_there(pid)
    assert failure(run)[0] == "It was stopped at once."
    opened.train(run, epochs(run) + 1)
    settle(run, "finished")


def test_no_other_process_is_ended_than_who_holds_the_lock(desk):
    run = desk.run("one")
    (run.path / "worker").write_text(str(os.getppid()))  # left by a kill, and given to another
    with FileLock(run.path / "lock"):
        assert run.worker_pid is None
    with run.hold():
        assert run.worker_pid == os.getpid()
    assert run.worker_pid is None
    assert not (run.path / "worker").exists()


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


def test_no_rung_is_taken_while_an_earlier_page_s_worker_is_at_its_ladder(desk):
    first, second = rungs(desk, ONE, "a", "b", epochs=100)
    begin_elsewhere(desk, first)
    wait_until(lambda: first.worked_on)
    second.append(Queued(1.0, 3))
    desk.jobs(capacity=2).open([first, second])
    settle(second, "finished")
    assert second.history.started.at >= settle(first, "finished").finished.at
