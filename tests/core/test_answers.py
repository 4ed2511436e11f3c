"""Questions to processes that only play a worker."""

import json
import os
import signal
from pathlib import Path

import pytest

from gui.core.config import ModelSettings
from gui.core.errors import WorkerError
from gui.core.prediction import Prediction
from gui.core.runs import Run
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
    dead, _ = desk.workers
    assert not dead.temp.exists()


def test_an_answering_worker_that_dies_each_time_is_given_up(desk):
    (desk.engine / "doomed").touch()
    opened, run = desk.jobs(), desk.run("one")
    with pytest.raises(WorkerError) as caught:
        opened.predict(run, [("x", run.path)])
    assert sentence(caught) == (
        MEMORY[0], "Close other programs, then try again."
    )  # fmt: skip
    assert len(desk.workers) == 2
