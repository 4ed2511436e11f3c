"""Two devices against one: a program in which TensorFlow takes the processor for two does the work.

Whole trainings from the command line are compared in ``tests/bench/two_devices.py``.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from gui.core.events import Batch, Queued, from_line
from gui.core.interpreter import ENVIRONMENT
from gui.core.runs import Run
from gui.engine import devices, network

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def two(prepare, fine) -> Run:
    """A run like ``fine``, from the same features: ncnn rounds otherwise than TensorFlow does."""
    settings = {"epochs": 4, "head_epochs": 2, "freeze_point": "block5_conv3", "head_rate": 0.003}
    return prepare(store=fine.store, **settings)


@pytest.fixture(scope="module")
def told(two) -> dict[str, Any]:
    """What came of it on two devices."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.two_devices", str(two.path)],
        cwd=ROOT, env={**os.environ, **ENVIRONMENT},
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.strip().split("\n")[-1])
    assert found["devices"] == 2
    return found


def curve(run: Run) -> np.ndarray:
    """float (epochs, 4): loss, accuracy, val_loss, val_accuracy."""
    each = run.history.epochs
    return np.array([[e.loss, e.accuracy, e.val_loss, e.val_accuracy] for e in each])


def test_this_process_has_one_and_computes_as_ever(weights) -> None:
    assert len(devices.found()) == 1
    assert type(network.open_network(weights.arrays)) is network._Ncnn
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    assert devices.built(lambda: model) is model
    assert devices.copies(model.weights[0]) == (model.weights[0].value,)
    assert devices.on_each(lambda number: number) == [0]


def test_a_training_tells_what_it_tells_on_one_device(fine, two, told) -> None:
    """Both phases, with dropout; it is stopped in the last of four epochs."""
    assert len(curve(two)) == 3
    assert np.abs(curve(two) - curve(fine)[:3]).max() < 1e-4


def test_a_stop_is_heeded_at_the_end_of_a_batch(two, told) -> None:
    assert told["ended"] == "stopped"
    events = [from_line(line) for line in (two.path / "events.jsonl").read_text().splitlines()]
    last = [each for each in events if isinstance(each, Batch)][-1]
    assert (last.epoch, last.batch) == (4, 2)
    assert two.history.evaluated.epoch == two.history.best.epoch


def test_its_model_is_plain_keras(two, told) -> None:
    """It answers in this process, in which nothing is known of a second device."""
    pictures = np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3)).astype(np.float32)
    model = keras.models.load_model(two.model)
    assert {type(each).__module__.split(".")[0] for each in model.layers} == {"keras"}
    assert model.predict_on_batch(pictures).shape == (3, 3)


def test_it_goes_on_on_one_device(fine, two, told, copied, train) -> None:
    run = copied(two)
    run.append(Queued(1.0, 4))
    train(run)
    assert np.abs(curve(run) - curve(fine)).max() < 1e-4


def test_what_one_device_has_left_goes_on_on_two(told) -> None:
    assert told["taken_up"]["restored"]
    one, two = told["taken_up"]["losses"]
    assert two == pytest.approx(one, abs=1e-4)
    assert told["taken_up"]["alike"]


def test_the_frozen_part_is_shared_and_the_same(told) -> None:
    """Of one picture for two devices, and of five; values are rounded to half precision."""
    assert len(told["frozen"]) == 4
    assert max(told["frozen"]) < 1e-3


def test_steps_tell_the_same_whatever_the_batch(told) -> None:
    """Augmentation and dropout draw the same; one batch has fewer rows than there are devices."""
    one, two = told["steps"]
    assert len(set(one["loss"])) == len(one["loss"]) == 12
    for name, values in one.items():
        assert np.abs(np.array(values) - two[name]).max() < 1e-4, name


def test_what_is_no_number_on_one_of_them_is_told(told) -> None:
    assert told["lost"]["sound"] == [True, False]


def test_the_memory_of_both_is_given_back(told) -> None:
    moments, held, left = told["lost"]["moments"]
    assert held == 2 * moments
    assert left == 0


def test_with_half_precision_all_take_a_step_or_none(told) -> None:
    half = told["half"]
    one, two = half["losses"]
    assert two == pytest.approx(one, rel=5e-3)
    assert two[-1] < two[0]
    assert half["stayed"]
    assert half["scales"][1] == half["scales"][0] / 2
    assert half["alike"]
