"""Does on two devices what ``test_devices.py`` asks for, and prints what came of it as JSON.

``python -m tests.engine.two_devices RUN``: a program of its own, as TensorFlow must be told of two
devices before it first computes. RUN is trained here, and stopped in its last epoch.
"""

import itertools
import json
import sys
import tempfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from gui.core import runs
from gui.core.config import ModelSettings
from gui.core.events import Batch, Event
from gui.engine import checkpoints, devices, learning, model, network, processors, training, weights
from gui.engine.checking import checking
from gui.engine.learning import Steps
from gui.engine.optimizer import Adam
from gui.engine.stage import Stage
from gui.engine.weights import Weights
from tests.bench.on_devices import split

SIZES = (7, 8, 1)  # of batches: only one of them can be halved
Fed = tuple[np.ndarray, np.ndarray]
Side = tuple[keras.Model, Steps]


def main(run: Path) -> None:
    split(2)
    processors.limit_threads()
    found = weights.find(download=False)
    alone, shared = both(pictured)
    told = {
        "devices": len(devices.found()),
        "frozen": frozen(found),
        "steps": [steps(*side) for side in (alone, shared)],
        "taken_up": taken_up(alone, shared),
        "lost": lost(*shared),
        "half": half(),
        "ended": train(run, found),
    }
    print(json.dumps(told))


def frozen(found: Weights) -> list[float]:
    """How far the frozen part on two devices is from that on one, for one picture and for five."""
    pictures = np.random.default_rng(0).integers(0, 256, (5, 32, 32, 3)).astype(np.uint8)
    one, two = network._TensorFlow(found.arrays, rounded=True), network.open_network(found.arrays)
    told = []
    for count in (1, 5):
        expected, reached = (
            each.run(network.PICTURES, pictures[:count], ["block4_conv1", "head"])
            for each in (one, two)
        )
        for place, values in expected.items():
            assert reached[place].shape == values.shape
            apart = np.abs(reached[place].astype(np.float32) - values.astype(np.float32))
            told.append(float(apart.max() / np.abs(values).max()))
    return told


def pictured() -> keras.Model:
    """What learns from pictures, augmented and with dropout, and little else."""
    given = keras.Input((None, None, 3), name="pictures")
    values = model.preparation(ModelSettings(image_size=64, rotation=False, zoom=False), seed=3)(
        given
    )
    start = keras.initializers.GlorotUniform(5)
    values = keras.layers.Conv2D(4, 3, 4, kernel_initializer=start, name="filters")(values)
    return headed(given, values)


def headed(given: keras.KerasTensor, values: keras.KerasTensor) -> keras.Model:
    for layer in model.head_layers("compact", 3, seed=3):
        values = layer(values)
    return keras.Model(given, values)


def both(build) -> list[Side]:
    """The same model, ready to learn on one device, as without another, and on two."""
    alone, shared = build(), devices.built(build)
    loss = "sparse_categorical_crossentropy"
    alone.compile(Adam(1e-3), loss, metrics=["accuracy"], jit_compile=False)
    alone.optimizer.build(alone.trainable_variables)
    ways = Steps(lambda *fed: alone.train_on_batch(*fed, return_dict=True), checking(alone))
    return [(alone, ways), (shared, learning.compiled(shared, 1e-3))]


def batches() -> list[Fed]:
    chance, found = np.random.default_rng(1), []
    for size in SIZES * 2:
        labels = chance.integers(0, 3, size)
        light = (labels[:, None, None, None] + 1) / 3
        found.append(
            ((chance.integers(0, 256, (size, 64, 64, 3)) * light).astype(np.float32), labels)
        )
    return found


def steps(learner: keras.Model, taken: Steps) -> dict[str, list[float]]:
    """What is told of batches of several sizes: learned from twice, then checked with."""
    told: dict[str, list[float]] = {"loss": [], "accuracy": [], "checked": [], "answers": []}
    for epoch in range(2):
        model.set_chance(learner, 7, epoch)
        for fed in batches():
            step = taken.learn(*fed)
            told["loss"].append(float(step["loss"]))
            told["accuracy"].append(float(step["accuracy"]))
    for fed in batches():
        loss, answers = taken.check(*fed)
        assert answers.shape == (len(fed[1]), 3)
        told["checked"].append(loss)
        told["answers"] += answers.ravel().tolist()
    return told


def taken_up(alone: Side, shared: Side) -> dict[str, object]:
    """A checkpoint of one device is restored on two, in parts, and both go on."""
    checkpoints._COPIED_BYTES = 64  # as if everything were as large as a classic head
    fed, losses = batches()[0], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "checkpoint.npz"
        alone[1].learn(*fed)  # so that the two are apart
        checkpoints.save(path, alone[0], "head", alone[0].optimizer, 1, "head")
        stored = checkpoints.Checkpoint(path)
        stored.restore(shared[0], "head", shared[0].optimizer)
    restored = alike(shared[0])
    for learner, taken in (alone, shared):
        model.set_chance(learner, 9, 9)
        losses.append([float(taken.learn(*fed)["loss"]) for _ in range(3)])
    return {"restored": restored, "losses": losses, "alike": alike(shared[0])}


def alike(learner: keras.Model) -> bool:
    """Whether both devices hold the same weights and moments, to the last bit."""
    optimizer = learner.optimizer
    for variable in [*learner.trainable_variables, *optimizer.variables]:
        one, two = (each.numpy() for each in devices.copies(variable))
        if not np.array_equal(one, two):
            return False
    return True


def lost(learner: keras.Model, taken: Steps) -> dict[str, object]:
    """What is told of a batch in which one row, of the second device, is no number."""
    stage = Stage(learner, 1e-3, None, None, taken)
    before, (pictures, labels) = stage.sound, batches()[1]
    pictures[-1] = np.nan
    taken.learn(pictures, labels)
    after, optimizer = stage.sound, learner.optimizer
    moments = [*optimizer._momentums, *optimizer._velocities]
    stage.release()
    held = [each for moment in moments for each in devices.copies(moment)]
    left = [tf.raw_ops.ReadVariableOp(resource=each.handle, dtype=tf.float32) for each in held]
    return {
        "sound": [before, after],
        "moments": [len(moments), len(held), sum(int(tf.size(each)) for each in left)],
    }


def half() -> dict[str, object]:
    """With half precision, as on GPUs: four steps, and one that the second device can't take."""

    def build() -> keras.Model:
        given = keras.Input((2, 2, 8))
        return headed(given, given)

    keras.mixed_precision.set_global_policy("mixed_float16")
    (_, alone), (shared, taken) = both(build)
    values = np.random.default_rng(0).normal(0, 1, (4, 2, 2, 8)).astype(np.float32)
    labels = np.array([0, 1, 2, 0])
    losses = [
        [float(each.learn(values, labels)["loss"]) for _ in range(4)] for each in (alone, taken)
    ]
    variables, scale = shared.trainable_variables, shared.optimizer.dynamic_scale
    before, scaled = [np.asarray(each).copy() for each in variables], float(np.asarray(scale))
    values[3] = 3e4  # whose gradients are more than half precision can hold
    taken.learn(values, labels)
    stayed = all(map(np.array_equal, before, map(np.asarray, variables)))
    keras.mixed_precision.set_global_policy("float32")
    return {
        "losses": losses,
        "stayed": stayed,
        "scales": [scaled, float(np.asarray(scale))],
        "alike": alike(shared),
    }


def train(path: Path, found: Weights) -> str:
    """Train the run, and ask it to stop in the second step of its last epoch; how it ended."""
    run = runs.find(path)

    def listen(event: Event) -> None:
        match event:
            case Batch(epoch=4, batch=2):
                run.request_stop()

    ticks = itertools.count(1_700_000_000)  # a second a look, so that every step is told
    training.train(run, lambda: found, lambda: float(next(ticks)), listen)
    run.withdraw_stop()
    return run.history.finished.reason


if __name__ == "__main__":
    main(Path(sys.argv[1]))
