"""The pictures of a run as one array on disk, decoded once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gui.core import pictures
from gui.core.errors import RunError, UnreadablePicture
from gui.core.split import Labelled
from gui.engine import arrays

Images = NDArray[np.uint8]

_CHUNK = 32


def read(
    path: Path,
    chosen: Sequence[Labelled],
    root: Path,
    size_px: int,
    progress: Callable[[int], None],
) -> Images:
    """Read pictures into a .npy file, or open the file when it is there already.

    Args:
        path: The .npy file.
        chosen: The pictures, in the order of the rows.
        root: The folder their paths start from.
        size_px: Side of the square every picture is scaled to.
        progress: Called with the number of pictures that have just been read.

    Returns:
        uint8 (n, size_px, size_px, 3), RGB 0–255, memory-mapped and read-only.

    Raises:
        RunError: When a picture of the run is gone or changed.
        DiskFull: When there is no room.
    """
    shape = (len(chosen), size_px, size_px, 3)
    if path.exists():
        return arrays.open_array(path, shape)

    def one(picture: Labelled) -> Images:
        try:
            return pictures.read_pixels(root / picture.path, size_px)
        except (OSError, UnreadablePicture) as error:
            raise RunError(
                f"The picture “{picture.name}” of this training is gone or damaged.",
                "Start a new training with the pictures there are.",
            ) from error

    with arrays.create(path, shape, np.dtype(np.uint8)) as add, ThreadPoolExecutor(2) as pool:
        for start in range(0, len(chosen), _CHUNK):
            rows = list(pool.map(one, chosen[start : start + _CHUNK]))
            add(np.stack(rows))
            progress(len(rows))
    return arrays.open_array(path, shape)
