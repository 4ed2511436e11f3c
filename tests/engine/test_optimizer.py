"""The fused Adam against Keras's own: the same numbers, names and checkpoints."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gui.engine import arrays
from gui.engine.optimizer import Adam


def build() -> keras.Model:
    """A convolution, a dense layer and an answer, with the same weights each time."""
    keras.utils.set_random_seed(4)
    return keras.Sequential(
        [
            keras.Input((12, 12, 3)),
            keras.layers.Conv2D(8, 3, activation="relu", name="c"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(16, activation="relu", name="d"),
            keras.layers.Dense(3, activation="softmax", name="e"),
        ],
        name="small",
    )


def learn(optimizer: keras.optimizers.Optimizer, steps: int = 20) -> tuple[keras.Model, np.ndarray]:
    """The model after so many steps, and the loss at each of them."""
    model = build()
    model.compile(optimizer, "sparse_categorical_crossentropy", jit_compile=False)
    optimizer.build(model.trainable_variables)
    return model, go_on(model, steps)


def go_on(model: keras.Model, steps: int, seed: int = 0) -> np.ndarray:
    chance = np.random.default_rng(seed)
    losses = []
    for _ in range(steps):
        labels = chance.integers(0, 3, 16)
        shown = chance.normal(labels[:, None, None, None], 1.0, (16, 12, 12, 3))
        told = model.train_on_batch(shown.astype(np.float32), labels, return_dict=True)
        losses.append(float(told["loss"]))
    return np.array(losses)


@pytest.mark.parametrize("rate", [1e-2, 1e-3, 1e-5])
def test_it_learns_as_keras_adam_does(rate: float) -> None:
    """Losses of twenty steps; then the weights and the moments."""
    fused, found = learn(Adam(rate))
    plain, expected = learn(keras.optimizers.Adam(rate))
    assert np.abs(found - expected).max() < 1e-5
    if rate == 1e-2:
        assert expected[-5:].mean() < 0.9 * expected[:5].mean()  # it does learn
    for first, second in zip(fused.variables, plain.variables, strict=True):
        assert np.allclose(first, second, rtol=1e-4, atol=2e-2 * rate), first.path
    for first, second in zip(fused.optimizer.variables, plain.optimizer.variables, strict=True):
        scale = np.abs(np.asarray(second)).max()
        assert np.allclose(first, second, rtol=1e-3, atol=1e-4 * scale), first.path


def test_it_rounds_as_keras_adam_does() -> None:
    """With gradients that hang on nothing; the kernel alone would be 5e-5 apart in its moments."""
    moved = []
    for optimizer in (Adam(1e-2), keras.optimizers.Adam(1e-2)):
        variable = keras.Variable(np.zeros(1000, np.float32))
        chance = np.random.default_rng(0)
        for _ in range(20):
            gradient = chance.normal(0, 1, 1000).astype(np.float32)
            optimizer.apply_gradients([(tf.constant(gradient), variable)])
        moved.append(np.asarray(variable))
    fused, plain = moved
    assert np.abs(fused - plain).max() < 2e-6 * np.abs(plain).max()


def test_one_step_equals_keras_to_the_seventh_digit() -> None:
    """The first step is the whole rate in the gradient's direction, whatever its size."""
    fused, _ = learn(Adam(1e-3), 1)
    plain, _ = learn(keras.optimizers.Adam(1e-3), 1)
    begun = build()
    for first, second, start in zip(
        fused.trainable_variables, plain.trainable_variables, begun.trainable_variables, strict=True
    ):
        assert np.allclose(first, second, rtol=0, atol=2e-7), first.path
        moved = np.abs(np.asarray(first) - np.asarray(start))
        assert moved.max() == pytest.approx(1e-3, rel=0.01)


def test_its_state_has_keras_names_shapes_and_order() -> None:
    fused, _ = learn(Adam(1e-3), 1)
    plain, _ = learn(keras.optimizers.Adam(1e-3), 1)
    for optimizer in (fused.optimizer, plain.optimizer):
        assert optimizer.variables[0].path.endswith("/iteration")
    described = [
        [
            (each.path.partition("/")[2], tuple(each.shape), each.dtype)  # after "adam_7/"
            for each in model.optimizer.variables
        ]
        for model in (fused, plain)
    ]
    assert described[0] == described[1]
    assert len(described[0]) == 2 + 2 * len(fused.trainable_variables)
    assert int(fused.optimizer.iterations) == int(plain.optimizer.iterations) == 1


@pytest.mark.parametrize("second", [Adam, keras.optimizers.Adam])
def test_a_checkpoint_goes_on_as_if_nothing_had_happened(tmp_path, second: type) -> None:
    """Also in Keras's own Adam: a checkpoint is of neither the one nor the other."""
    whole, _ = learn(Adam(1e-2), 10)
    state = [*whole.trainable_variables, *whole.optimizer.variables]
    arrays.save(
        tmp_path / "c.npz",
        [(str(n), lambda each=each: np.asarray(each)) for n, each in enumerate(state)],
    )
    resumed, _ = learn(second(1e-2), 3)  # somewhere else
    with arrays.load(tmp_path / "c.npz") as stored:
        for number, each in enumerate([*resumed.trainable_variables, *resumed.optimizer.variables]):
            each.assign(stored(str(number)))
    expected, found = (go_on(model, 10, seed=1) for model in (whole, resumed))
    assert np.abs(found - expected).max() < 1e-5
    assert int(resumed.optimizer.iterations) == 20


def test_the_rate_can_be_changed_on_the_way() -> None:
    fused, _ = learn(Adam(1e-2), 2)
    before = [np.asarray(each) for each in fused.trainable_variables]
    fused.optimizer.learning_rate = 0.0
    go_on(fused, 3)
    for first, second in zip(before, fused.trainable_variables, strict=True):
        assert np.array_equal(first, second)


def test_frozen_layers_have_no_state_and_stay() -> None:
    model = build()
    model.layers[0].trainable = False
    model.compile(Adam(1e-2), "sparse_categorical_crossentropy", jit_compile=False)
    before = model.layers[0].get_weights()
    go_on(model, 3)
    for first, second in zip(before, model.layers[0].get_weights(), strict=True):
        assert np.array_equal(first, second)
    assert len(model.optimizer.variables) == 2 + 2 * 4


def test_a_released_optimizer_holds_no_moments_and_the_model_still_answers() -> None:
    """Though TensorFlow keeps the traced step, and with it every variable that it reads."""
    fused, _ = learn(Adam(1e-2), 3)
    shown = np.ones((2, 12, 12, 3), np.float32)
    before = fused.predict_on_batch(shown)
    adam = fused.optimizer
    moments = [*adam._momentums, *adam._velocities]
    assert sum(read(each).size for each in moments) == 2 * fused.count_params()
    adam.release()
    assert sum(read(each).size for each in moments) == 0
    assert np.array_equal(fused.predict_on_batch(shown), before)


def read(variable: keras.Variable) -> np.ndarray:
    """What is really held, whatever shape the variable was made with."""
    held = tf.raw_ops.ReadVariableOp(resource=variable.value.handle, dtype=tf.float32)
    return np.asarray(held)
