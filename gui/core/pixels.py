"""Pixels as something that a page can show."""

import io

import numpy as np
import numpy.typing as npt
from PIL import Image

from gui.core import scaled


def address(pixels: npt.NDArray[np.uint8]) -> str:
    """Pixels, uint8 (rows, columns, 3 or 4), RGB or RGBA, as a ``data:`` URI of a WebP as large."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "WEBP", quality=80, method=2)
    return scaled.data_uri(file.getvalue())
