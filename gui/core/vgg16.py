"""VGG16 as a table: its layers, their shapes, and what a freeze point means in numbers.

Source: K. Simonyan and A. Zisserman, "Very deep convolutional networks for large-scale image
recognition", 2014 (configuration D); layer names as in ``keras.applications.VGG16``. A test holds
every number here against the real Keras model.
"""

from dataclasses import dataclass
from typing import Literal

from gui.core.errors import SettingError
from gui.words import listed, say

Head = Literal["compact", "classic"]

HEAD_ONLY = "head"
PREPARATION = "preparation"
# Source: keras/src/applications/imagenet_utils.py, mode "caffe": BGR, minus the ImageNet mean.
MEAN_BGR = (103.939, 116.779, 123.68)
# Source: the tutorial this product teaches (Keras, image classification from scratch).
ROTATION = 0.1  # of a full turn, either way
ZOOM = 0.2  # of the side, in or out
COMPACT_UNITS = 256
COMPACT_DROPOUT = 0.3
CLASSIC_UNITS = 4096
# Where a layer stands in the functional model: 0 is the input, 1 the preparation (resizing,
# augmentation, colour order and mean, nested as one layer), so block4_pool is ``layers[15]``.
FIRST_INDEX = 2


@dataclass(frozen=True)
class Layer:
    """One layer of VGG16's convolutional part.

    Attributes:
        name: As in Keras, for example "block3_conv2".
        kind: "conv" (3 by 3, same padding, relu) or "pool" (2 by 2, stride 2, maximum).
        block: 1 to 5.
        channels_in: Channels of its input.
        channels: Channels of its output.
    """

    name: str
    kind: Literal["conv", "pool"]
    block: int
    channels_in: int
    channels: int

    @property
    def parameters(self) -> int:
        """Weights and biases; 0 for a pool."""
        return 9 * self.channels_in * self.channels + self.channels if self.kind == "conv" else 0


def _layers() -> tuple[Layer, ...]:
    layers = []
    channels_in = 3
    for block, (convolutions, channels) in enumerate(
        ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512)), start=1
    ):
        for number in range(1, convolutions + 1):
            layers.append(Layer(f"block{block}_conv{number}", "conv", block, channels_in, channels))
            channels_in = channels
        layers.append(Layer(f"block{block}_pool", "pool", block, channels, channels))
    return tuple(layers)


LAYERS = _layers()
NAMES = tuple(layer.name for layer in LAYERS)
FREEZE_POINTS = (*NAMES, HEAD_ONLY)  # in network order


WITH_WEIGHTS = tuple(layer.name for layer in LAYERS if layer.parameters)  # a pool has none


@dataclass(frozen=True)
class Counts:
    """How many parameters, and VGG16 layers that have any, learn and are frozen."""

    total: int
    trainable: int
    frozen: int
    layers_learning: int
    layers_frozen: int


def spoken(freeze_point: str) -> str:
    """A freeze point for a person: "head only" or the layer's name."""
    return say("head only") if freeze_point == HEAD_ONLY else freeze_point


def position(freeze_point: str) -> int:
    """How many VGG16 layers are frozen: 0 for block1_conv1 up to 18 for "head".

    Raises:
        SettingError: When it is no freeze point.
    """
    if freeze_point not in FREEZE_POINTS:
        raise SettingError(
            say("“{layer}” is not a layer of VGG16.", layer=freeze_point),
            say("Choose one of: {choices}.", choices=listed(FREEZE_POINTS)),
        )
    return FREEZE_POINTS.index(freeze_point)


def first_learning(freeze_point: str) -> str:
    """The first layer with weights that learns: a pool has none, so the next convolution counts.

    ``block4_pool`` gives ``block5_conv1``; ``block5_pool`` and ``head`` give ``head``.
    """
    for layer in LAYERS[position(freeze_point) :]:
        if layer.kind == "conv":
            return layer.name
    return HEAD_ONLY


def frozen_layers(freeze_point: str) -> int:
    """How many of the 13 layers with weights are frozen.

    Raises:
        SettingError: When it is no freeze point.
    """
    return sum(layer.parameters > 0 for layer in LAYERS[: position(freeze_point)])


def shape_before(freeze_point: str, image_size: int) -> tuple[int, int, int]:
    """Shape (rows, columns, channels) of what reaches the first layer that learns."""
    layers = LAYERS[: position(freeze_point)]
    side = image_size >> sum(layer.kind == "pool" for layer in layers)
    return side, side, layers[-1].channels if layers else 3


def shape_after(layer: str, image_size: int) -> tuple[int, int, int]:
    """Shape (rows, columns, channels) of what a VGG16 layer puts out."""
    return shape_before(FREEZE_POINTS[position(layer) + 1], image_size)


def head_parameters(head: Head, image_size: int, classes: int) -> int:
    """Parameters of the head for square pictures of ``image_size`` pixels."""
    side, _, channels = shape_before(HEAD_ONLY, image_size)
    if head == "compact":
        return (channels + 1) * COMPACT_UNITS + (COMPACT_UNITS + 1) * classes
    flat = side * side * channels
    hidden = (flat + 1) * CLASSIC_UNITS + (CLASSIC_UNITS + 1) * CLASSIC_UNITS
    return hidden + (CLASSIC_UNITS + 1) * classes


def count(freeze_point: str, head: Head, image_size: int, classes: int) -> Counts:
    """Count what learns and what is frozen, without building the model.

    Raises:
        SettingError: When ``freeze_point`` is no freeze point.
    """
    before = LAYERS[: position(freeze_point)]
    frozen, layers_frozen = sum(each.parameters for each in before), frozen_layers(freeze_point)
    total = sum(layer.parameters for layer in LAYERS) + head_parameters(head, image_size, classes)
    return Counts(
        total=total,
        trainable=total - frozen,
        frozen=frozen,
        layers_learning=len(WITH_WEIGHTS) - layers_frozen,
        layers_frozen=layers_frozen,
    )
