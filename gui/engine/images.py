"""The pictures of a run, decoded several at a time."""

import hashlib
import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gui.core import scaled
from gui.core.errors import RunError, UnreadablePicture
from gui.core.split import Labelled
from gui.engine import processors
from gui.words import mark

Images = NDArray[np.uint8]


def read(chosen: Sequence[Labelled], root: Path, size_px: int) -> Images:
    """Decode pictures.

    Args:
        chosen: The pictures, in the order of the rows.
        root: The folder their paths start from.
        size_px: Side of the square every picture is scaled to.

    Returns:
        uint8 (n, size_px, size_px, 3), RGB 0-255.

    Raises:
        RunError: As :func:`decode` does.
    """
    with ThreadPoolExecutor(processors.usable()) as pool:
        return np.stack(list(pool.map(lambda each: decode(each, root, size_px), chosen)))


def decode(picture: Labelled, root: Path, size_px: int) -> Images:
    """Decode one picture: uint8 (size_px, size_px, 3), RGB 0-255.

    Raises:
        RunError: When it is gone or damaged, or the file isn't the one that was divided: what is
            stored, is stored under its digest.
    """
    try:
        content = (root / picture.path).read_bytes()
        if hashlib.sha256(content).hexdigest() == picture.sha256:
            return scaled.read_pixels(io.BytesIO(content), size_px)
    except (OSError, UnreadablePicture) as error:
        raise RunError(
            mark("The picture “{name}” of this training is gone or damaged.", name=picture.name),
            mark("Start a new training with the pictures there are."),
        ) from error
    raise RunError(
        mark("The picture “{name}” has changed since this training was made.", name=picture.name),
        mark("Start a new training with the pictures there are."),
    )
