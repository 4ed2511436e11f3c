"""What the frozen part makes of the pictures, computed once and kept on disk.

Everything before the freeze point is a fixed function, so its output is computed once for each
picture and view, stored as float16, and read by the epochs. View 0 is the plain picture; the views
after it are augmented. Epochs cycle through the views.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gui.core import vgg16
from gui.engine import arrays
from gui.engine.images import Images
from gui.engine.model import Model, between

# Below block3 the output is as large as the pictures and most of the work lies behind it: caching
# gains less than 1.2 times there, so such a run trains on the pictures. Source: measured, DESIGN 5.
_FIRST_WORTH_CACHING = vgg16.position("block3_conv1")
_BATCH = 16
_LARGEST = float(np.finfo(np.float16).max)

Progress = Callable[[int], None]  # called with the number of views just done


def worth_caching(freeze_point: str) -> bool:
    """Whether the outputs before this freeze point are cached, rather than computed each epoch."""
    first = vgg16.first_learning(freeze_point)
    return vgg16.position(first) >= _FIRST_WORTH_CACHING


@dataclass(frozen=True)
class Views:
    """What the learning part is trained on: one array a view, rows in the order of the split.

    Attributes:
        arrays: View 0 (plain) first; float16 (n, rows, columns, channels) of what reaches
            the freeze point, or uint8 (n, size, size, 3), RGB 0–255, when nothing is cached.
    """

    arrays: tuple[NDArray[Any], ...]

    def batch(self, indices: NDArray[np.int64], epoch: int) -> NDArray[np.float32]:
        """The rows of a batch, float32; which view each comes from changes with the epoch."""
        count = len(self.arrays)
        rows = [self.arrays[(epoch + index) % count][index] for index in indices]
        return np.stack(rows).astype(np.float32)


class Frozen:
    """The frozen part of a model, which turns pictures into what reaches a freeze point."""

    def __init__(self, model: Model, image_size: int, seed: int) -> None:
        self._model = model
        self._size = image_size
        self._preparation = model.get_layer(vgg16.PREPARATION)
        self._seed = seed

    def from_pictures(
        self, path: Path, images: Images, point: str, view: int, progress: Progress
    ) -> NDArray[np.float16]:
        """Cache one view of the pictures at a freeze point; open it when it is there already.

        Returns:
            float16 (n, *vgg16.shape_before(point, size)), memory-mapped and read-only.

        Raises:
            DiskFull: When there is no room.
        """
        part = between(self._model, vgg16.NAMES[0], point, self._size)

        def compute(start: int, stop: int) -> NDArray[np.float32]:
            prepared = self._prepare(images[start:stop], view, start)
            return prepared if part is None else _predict(part, prepared)

        return self._cache(path, len(images), point, compute, progress)

    def onwards(
        self, path: Path, stored: NDArray[np.float16], start: str, point: str, progress: Progress
    ) -> NDArray[np.float16]:
        """Cache what reaches a later point from what is stored at an earlier one."""
        part = between(self._model, start, point, self._size)
        if part is None:
            return stored

        def compute(first: int, stop: int) -> NDArray[np.float32]:
            return _predict(part, stored[first:stop].astype(np.float32))

        return self._cache(path, len(stored), point, compute, progress)

    def _prepare(self, images: Images, view: int, start: int) -> NDArray[np.float32]:
        if view:
            # The augmentation of a batch depends on seed, view and place only, so that a run that
            # goes on after a break draws the same views.
            set_chance(self._preparation, self._seed, view * 1_000_003 + start)
        prepared = self._preparation(images.astype(np.float32), training=view > 0)
        return np.asarray(prepared, np.float32)

    def _cache(
        self,
        path: Path,
        count: int,
        point: str,
        compute: Callable[[int, int], NDArray[np.float32]],
        progress: Progress,
    ) -> NDArray[np.float16]:
        shape = (count, *vgg16.shape_before(point, self._size))
        if path.exists():
            return arrays.open_array(path, shape)
        with arrays.create(path, shape, np.dtype(np.float16)) as add:
            for start in range(0, count, _BATCH):
                stop = min(start + _BATCH, count)
                add(np.clip(compute(start, stop), -_LARGEST, _LARGEST))
                progress(stop - start)
        return arrays.open_array(path, shape)


def set_chance(model: Model, seed: int, step: int) -> None:
    """Set the state of every random layer, so that what it draws depends on these two numbers."""
    states = [
        variable
        for variable in model.non_trainable_variables
        if variable.path.endswith("seed_generator_state")
    ]
    for place, state in enumerate(states):  # each layer draws numbers of its own
        state.assign(np.array([seed + place, step], dtype=str(state.dtype)))


def _predict(part: Model, batch: NDArray[np.float32]) -> NDArray[np.float32]:
    predicted: NDArray[np.float32] = part.predict_on_batch(batch)
    return predicted
