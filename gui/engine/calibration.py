"""How fast this machine is, measured in about two seconds with the operations a training uses.

Several devices are measured while all of them compute, as they do in a training.
"""

import hashlib
import io
import math
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import tensorflow as tf
from PIL import Image

from gui.core import vgg16
from gui.core.config import ModelSettings
from gui.core.machine import Speeds
from gui.core.split import Labelled
from gui.engine import devices, images, learning, network, processors
from gui.engine.model import after, build_functional, freeze
from gui.engine.network import Network
from gui.engine.weights import Weights

_SIZES = (64, 160)  # px: a small picture shows what a block takes whatever the size
_ENDS = ("block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1", vgg16.HEAD_ONLY)
# A convolution like those of block 1, 3 and 5 at 160 px: (side, channels, pictures). The blocks
# between them lie between them.
_CONVOLUTIONS = {1: (80, 64, 2), 3: (40, 256, 1), 5: (10, 512, 4)}
_TIMES = 2  # the faster of so many counts, after one that only warms up
_UNITS = 3072  # of a dense layer that fits into no processor's cache together with its moments
_BATCH = 16
_SIDES = (64, 1600)  # px: of a picture that costs next to nothing to read, and of a photo
_LEAST_S = 1e-7


def measure(weights: Weights, opened: Network | None = None) -> Speeds:
    """Measure this machine; nothing else should compute meanwhile.

    Args:
        weights: VGG16's.
        opened: The frozen part, if it is there already.
    """
    frozen = opened or network.open_network(weights.arrays)
    fixed, pixel = zip(*_frozen(frozen), strict=True)
    begun, begun_cpu = time.perf_counter(), time.process_time()
    ways = {block: _convolutions(shape) for block, shape in _CONVOLUTIONS.items()}
    had_s, wall_s = time.process_time() - begun_cpu, time.perf_counter() - begun
    # Of a GPU's work the processors have next to none.
    share = 1.0 if processors.has_gpu() else had_s / wall_s / processors.usable()
    forward, backward = zip(*_between(ways), strict=True)
    building_s, step_s = _building()
    reading_s, reading_byte_s = _reading()
    return Speeds(
        frozen_fixed_s=fixed,
        frozen_pixel_s=pixel,
        forward_macs=forward,
        backward_macs=backward,
        weight_s=max(devices.on_each(lambda _: _dense())) + _summing(),
        step_s=step_s,
        reading_s=reading_s,
        reading_byte_s=reading_byte_s,
        building_s=building_s,
        share=min(1.0, share),
        gpu=processors.has_gpu(),
    )


def _frozen(frozen: Network) -> Iterator[tuple[float, float]]:
    """For each block the seconds of a picture of no size, and of each pixel more."""
    taken = {size: _passes(frozen, size) for size in _SIZES}
    small, large = _SIZES
    for block in range(len(_ENDS)):
        pixel_s = (taken[large][block] - taken[small][block]) / (large**2 - small**2)
        pixel_s = max(pixel_s, _LEAST_S / large**2)
        yield max(taken[small][block] - pixel_s * small**2, _LEAST_S), pixel_s


def _passes(frozen: Network, size: int) -> list[float]:
    """Seconds of one picture in each block; together as long as all of them in one go."""
    count = len(devices.found())  # each has one, and all of them are at work
    pictures = np.full((count, size, size, 3), 100, np.uint8)
    taken = [math.inf] * len(_ENDS)
    whole = _fastest(lambda: frozen.run(network.PICTURES, pictures, [vgg16.HEAD_ONLY]))
    for _ in range(_TIMES):
        values, start = pictures, network.PICTURES
        for block, place in enumerate(_ENDS):
            begun = time.perf_counter()
            values = frozen.run(start, values, [place])[place]
            taken[block] = min(taken[block], time.perf_counter() - begun)
            start = place
    return [whole * each / sum(taken) / count for each in taken]


def _fastest(work: Callable[[], object]) -> float:
    """Seconds that some work takes when nothing comes between."""
    taken = []
    for _ in range(_TIMES + 1):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return min(taken[1:])


def _convolutions(shape: tuple[int, int, int]) -> tuple[float, float]:
    """What :func:`_convolution` says of all devices together."""
    forward, backward = zip(*devices.on_each(lambda _: _convolution(*shape)), strict=True)
    return sum(forward), sum(backward)


def _convolution(side: int, channels: int, count: int) -> tuple[float, float]:
    """Multiply-adds a second of a convolution, on the way forward and on the way back."""
    values = tf.ones((count, side, side, channels))
    kernel = tf.ones((3, 3, channels, channels))
    forward, backward = [], []
    for _ in range(_TIMES + 1):
        begun = time.perf_counter()
        with tf.GradientTape() as tape:
            tape.watch([values, kernel])
            put_out = tf.nn.relu(tf.nn.conv2d(values, kernel, 1, "SAME"))
        put_out.numpy()
        turned = time.perf_counter()
        for gradient in tape.gradient(put_out, [values, kernel]):
            gradient.numpy()
        forward.append(turned - begun)
        backward.append(time.perf_counter() - turned)
    macs = 9 * channels**2 * side**2 * count
    return macs / min(forward[1:]), 2 * macs / min(backward[1:])


def _between(ways: dict[int, tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """The measured blocks, and the mean of its neighbours for each of the others."""
    for block in range(1, 6):
        near = [ways[block]] if block in ways else [ways[block - 1], ways[block + 1]]
        forward, backward = (statistics.mean(each) for each in zip(*near, strict=True))
        yield forward, backward


def _dense() -> float:
    """Seconds that a weight of a dense layer takes a step: passed, derived and corrected."""
    shape = (_UNITS, _UNITS)
    kernel, first, second = (tf.Variable(tf.zeros(shape)) for _ in range(3))
    values, taken = tf.ones((_BATCH, _UNITS)), []
    for _ in range(_TIMES + 1):
        begun = time.perf_counter()
        with tf.GradientTape() as tape:
            tape.watch(values)
            put_out = tf.matmul(values, kernel)
        _, gradient = tape.gradient(put_out, [values, kernel])
        tf.raw_ops.ResourceApplyAdam(
            var=kernel.handle,
            m=first.handle,
            v=second.handle,
            beta1_power=0.9,
            beta2_power=0.999,
            lr=1e-3,
            beta1=0.9,
            beta2=0.999,
            epsilon=1e-7,
            grad=gradient,
        )
        kernel[0, 0].numpy()
        taken.append(time.perf_counter() - begun)
    return min(taken[1:]) / _UNITS**2


def _summing() -> float:
    """Seconds a weight that several devices take a step to sum what each would change about it."""
    if not devices.several():
        return 0.0
    strategy, total = devices.mirrored(), tf.distribute.ReduceOp.SUM

    def share() -> tf.Tensor:
        gradient = tf.zeros((_UNITS, _UNITS))
        return tf.distribute.get_replica_context().all_reduce(total, gradient)[0, 0]

    summed = tf.function(lambda: strategy.run(share))
    taken = _fastest(
        lambda: [each.numpy() for each in strategy.experimental_local_results(summed())]
    )
    return taken / _UNITS**2


def _building() -> tuple[float, float]:
    """Seconds to make a head ready to learn, and of one of its steps."""
    settings = ModelSettings(image_size=64)
    begun = time.perf_counter()
    model = devices.built(lambda: build_functional(settings, 2))
    learner = after(model, vgg16.HEAD_ONLY, settings.image_size)
    freeze(model, vgg16.HEAD_ONLY)
    steps = learning.compiled(learner, 1e-3)
    shape = vgg16.shape_before(vgg16.HEAD_ONLY, settings.image_size)
    values, labels = np.ones((_BATCH, *shape), np.float32), np.zeros(_BATCH, np.int64)
    steps.learn(values, labels)
    steps.check(values, labels)
    built = time.perf_counter()
    for _ in range(5):
        steps.learn(values, labels)
    return built - begun, (time.perf_counter() - built) / 5


def _reading() -> tuple[float, float]:
    """Seconds to read a picture of no size, and of each byte more; all processors read at once."""
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        for side in _SIDES:
            path, photo = Path(folder) / f"{side}.jpg", _photo(side)
            path.write_bytes(photo)
            picture = Labelled(path.name, hashlib.sha256(photo).hexdigest(), path.name, 0)
            begun = time.perf_counter()
            for _ in range(_TIMES):
                images.decode(picture, path.parent, _SIZES[-1])
            seconds = (time.perf_counter() - begun) / _TIMES
            taken.append((path.stat().st_size, seconds / processors.usable()))
    (small_bytes, small_s), (large_bytes, large_s) = taken
    byte_s = max((large_s - small_s) / (large_bytes - small_bytes), _LEAST_S / large_bytes)
    return max(small_s - byte_s * small_bytes, _LEAST_S), byte_s


def _photo(side: int) -> bytes:
    """A JPEG of soft noise, which takes about as many bytes a pixel as a photo does."""
    chance = np.random.default_rng(0)
    coarse = chance.integers(0, 256, (side // 4, side // 4, 3)).astype(np.uint8)
    soft = Image.fromarray(coarse).resize((side, side), Image.Resampling.BILINEAR)
    written = io.BytesIO()
    soft.save(written, "JPEG", quality=90)
    return written.getvalue()
