"""VGG16's convolutions as a fixed function: pictures in, what reaches any freeze point out.

Run in ncnn, a light inference library whose Winograd convolutions take about a third of
TensorFlow's time on a processor and agree with it to a few millionths (both are printed by
``tests/bench/frozen_part.py``). Its network is twenty lines of text and the weights as they are, so
nothing is ever converted. Where ncnn is missing, or there is a GPU, TensorFlow computes the same;
several GPUs share the pictures of every batch.

A value is rounded to half precision at every place where a cache can stand, whether it is stored
there or not. So it makes no difference where a pass begins: at the pictures or at what an earlier
run has stored on the way.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gui.core import vgg16
from gui.core.caching import PLACES
from gui.engine import devices, processors
from gui.engine.weights import Arrays

Values = NDArray[Any]

PICTURES = vgg16.NAMES[0]  # a pass that starts here takes pictures

_LARGEST = float(np.finfo(np.float16).max)


class Network(ABC):
    """The thirteen convolutions and five pools, with fixed weights."""

    @abstractmethod
    def run(self, start: str, batch: Values, places: Sequence[str]) -> dict[str, Values]:
        """Pass a batch on from one place to others.

        Args:
            start: "block1_conv1" for pictures, or the place that the values were stored at.
            batch: uint8 (n, size, size, 3), RGB 0-255, for pictures; else float16
                (n, rows, columns, channels), which reached ``start`` in an earlier pass.
            places: Names of layers with weights, or "head"; each later than ``start``.

        Returns:
            For each place what reaches it, (n, *vgg16.shape_before(place, size)): float16, or
            float32 from a network that was opened without rounding.
        """


def open_network(weights: Arrays, *, rounded: bool = True) -> Network:
    """The quickest network that this machine has.

    Args:
        weights: For each convolution its kernel, float32 (3, 3, in, out), and bias, float32 (out,).
        rounded: Whether values are rounded to half precision on the way, as stored ones are.
    """
    if devices.several():
        return _Sharded(weights, rounded=rounded)
    if not processors.has_gpu():
        try:
            return _Ncnn(weights, rounded=rounded)
        except ImportError:
            pass  # no wheel for this machine: the other engine computes the same, only slower
    return _TensorFlow(weights, rounded=rounded)


def prepared(pictures: Values) -> NDArray[np.float32]:
    """RGB 0-255 pictures (n, size, size, 3) as VGG16 takes them: BGR minus the ImageNet mean."""
    return pictures[..., ::-1].astype(np.float32) - np.array(vgg16.MEAN_BGR, np.float32)


class _Ncnn(Network):
    """One picture at a time, with every processor working on it."""

    def __init__(self, weights: Arrays, *, rounded: bool) -> None:
        # Read when ncnn is loaded. Its threads wait for each other after each layer: spinning, they
        # take the processor from the one they wait for as soon as anything else runs here, too.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        import ncnn

        self._ncnn = ncnn
        self._kind = np.float16 if rounded else np.float32
        self._net = net = ncnn.Net()
        net.opt.num_threads = processors.usable()
        net.opt.use_vulkan_compute = False
        for name in ("fp16_packed", "fp16_storage", "fp16_arithmetic", "bf16_storage"):
            setattr(net.opt, f"use_{name}", False)  # float32 throughout
        lines = list(_lines(rounded=rounded))
        net.load_param_mem("\n".join(["7767517", f"{len(lines)} {len(lines)}", *lines, ""]))
        self._blob = _blob(weights)  # the network reads from it as long as it lives
        net.load_model_mem(self._blob)

    def run(self, start: str, batch: Values, places: Sequence[str]) -> dict[str, Values]:
        if start == PICTURES:
            batch = prepared(batch)
        # An earlier place first: the later ones then go on from it.
        ordered = sorted(places, key=vgg16.position)
        found: dict[str, list[Values]] = {place: [] for place in ordered}
        for values in np.moveaxis(batch, 3, 1).astype(np.float32):  # (channels, rows, columns)
            extractor = self._net.create_extractor()
            given = np.ascontiguousarray(values)  # the Mat only points to it
            extractor.input(start, self._ncnn.Mat(given))
            for place in ordered:
                failed, reached = extractor.extract(place)
                if failed:
                    raise MemoryError(f"ncnn gave nothing for {place}")
                found[place].append(np.moveaxis(np.asarray(reached), 0, 2).astype(self._kind))
        return {place: np.stack(rows) for place, rows in found.items()}


def _lines(*, rounded: bool) -> Iterator[str]:
    """The network in ncnn's own words; what reaches a place bears the place's name.

    Source: https://github.com/Tencent/ncnn/wiki/param-and-model-file-structure and
    .../operators (the numbers before each "=").
    """
    yield f"Input pictures 0 1 {PICTURES}"
    reached = PICTURES
    for layer, after in zip(vgg16.LAYERS, (*vgg16.NAMES[1:], vgg16.HEAD_ONLY), strict=True):
        stands = rounded and after in PLACES
        out = f"{layer.name}_out" if stands else after
        if layer.kind == "conv":
            count = 9 * layer.channels_in * layer.channels
            # 0 filters, 1 kernel, 4 padding, 5 bias, 6 number of weights, 9 relu after it
            shape = f"0={layer.channels} 1=3 4=1 5=1 6={count} 9=1"
            yield f"Convolution {layer.name} 1 1 {reached} {out} {shape}"
        else:  # 0 maximum, 1 kernel, 2 stride, 5 no padding, as Keras has it
            yield f"Pooling {layer.name} 1 1 {reached} {out} 0=0 1=2 2=2 5=1"
        if stands:
            clipped, half = f"{after}_clipped", f"{after}_half"
            yield f"Clip {clipped} 1 1 {out} {clipped} 0={-_LARGEST} 1={_LARGEST}"
            yield f"Cast {half} 1 1 {clipped} {half} 0=1 1=2"
            yield f"Cast {after}_whole 1 1 {half} {after} 0=2 1=1"
        reached = after


def _blob(weights: Arrays) -> bytes:
    """The weights as ncnn stores them: a flag (float32), the kernel (out, in, 3, 3), the bias."""
    parts = []
    for layer in vgg16.LAYERS:
        if layer.kind == "conv":
            kernel, bias = weights[layer.name]
            turned = np.ascontiguousarray(kernel.transpose(3, 2, 0, 1), np.float32)
            parts += [b"\0\0\0\0", turned.tobytes(), np.ascontiguousarray(bias).tobytes()]
    return b"".join(parts)


class _TensorFlow(Network):
    """Whole batches, in TensorFlow's own operations, on one device."""

    def __init__(self, weights: Arrays, *, rounded: bool, device: str | None = None) -> None:
        import tensorflow as tf

        self._tf = tf
        self._rounded = rounded
        self._device = device  # None for the one that TensorFlow chooses
        with tf.device(device):
            self._weights = {
                name: (tf.constant(kernel), tf.constant(bias))
                for name, (kernel, bias) in weights.items()
            }
        self._pass = tf.function(self._layer_by_layer, reduce_retracing=True)

    def run(self, start: str, batch: Values, places: Sequence[str]) -> dict[str, Values]:
        values = prepared(batch) if start == PICTURES else batch.astype(np.float32)
        reached = self._pass(values, start, tuple(places))
        kind = np.float16 if self._rounded else np.float32
        return {place: reached[place].numpy().astype(kind) for place in places}

    def _layer_by_layer(self, values: Any, start: str, places: tuple[str, ...]) -> dict[str, Any]:
        with self._tf.device(self._device):
            return self._passed(values, start, places)

    def _passed(self, values: Any, start: str, places: tuple[str, ...]) -> dict[str, Any]:
        nn, found = self._tf.nn, {}
        first, last = vgg16.position(start), max(vgg16.position(place) for place in places)
        for layer, after in zip(
            vgg16.LAYERS[first:last], vgg16.FREEZE_POINTS[first + 1 : last + 1], strict=True
        ):
            if layer.kind == "conv":
                kernel, bias = self._weights[layer.name]
                values = nn.relu(nn.conv2d(values, kernel, 1, "SAME") + bias)
            else:
                values = nn.max_pool2d(values, 2, 2, "VALID")
            if self._rounded and after in PLACES:
                half = self._tf.clip_by_value(values, -_LARGEST, _LARGEST)
                values = self._tf.cast(self._tf.cast(half, "float16"), "float32")
            if after in places:
                found[after] = values
        return found


class _Sharded(Network):
    """Every device with a copy of the weights, and an equal share of each batch."""

    def __init__(self, weights: Arrays, *, rounded: bool) -> None:
        self._each = [
            _TensorFlow(weights, rounded=rounded, device=device) for device in devices.found()
        ]

    def run(self, start: str, batch: Values, places: Sequence[str]) -> dict[str, Values]:
        shares = np.array_split(batch, len(self._each))  # the first ones have a row more

        def share(number: int) -> dict[str, Values] | None:
            rows = shares[number]
            return self._each[number].run(start, rows, places) if len(rows) else None

        found = [each for each in devices.on_each(share) if each]
        return {place: np.concatenate([each[place] for each in found]) for place in places}
