"""Trainings on a cluster: real computers' processes, whose workers only play."""

import json
import os
import shutil
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

import pytest

from gui.cluster.executor import Cluster
from gui.core.errors import SettingError
from gui.core.events import Started, read
from tests.cluster.computers import processes_of
from tests.cluster.conftest import PLAYED
from tests.core.players import epochs, failure, is_there, sentence, settle, state, wait_until
from tests.core.test_plan import SPEEDS


def pids(run):
    """The playing process of each time that a training was begun or taken up."""
    return [
        int(each.weights) for each in read(run.path / "events.jsonl") if isinstance(each, Started)
    ]


@contextmanager
def slow(*runs):
    for run in runs:
        (run.path / "slow").touch()
    yield
    for run in runs:
        (run.path / "slow").unlink()


def test_each_computer_trains_one_and_the_rest_wait(desk, opened):
    runs = [desk.run(name) for name in ("one", "two", "three")]
    jobs = opened()
    wait_until(lambda: len(jobs._places.threads) == 2)
    with slow(*runs):
        for run in runs:
            jobs.train(run, 3)
        wait_until(lambda: all(run.worked_on for run in runs[:2]))
        time.sleep(0.5)
        assert [jobs.place(run) for run in runs] == [None, None, 1]
        assert not runs[2].worked_on
    for run in runs:
        assert [each.epoch for each in settle(run, "finished").epochs] == [1, 2, 3]
    kinds = [type(each).__name__ for each in read(runs[2].path / "events.jsonl")]
    assert kinds == ["Queued", "Started", "Epoch", "Epoch", "Epoch", "Finished"]
    assert pids(runs[0]) != pids(runs[1])
    assert (jobs.weights, jobs.weights_problem) == ("a play", None)
    assert jobs.memory_bytes > 10**8


def test_a_stop_is_heard_elsewhere_and_a_second_ends_it_at_once(desk, opened):
    run, deaf = desk.run("one", 300), desk.run("two", 300, "deaf")
    jobs = opened()
    for each in (run, deaf):
        jobs.train(each, 4000)
        wait_until(lambda each=each: epochs(each) >= 2)
        jobs.stop(each)
    assert settle(run, "stopped").failed is None
    long_ago = time.time() - 10
    os.utime(deaf.path / "stop", (long_ago, long_ago))
    jobs.stop(deaf)
    assert failure(deaf) == (
        "It was stopped at once.", "Press “Go on” to continue from the last whole epoch."
    )  # fmt: skip
    wait_until(lambda: not is_there(pids(deaf)[0]))
    jobs.train(deaf, epochs(deaf) + 2)
    settle(deaf, "finished")


def test_what_a_lost_computer_was_at_goes_on_at_another(desk, opened, computers):
    run = desk.run("one", 300)
    jobs = opened()
    jobs.train(run, 1_000_000)  # it doesn't end by itself
    wait_until(lambda: epochs(run) >= 3)
    (pid,) = pids(run)
    lost = next(each for each in computers.joined if pid in processes_of(each.pid))
    computers.lose(lost)
    wait_until(lambda: not is_there(pid), why="it trains on where nobody waits for it")
    reached = epochs(run)
    wait_until(lambda: epochs(run) > reached, why="it doesn't go on")
    jobs.stop(run)
    history = settle(run, "stopped", "failed")
    assert history.failed is None
    assert [each.epoch for each in history.epochs] == list(range(1, len(history.epochs) + 1))
    assert len(pids(run)) == 2
    computers.join("--preload", PLAYED)
    computers.wait_for(2)


def test_a_computer_that_joins_gets_a_place(opened, computers, monkeypatch):
    monkeypatch.setattr("gui.core.places._GROWS_S", 0.1)
    jobs = opened()
    assert jobs.load.places == 2
    joined = computers.join("--preload", PLAYED)
    wait_until(lambda: jobs.load.places == 3)
    wait_until(
        lambda: jobs._queue.quiet, why="it isn't ready"
    )  # each place has a worker that waits
    computers.lose(joined)
    wait_until(lambda: jobs.load.places == 2)


def test_a_training_outlives_its_page_and_the_next_page_takes_it_up(desk, opened):
    run, other = desk.run("one", 300, "slow"), desk.run("two", 300, "deaf")
    first = opened()
    for each in (run, other):
        first.train(each, 4000)
        wait_until(lambda each=each: each.worked_on)
    assert first.close() == 2
    (run.path / "slow").unlink()
    again = opened(known=[run, other])
    reached = epochs(run)
    wait_until(lambda: epochs(run) > reached)
    assert (state(run), state(other)) == ("running", "running")
    again.stop(run)
    assert settle(run, "stopped").failed is None
    again.stop(other)
    long_ago = time.time() - 10
    os.utime(other.path / "stop", (long_ago, long_ago))
    again.stop(other)
    assert failure(other)[0] == "It was stopped at once."


def inside(folder, ending):
    """The files in a folder that others write to and delete."""
    with suppress(FileNotFoundError):
        return [path for path in folder.rglob("*") if path.suffix == ending]
    return ["something"]


def test_a_bucket_brings_a_run_to_a_computer_and_back(desk, opened, computers):
    run, stopped = desk.run("one", 100), desk.run("two", 300)
    bucket = desk.folder / "bucket"
    jobs = opened(f"file://{bucket}")
    jobs.train(run, 100)
    history = settle(run, "finished", "failed")
    assert (history.failed, len(history.epochs)) == (None, 100)
    jobs.train(stopped, 4000)
    wait_until(lambda: epochs(stopped) >= 2)
    assert {path.parts[len(bucket.parts)] for path in inside(bucket, ".png")} == {"two"}
    assert not stopped.worked_on  # not in this folder
    jobs.stop(stopped)
    told = settle(stopped, "stopped", "failed")
    assert told.failed is None
    assert 2 <= len(told.epochs) < 4000
    wait_until(lambda: not inside(bucket, ".json"), why="it is left in the bucket")
    wait_until(lambda: not inside(computers.folder, ".png"), why="pictures are left elsewhere")


def test_a_storage_that_is_lost_ends_a_training_and_no_place(desk, opened):
    bucket = desk.folder / "bucket"
    jobs = opened(f"file://{bucket}")
    run, after = desk.run("one"), desk.run("two")
    shutil.rmtree(bucket)
    bucket.touch()  # a file, where nothing can be put
    jobs.train(run, 3)
    assert failure(run)[0].startswith("The storage of the cluster can't be used")
    bucket.unlink()
    for each in (after, run):
        jobs.train(each, 3)
        settle(each, "finished")


def test_a_page_finds_its_run_again_in_a_bucket(desk, opened):
    run = desk.run("one", 200)
    where = f"file://{desk.folder / 'bucket'}"
    first = opened(where)
    first.train(run, 200)
    wait_until(lambda: epochs(run) >= 2)
    assert first.close() == 1
    opened(where, [run])
    history = settle(run, "finished", "failed")
    assert (history.failed, len(history.epochs)) == (None, 200)
    wait_until(lambda: not inside(desk.folder / "bucket", ".json"))


def test_a_plan_is_made_for_the_computers_that_train(desk, opened, played):
    told = played / "gui" / "cluster" / "measuring"  # the page's own process knows nothing of it
    told.write_text(json.dumps(asdict(SPEEDS)))
    jobs = opened()
    wait_until(lambda: jobs.speeds, why="no computer was asked")
    assert jobs.speeds == SPEEDS
    told.unlink()
    wait_until((desk.folder / "computers.json").exists)
    run = desk.run("one", 300)
    jobs.train(run, 2)
    settle(run, "finished")


def test_no_page_waits_for_a_scheduler_that_is_gone(computers, monkeypatch):
    cluster, asked = Cluster(computers.address), threading.Event()

    def client():
        asked.set()
        time.sleep(0.5)
        raise SettingError("No scheduler answers.", "Start it.")

    monkeypatch.setattr("gui.cluster.executor._FRESH_S", 0.0)
    monkeypatch.setattr(cluster, "client", client)
    began = time.monotonic()
    assert cluster.memory_bytes([]) > 10**8
    assert time.monotonic() - began < 0.4
    assert asked.wait(5)
    wait_until(lambda: cluster.memory_bytes([]) is None)


def test_what_cannot_be_reached_is_said(computers, port, tmp_path, monkeypatch):
    monkeypatch.setattr("gui.cluster.executor._CONNECT_S", 0.5)
    nobody = f"tcp://127.0.0.1:{port()}"
    with pytest.raises(SettingError) as caught:
        Cluster(nobody)
    assert sentence(caught) == (
        f"No scheduler answers at {nobody}.", "Start it with: dask scheduler --port 8786"
    )  # fmt: skip
    (tmp_path / "file").touch()
    for where in (f"file://{tmp_path}/file/below", "nonsense://here"):
        with pytest.raises(SettingError) as caught:
            Cluster(computers.address, where)
        assert caught.value.what.startswith(f"The storage at {where} can't be used")
    assert Path(tmp_path / "file").exists()
