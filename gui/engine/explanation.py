"""Grad-CAM: where in a picture a model found what it answered.

Source: R. R. Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based
Localization", ICCV 2017. The score of a class is taken before the softmax, as there; each channel
of a convolution's output weighs as much as its mean gradient.
"""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from PIL import Image

from gui.core import explanation, scaled, vgg16
from gui.core.errors import RunError, UnreadablePicture
from gui.core.explanation import Explanation, Heat, Where
from gui.core.runs import Run
from gui.engine.loaded import Loaded
from gui.engine.model import ANSWERS, after
from gui.engine.network import PICTURES
from gui.words import mark

_BATCH = 16
_EARLY = vgg16.position("block3_conv1")  # what is behind an earlier layer takes much memory
_EARLY_BATCH = 4

Files = Sequence[tuple[str, Path]]


def explain(
    loaded: Loaded,
    run: Run,
    files: Files,
    where: Where = "last_convolution",
    label: str | None = None,
) -> Iterator[Explanation]:
    """Explain the answer to each file, in order; one that can't be read gets a sentence instead.

    Args:
        loaded: The run's model.
        run: Says where the freeze point is.
        files: Each picture's name for the person, and where it is.
        where: Which layer's output is looked at.
        label: The class to explain; None for the one that is answered.

    Raises:
        RunError: When the model knows no such class.
    """
    if label is not None and label not in loaded.labels:
        raise RunError(
            mark("This model knows no class “{name}”.", name=label),
            mark("Choose one that it has learned."),
        )
    chosen = None if label is None else loaded.labels.index(label)
    layer = explanation.layer(where, run.config.model.freeze_point)
    yield from explained(loaded, GradCam(loaded, layer), files, chosen)


class GradCam:
    """Heat maps of one model at one layer.

    Attributes:
        together: Pictures of a batch.
    """

    def __init__(self, loaded: Loaded, layer: str) -> None:
        """Cut the model in two: what comes before the map needs no gradients.

        Args:
            loaded: The model.
            layer: A VGG16 layer, whose output is looked at.
        """
        early = vgg16.position(layer) < _EARLY
        self.together = _EARLY_BATCH if early else _BATCH
        self._network = loaded.network
        self._place = vgg16.FREEZE_POINTS[vgg16.position(layer) + 1]  # its output reaches the next
        self._rest = after(loaded.model, self._place, loaded.image_size, until=ANSWERS)
        self._last: Any = loaded.model.get_layer(ANSWERS)

    def maps(
        self, batch: NDArray[np.uint8], chosen: int | None = None
    ) -> tuple[Heat, NDArray[np.float32]]:
        """Where a batch of pictures speaks for a class.

        Args:
            batch: uint8 (n, size, size, 3), RGB 0-255.
            chosen: Place of the class to explain; None for the one that is answered.

        Returns:
            Heat, float32 (n, rows, columns), 0 to 1, where 1 is the largest of each picture and all
            is 0 when nothing speaks for the class; the probabilities, float32 (n, classes).
        """
        reached = self._network.run(PICTURES, batch, [self._place])[self._place]
        slopes, answers = self._slopes(reached, chosen)  # (n, rows, columns, channels)
        weights = slopes.mean(axis=(1, 2))  # (n, channels)
        raw = np.maximum(np.einsum("nrck,nk->nrc", reached, weights), 0)
        largest = raw.max(axis=(1, 2), keepdims=True)
        found = np.divide(raw, largest, out=np.zeros_like(raw), where=largest > 0)
        return found.astype(np.float32), answers

    def _slopes(
        self, reached: NDArray[np.float32], chosen: int | None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """How the score of a class moves with each value at the map, and the answers."""
        values = tf.constant(reached, tf.float32)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(values)
            hidden = tf.cast(self._rest(values, training=False), tf.float32)
            scores = tf.matmul(hidden, self._last.kernel) + self._last.bias  # before the softmax
            asked = scores.numpy().argmax(axis=1) if chosen is None else [chosen] * len(reached)
            of_class = tf.gather(scores, asked, axis=1, batch_dims=1)  # (n,)
        return tape.gradient(of_class, values).numpy(), tf.nn.softmax(scores).numpy()


def explained(
    loaded: Loaded, cam: GradCam, files: Files, chosen: int | None = None
) -> Iterator[Explanation]:
    """The same with a map that is made already; ``chosen`` is the place of a class."""
    for start in range(0, len(files), cam.together):
        yield from _batch(loaded, cam, files[start : start + cam.together], chosen)


def _batch(loaded: Loaded, cam: GradCam, files: Files, chosen: int | None) -> Iterator[Explanation]:
    read: dict[int, tuple[NDArray[np.uint8], bytes]] = {}
    found: dict[int, Explanation] = {}
    for place, (name, path) in enumerate(files):
        try:
            read[place] = scaled.read_whole(path, loaded.image_size, explanation.SHOWN_PX)
        except UnreadablePicture as error:
            found[place] = Explanation(name, problem=f"{error.what} {error.hint}")
    if read:
        maps, answers = cam.maps(np.stack([each for each, _ in read.values()]), chosen)
        for place, one, answer in zip(read, maps, answers, strict=True):
            told = int(answer.argmax()) if chosen is None else chosen
            found[place] = Explanation(
                files[place][0],
                loaded.labels[told],
                float(answer[told]),
                scaled.data_uri(read[place][1]),
                explanation.overlay(one, _size(read[place][1])),
            )
    yield from (found[place] for place in range(len(files)))


def _size(webp: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(webp)) as shown:
        return shown.size
