"""The worker as a process: spoken to in JSON lines, killed without warning, started again."""

import json
import shutil
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gui.core import machine, vgg16
from gui.core.events import Epoch, Queued, Started
from gui.core.runs import Run
from gui.engine import stage, worker

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {"epochs": 30, "views": 2, "patience": 0, "head_rate": 0.003}
PATIENCE_S = 240


class Process:
    """A worker."""

    def __init__(self, *arguments: str):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gui.engine.worker", *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=ROOT, encoding="utf-8", start_new_session=True,
        )  # fmt: skip

    def send(self, **request: object) -> None:
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()

    def ask(self, **request: object) -> list[dict]:
        self.send(**request)
        answers = []
        for line in self.process.stdout:
            answers.append(json.loads(line))  # nothing but JSON comes here
            if "done" in answers[-1] or "error" in answers[-1]:
                break
        return answers

    def leave(self) -> tuple[int, str, str]:
        """Exit code, and what was left on standard output and error."""
        out, errors = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, out, errors


@pytest.fixture(scope="module")
def started() -> Iterator:
    """``started()`` is a new worker."""
    running: list[Process] = []

    def start(*arguments: str) -> Process:
        running.append(Process(*arguments))
        return running[-1]

    yield start
    for each in running:
        if each.process.poll() is None:
            each.process.kill()
            each.process.communicate()


def wait_for_epoch(run: Run, number: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while len(run.history.epochs) < number:
        assert time.monotonic() < until, run.history
        time.sleep(0.01)


def test_a_worker_answers_what_it_is_asked(started, trained, tmp_path, keras_file) -> None:
    talking = started(str(keras_file))
    (hello, done) = talking.ask(do="hello")
    assert hello["part"]["source"] == f"your file {keras_file.name}"
    (told, done) = talking.ask(do="calibrate")
    assert machine.speeds_from(told["part"]).step_s > 0
    assert hello["part"]["imagenet"] is True
    assert done == {"done": True}

    settings = {"freeze_point": "block4_pool", "image_size": 64}
    printed = talking.ask(do="summary", model=settings, classes=4)[0]["part"]
    frozen = vgg16.count("block4_pool", "compact", 64, 4).frozen
    assert f"Non-trainable params: {frozen:,}" in printed

    (tmp_path / "notes.jpg").write_text("Dear diary")
    picture = trained.split.validation[0]
    files = [
        ["notes.jpg", str(tmp_path / "notes.jpg")],
        [picture.name, str(trained.pictures_root / picture.path)],
    ]
    answers = talking.ask(do="predict", run=str(trained.path), files=files)
    assert [each["part"]["name"] for each in answers[:2]] == ["notes.jpg", picture.name]
    assert answers[0]["part"]["problem"]
    assert sum(value for _, value in answers[1]["part"]["probabilities"]) == pytest.approx(1)

    (mistake,) = talking.ask(do="predict", run=str(tmp_path), files=files)
    assert "There is no run in" in mistake["error"]["what"]
    away = tmp_path / "away"
    shutil.copytree(trained.path, away)
    (away / "model.keras").unlink()
    (away / "model.keras").mkdir()  # as a disk that doesn't give the file
    (mistake,) = talking.ask(do="predict", run=str(away), files=files)
    assert mistake["error"]["what"].startswith("A file can't be read or written (")
    (mistake,) = talking.ask(do="summary", model={"image_size": 3}, classes=4)
    assert mistake["error"]["hint"] == "Choose a number from 64 to 256."

    assert talking.ask(do="hello")[-1] == {"done": True}  # a mistake doesn't end it
    assert talking.leave() == (0, "", "")


def test_a_killed_training_goes_on_and_learns_the_same(started, prepare, train) -> None:
    """SIGKILL, as when the memory runs out; a new worker takes it up; the curve is one."""
    whole, killed = prepare(**SETTINGS), prepare(**SETTINGS)
    first = started()
    first.send(do="train", run=str(killed.path))
    wait_for_epoch(killed, 4)
    assert killed.worked_on
    first.process.send_signal(signal.SIGKILL)
    assert first.leave()[0] == -signal.SIGKILL
    broken_off = len(killed.history.epochs)
    assert 4 <= broken_off < SETTINGS["epochs"], "it was too quick to be killed"
    assert killed.history.state == "running"
    assert not killed.worked_on

    second = started()
    assert second.ask(do="train", run=str(killed.path)) == [{"part": None}, {"done": True}]
    assert second.leave() == (0, "", "")
    assert killed.history.state == "finished"
    lines = [
        json.loads(line)["event"]
        for line in (killed.path / "events.jsonl").read_text().splitlines()
    ]
    assert lines.count(Started.__name__) == 2
    # Only an epoch that was told but not kept is trained twice.
    assert SETTINGS["epochs"] <= lines.count(Epoch.__name__) <= SETTINGS["epochs"] + 1

    train(whole)
    curves = [
        np.array([[e.epoch, e.loss, e.val_loss, e.val_accuracy] for e in run.history.epochs])
        for run in (whole, killed)
    ]
    assert np.abs(curves[0] - curves[1]).max() < 1e-4


def test_a_training_is_brought_to_its_end_when_the_page_is_gone(started, prepare) -> None:
    run = prepare(epochs=2)
    left = started()
    left.send(do="train", run=str(run.path))
    left.process.stdout.close()
    left.process.stdin.close()
    left.process.stdin = None
    left.process.stdout = None
    assert left.leave()[0] == 0
    assert run.history.state == "finished"
    assert run.model.exists()


def test_what_nobody_waits_for_is_loaded_once_the_answer_is_out(weights, monkeypatch) -> None:
    loaded = []
    monkeypatch.setattr(worker.metrics, "load", lambda: loaded.append(True))
    standing_by = worker.Worker(None)
    standing_by._weights = lambda: weights
    assert len(list(standing_by.hello({"ready": True}))) == 1
    assert not loaded
    standing_by.rest()
    standing_by.rest()
    assert loaded == [True]
    standing_by.afterwards = "not to be called"
    standing_by.rest()  # told in the log only


def test_a_network_that_has_nothing_to_do_is_given_back_before_the_learning(
    trained, copied, weights, monkeypatch
) -> None:
    """Every view is stored, so the frozen part that was made ready only takes memory."""

    class Ready:
        """A network."""

    standing_by = worker.Worker(None)
    standing_by._weights = lambda: weights
    standing_by._network = Ready()
    kept, seen = weakref.ref(standing_by._network), []
    prepare = stage.prepare

    def spy(job, phase):
        seen.append(kept())
        return prepare(job, phase)

    monkeypatch.setattr(stage, "prepare", spy)
    run = copied(trained)
    run.append(Queued(1.0, 4))
    assert list(standing_by.train({"run": str(run.path)})) == [None]
    assert run.history.state == "finished"
    assert seen == [None]
