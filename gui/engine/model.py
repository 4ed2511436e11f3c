"""Build VGG16 with a new head, and freeze what comes before the freeze point.

A model is, in order: input, preparation, the eighteen layers of VGG16, the head. The preparation is
one nested layer at index 1 (resizing, augmentation, colour order, ImageNet mean), made of standard
layers only, so that a saved model loads with plain ``keras.models.load_model`` and takes RGB 0–255
pictures of any size.
"""

import contextlib
import io
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import layers

from gui.core import vgg16
from gui.core.config import ModelSettings
from gui.engine.weights import Weights

# Keras ships no types, so a model is Any here.
Model = Any


ANSWERS = "probabilities"  # the last layer


def build_functional(settings: ModelSettings, classes: int, seed: int = 0) -> Model:
    """Build the model in functional style, with random weights throughout.

    Args:
        settings: Size, head and augmentation. The freeze point is not applied: see :func:`freeze`.
        classes: Number of classes, 2 or more.
        seed: Starts the head's weights and the augmentation.

    Returns:
        A ``keras.Model`` from float32 (n, rows, columns, 3), RGB 0–255, to float32 (n, classes),
        probabilities. ``model.layers[15]`` is ``block4_pool``.
    """
    inputs = keras.Input((None, None, 3), name="pictures")
    prepared = preparation(settings, seed)(inputs)
    base = keras.applications.VGG16(include_top=False, weights=None, input_tensor=prepared)
    outputs = base.output  # (n, size // 32, size // 32, 512)
    for layer in head_layers(settings.head, classes, seed):
        outputs = layer(outputs)
    return keras.Model(inputs, outputs, name="freezepoint")


def preparation(settings: ModelSettings, seed: int) -> Model:
    """Resizing, augmentation and VGG16's own preprocessing, as one layer without parameters.

    Returns:
        A model from RGB 0–255 (n, rows, columns, 3) to BGR minus the ImageNet mean, float32
        (n, image_size, image_size, 3). Keras's augmentation layers act unless they are called with
        training=False (``predict`` does so), so a model that is given away is built without them.
    """
    size = settings.image_size
    inputs = keras.Input((None, None, 3), name="rgb")
    # Antialiased, as Pillow's bilinear filter is; a picture of the right size passes unchanged.
    outputs = layers.Resizing(size, size, antialias=True, name="resize")(inputs)
    for layer in augmentation(settings, seed):
        outputs = layer(outputs)
    outputs = outputs[..., ::-1]
    outputs = layers.Normalization(
        mean=vgg16.MEAN_BGR, variance=(1.0, 1.0, 1.0), name="minus_mean"
    )(outputs)
    return keras.Model(inputs, outputs, name=vgg16.PREPARATION)


def augmentation(settings: ModelSettings, seed: int) -> list[Any]:
    """The augmentation layers that are switched on, in order; each keeps shape and range."""
    chosen = []
    if settings.flip:
        chosen.append(layers.RandomFlip("horizontal", seed=seed, name="flip"))
    if settings.rotation:
        chosen.append(layers.RandomRotation(vgg16.ROTATION, seed=seed + 1, name="rotation"))
    if settings.zoom:
        chosen.append(layers.RandomZoom(vgg16.ZOOM, seed=seed + 2, name="zoom"))
    return chosen


def head_layers(head: vgg16.Head, classes: int, seed: int) -> list[Any]:
    """The head's layers, with random weights; the first has none, it only makes rows of numbers."""

    def dense(units: int, activation: str, name: str, offset: int, **other: Any) -> Any:
        start = keras.initializers.GlorotUniform(seed=seed + offset)
        return layers.Dense(units, activation, kernel_initializer=start, name=name, **other)

    # In float32 also where a GPU multiplies in half precision, as Keras recommends.
    answer = dense(classes, "softmax", ANSWERS, 12, dtype="float32")
    if head == "compact":
        return [
            layers.GlobalAveragePooling2D(name="head_average"),
            dense(vgg16.COMPACT_UNITS, "relu", "head_dense", 10),
            layers.Dropout(vgg16.COMPACT_DROPOUT, seed=seed + 11, name="head_dropout"),
            answer,
        ]
    return [
        layers.Flatten(name="head_flatten"),
        dense(vgg16.CLASSIC_UNITS, "relu", "head_dense_1", 10),
        dense(vgg16.CLASSIC_UNITS, "relu", "head_dense_2", 11),
        answer,
    ]


def set_weights(model: Model, weights: Weights) -> None:
    """Put VGG16's weights into a model built here; the head stays as it is."""
    for name, (kernel, bias) in weights.arrays.items():
        model.get_layer(name).set_weights([kernel, bias])


def freeze(model: Model, freeze_point: str) -> None:
    """Let every layer from the freeze point on learn, and no layer before it.

    Raises:
        SettingError: When ``freeze_point`` is no freeze point.
    """
    frozen = vgg16.NAMES[: vgg16.position(freeze_point)]
    for layer in model.layers:
        layer.trainable = layer.name not in frozen


def after(model: Model, start: str, image_size: int, until: str | None = None) -> Model:
    """Everything from ``start`` to the probabilities, sharing the model's weights.

    With ``until`` it ends before that: "head" for what reaches the head, ``ANSWERS`` for what
    reaches the layer that gives the probabilities.
    """
    names = list(vgg16.NAMES[vgg16.position(start) :])
    known = {*vgg16.NAMES, vgg16.PREPARATION, "pictures", until}
    if until != vgg16.HEAD_ONLY:
        names += [layer.name for layer in model.layers if layer.name not in known]
    inputs = keras.Input(vgg16.shape_before(start, image_size))
    return keras.Model(inputs, _through(model, names, inputs))


def _through(model: Model, names: Sequence[str], tensor: Any) -> Any:
    for name in names:
        tensor = model.get_layer(name)(tensor)
    return tensor


def summary(settings: ModelSettings, classes: int) -> str:
    """The table that Keras prints for this model, with its three lines of totals at the end."""
    model = build_functional(settings, classes)
    freeze(model, settings.freeze_point)
    written = io.StringIO()
    with contextlib.redirect_stdout(written):
        model.summary(line_length=78, print_fn=lambda line, **_: written.write(line + "\n"))
    return written.getvalue()


def set_chance(model: Model, seed: int, step: int) -> None:
    """Set the state of every random layer, so that what it draws depends on these two numbers."""
    states = [
        variable
        for variable in model.non_trainable_variables
        if variable.path.endswith("seed_generator_state")
    ]
    for place, state in enumerate(states):  # each layer draws numbers of its own
        state.assign(np.array([seed + place, step], dtype=str(state.dtype)))
