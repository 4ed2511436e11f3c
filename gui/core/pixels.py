"""Pixels as something that a page can show."""

import io

import numpy as np
import numpy.typing as npt
from PIL import Image

from gui.core import pictures


def address(pixels: npt.NDArray[np.uint8]) -> str:
    """Pixels, uint8 (rows, columns, 3) RGB, as the ``data:`` URI of a WebP of the same size."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "WEBP", quality=80, method=2)
    return pictures.data_uri(file.getvalue())
