"""Questions to processes that only play a worker."""

import os
import signal

import pytest

from gui.core.errors import WorkerError
from gui.core.prediction import Prediction
from tests.core.players import (
    MEMORY,
    epochs,
    sentence,
    state,
    wait_until,
)


def files_of(run):
    return [("a picture.png", run.path / "run.json"), ("b.png", run.path / "config.json")]


def test_answers_come_from_a_process_of_their_own_while_a_training_runs(desk):
    opened, run = desk.jobs(), desk.run("one", 400)
    opened.open()
    opened.train(run, 400)
    wait_until(lambda: epochs(run) >= 1)
    first, second = opened.questions.predict(run, files_of(run))
    assert first == Prediction("a picture.png", first.probabilities, str(run.path / "run.json"))
    assert second.name == "b.png"
    assert state(run) == "running"
    assert int(first.best[1]) not in opened.pids
    assert opened.questions.predict(run, []) == []


def test_a_killed_answering_worker_is_replaced(desk):
    opened, run = desk.jobs(), desk.run("one")
    (before,) = opened.questions.predict(run, [("x", run.path)])
    os.kill(int(before.best[1]), signal.SIGKILL)
    (after,) = opened.questions.predict(run, [("x", run.path)])
    assert after.best[1] != before.best[1]
    assert len(desk.alive()) == 1
    dead, _ = desk.workers
    assert not dead.temp.exists()


def test_an_answering_worker_that_dies_each_time_is_given_up(desk):
    (desk.engine / "doomed").touch()
    opened, run = desk.jobs(), desk.run("one")
    with pytest.raises(WorkerError) as caught:
        opened.questions.predict(run, [("x", run.path)])
    assert sentence(caught) == (
        MEMORY[0], "Close other programs, then try again."
    )  # fmt: skip
    assert len(desk.workers) == 2
