"""What a training will do and cost, decided before it starts. Pure: nothing is measured here."""

import math
from collections.abc import Collection
from dataclasses import dataclass

from gui.core import config as settings
from gui.core import vgg16
from gui.core.caching import places, views, worth_caching
from gui.core.config import Config
from gui.core.cost import Cost, Precision
from gui.core.duration import Pictures, Work
from gui.core.machine import Speeds

_FEATURE_BYTES = 2  # float16

# Memory. Source: peak resident size of a worker in eight trainings of one step each, sizes 160 and
# 224, batches 4 to 64, freeze points head to block1_conv1 (TensorFlow 2.21, ncnn 1.0, Linux).
_READY_BYTES = 650_000_000  # TensorFlow and VGG16's weights
_FROZEN_BYTES = 330_000_000  # ncnn with its own copy of the weights, given back after caching
_FROZEN_PIXEL_BYTES = 3_000  # what it works in, for each pixel of the picture
_BUILT_BYTES = 175_000_000  # Keras's model of all of VGG16, and what TensorFlow works in
_WEIGHT_BYTES = 12  # gradient and two moments; the weight itself is in the model
_KEPT_FOR_BACKWARD = 1.8  # times what the learning layers put out, for each picture of a batch


@dataclass(frozen=True, kw_only=True)
class Plan(Cost):
    """A cost with what a person may want to know about it.

    Attributes:
        view_s: How much of ``caching_s`` each view after the first takes.
        stored: Share of the passes that earlier trainings have left, 0 to 1.
        alone: Whether this machine did nothing else when it was measured.
    """

    view_s: float
    stored: float
    alone: bool


def precision(*, gpu: bool) -> Precision:
    """What the learning part computes in: half precision is a gain on graphics processors only."""
    return "mixed_float16" if gpu else "float32"


def plan(
    config: Config,
    pictures: Pictures,
    speeds: Speeds,
    *,
    stored: float = 0.0,
    done: int = 0,
    epochs: int | None = None,
) -> Plan:
    """What a training will take on a machine of these speeds.

    Args:
        config: Every setting.
        pictures: How many there are.
        speeds: As measured.
        stored: Share of the passes that earlier trainings have left in the store, 0 to 1.
        done: Epochs that are trained already, when it goes on.
        epochs: The last epoch to be reached; None for the one in ``config``.
    """
    work = Work(config, pictures, speeds)
    last = config.train.epochs if epochs is None else epochs
    ends = dict(settings.phases(config, last))
    head = max(0, ends.get("head", 0) - done)
    fine = max(0, last - done - head) if "fine" in ends else 0
    rest_s = work.closing_s
    rest_s += work.beginning_s("head") if head else 0.0
    rest_s += work.beginning_s("fine") if fine else 0.0
    fresh = 1.0 - stored
    return Plan(
        cached=worth_caching(config.model.freeze_point),
        views=views(config),
        batch_size=config.train.batch_size,
        precision=precision(gpu=speeds.gpu),
        caching_s=fresh * work.caching_s,
        head_epochs=head,
        head_epoch_s=work.epoch_s("head"),
        fine_epochs=fine,
        fine_epoch_s=work.epoch_s("fine") if fine else 0.0,
        rest_s=rest_s,
        peak_bytes=peak_bytes(config, pictures.classes),
        disk_bytes=disk_bytes(config, pictures, stored=stored),
        view_s=fresh * work.view_s,
        stored=stored,
        alone=speeds.alone,
    )


def peak_bytes(config: Config, classes: int) -> int:
    """Most memory that a worker takes, while it caches or while it learns."""
    model = config.model
    first = vgg16.position(vgg16.first_learning(model.freeze_point))
    put_out = sum(
        math.prod(vgg16.shape_after(layer.name, model.image_size)) for layer in vgg16.LAYERS[first:]
    )
    counts = vgg16.count(model.freeze_point, model.head, model.image_size, classes)
    head = vgg16.head_parameters(model.head, model.image_size, classes)
    kept = _KEPT_FOR_BACKWARD * 4 * config.train.batch_size * put_out
    learning = _BUILT_BYTES + 4 * head + _WEIGHT_BYTES * counts.trainable + kept
    caching = _FROZEN_BYTES + _FROZEN_PIXEL_BYTES * model.image_size**2
    return _READY_BYTES + round(max(learning, caching))


def feature_bytes(config: Config, pictures: Pictures, points: Collection[str] = ()) -> int:
    """What the frozen part's outputs, and the pictures themselves, take on the disk.

    Args:
        config: Every setting.
        pictures: How many there are.
        points: The freeze points of a ladder, whose rungs share the features; without them the one
            in ``config`` counts.
    """
    size = config.model.image_size
    rows = pictures.train * (views(config) - 1) + pictures.total
    shapes = [vgg16.shape_before(place, size) for place in places(config, points)]
    each = _FEATURE_BYTES * sum(math.prod(shape) for shape in shapes)
    cached = all(worth_caching(point) for point in points or [config.model.freeze_point])
    read = 0 if cached else pictures.total
    return rows * each + read * size * size * 3


def weight_bytes(config: Config, pictures: Pictures) -> int:
    """What a training's weights take on the disk: checkpoint, best weights and the model."""
    model = config.model
    counts = vgg16.count(model.freeze_point, model.head, model.image_size, pictures.classes)
    # Weights and two moments, and the best weights; all of the model.
    return (12 + 4) * counts.trainable + 4 * counts.total


def disk_bytes(config: Config, pictures: Pictures, *, stored: float = 0.0) -> int:
    """What a training leaves on the disk: features and weights."""
    features = (1.0 - stored) * feature_bytes(config, pictures)
    return round(features) + weight_bytes(config, pictures)
