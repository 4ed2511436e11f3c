"""How long each piece of a training takes on a machine of known speeds."""

import math
from dataclasses import dataclass

from gui.core import vgg16
from gui.core.caching import places, views, worth_caching
from gui.core.config import Config
from gui.core.events import Phase
from gui.core.machine import Speeds
from gui.core.vgg16 import Layer

CHECKED = 16  # pictures that the whole model answers at the end, see engine.evaluation

# Time. Source: the same trainings; the first step allocates and traces.
_LAYER_BUILDING = 0.14  # of ``building_s``, for each layer that learns
_FIRST_STEP = 0.3  # of a step: what the first one of a phase takes longer
_CHECKING = 2.0  # of ``building_s``: two models are traced to check the best epoch
_SAVING = 1.0  # of ``building_s``: the plain model is built anew and written
_WRITING_BYTES_S = 400e6  # weights to the disk, archive and all


@dataclass(frozen=True)
class Pictures:
    """What a plan needs to know about the pictures.

    Attributes:
        train: How many there are to learn from.
        validation: How many there are to check with.
        classes: Number of classes.
        mean_bytes: Size of a file, on average.
        test: How many there are to test with at the end.
    """

    train: int
    validation: int
    classes: int
    mean_bytes: float = 200_000.0
    test: int = 0

    @property
    def total(self) -> int:
        """How many there are in all."""
        return self.train + self.validation + self.test


@dataclass(frozen=True)
class Work:
    """Seconds of each piece of a training."""

    config: Config
    pictures: Pictures
    speeds: Speeds

    @property
    def caching_s(self) -> float:
        """Reading, and passing every view once."""
        pictures = self.pictures
        reading_s = self.speeds.reading_s + pictures.mean_bytes * self.speeds.reading_byte_s
        plain_s = pictures.total * (reading_s + self._pass_s)
        return plain_s + self.view_s * (views(self.config) - 1)

    @property
    def view_s(self) -> float:
        """Passing one more view of the pictures to learn from."""
        return self.pictures.train * self._pass_s

    @property
    def _pass_s(self) -> float:
        """One picture, up to the last place where something is stored."""
        last = max((vgg16.position(place) for place in places(self.config)), default=0)
        pixels = self.config.model.image_size**2
        return sum(
            share * (fixed + pixels * each)
            for share, fixed, each in zip(
                _shares(last), self.speeds.frozen_fixed_s, self.speeds.frozen_pixel_s, strict=True
            )
        )

    def epoch_s(self, phase: Phase) -> float:
        """Learning from every picture once, and checking."""
        size = self.config.train.batch_size
        steps = math.ceil(self.pictures.train / size)
        checks = math.ceil(self.pictures.validation / size)
        forward_s, backward_s = self._picture_s(phase)
        return (
            self.pictures.train * (forward_s + backward_s)
            + steps * self._weights(phase) * self.speeds.weight_s
            + self.pictures.validation * forward_s
            + (steps + checks) * self.speeds.step_s
        )

    def beginning_s(self, phase: Phase) -> float:
        """Building and tracing what a phase trains."""
        learning = len(vgg16.NAMES) - self._begins(phase)
        step_s = self.config.train.batch_size * sum(self._picture_s(phase))
        building = 1 + _LAYER_BUILDING * learning
        return self.speeds.building_s * building + _FIRST_STEP * step_s

    @property
    def closing_s(self) -> float:
        """Checking the best epoch with the whole model, and saving it."""
        cached = worth_caching(self.config.model.freeze_point)
        checked = min(CHECKED, self.pictures.validation) if cached else self.pictures.validation
        model = self.config.model
        counts = vgg16.count(
            model.freeze_point, model.head, model.image_size, self.pictures.classes
        )
        written = 4 * counts.total + 12 * counts.trainable
        answering_s = checked * self._forward_s(0)
        building_s = (_CHECKING + _SAVING) * self.speeds.building_s
        return answering_s + building_s + written / _WRITING_BYTES_S

    def _begins(self, phase: Phase) -> int:
        """The first layer that the trained model runs, when what comes before is stored."""
        first = vgg16.first_learning(self.config.model.freeze_point)
        if phase == "head":
            first = vgg16.HEAD_ONLY
        return vgg16.position(first) if worth_caching(first) else 0

    def _picture_s(self, phase: Phase) -> tuple[float, float]:
        """Seconds of one picture on the way forward and on the way back."""
        first = vgg16.position(vgg16.first_learning(self.config.model.freeze_point))
        if phase == "head":
            first = len(vgg16.NAMES)
        backward_s = 0.0
        for place, layer in enumerate(vgg16.LAYERS[first:], first):
            # Towards the weights and towards the input, which the first of them needs not know.
            ways = 1 if place == first else 2
            backward_s += ways * self._macs(layer) / self.speeds.backward_macs[layer.block - 1]
        return self._forward_s(self._begins(phase)), backward_s

    def _forward_s(self, begins: int) -> float:
        return sum(
            self._macs(layer) / self.speeds.forward_macs[layer.block - 1]
            for layer in vgg16.LAYERS[begins:]
        )

    def _weights(self, phase: Phase) -> int:
        model, classes = self.config.model, self.pictures.classes
        if phase == "head":
            return vgg16.head_parameters(model.head, model.image_size, classes)
        return vgg16.count(model.freeze_point, model.head, model.image_size, classes).trainable

    def _macs(self, layer: Layer) -> int:
        return _macs(layer, self.config.model.image_size)


def _macs(layer: Layer, image_size: int) -> int:
    """Multiply-adds of a layer for one picture; a pool's are not worth counting."""
    if layer.kind == "pool":
        return 0
    rows, columns, channels = vgg16.shape_after(layer.name, image_size)
    return 9 * layer.channels_in * channels * rows * columns


def _shares(end: int) -> list[float]:
    """How much of each block's multiply-adds lies before a place, 0 to 1."""
    whole, before = [0.0] * 5, [0.0] * 5
    for place, layer in enumerate(vgg16.LAYERS):
        macs = _macs(layer, 32)  # the shares are the same at every size
        whole[layer.block - 1] += macs
        before[layer.block - 1] += macs if place < end else 0
    return [part / all_of_it for part, all_of_it in zip(before, whole, strict=True)]
