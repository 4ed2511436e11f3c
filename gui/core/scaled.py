"""A picture at the sizes that the model and the page take, from one decode of its file."""

import base64
import io
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from gui.core.pictures import open_picture

_FINE: Final = Image.Resampling.LANCZOS


def read_pixels(source: Path | BinaryIO, size_px: int) -> npt.NDArray[np.uint8]:
    """The picture's pixels, squeezed into a square as the model takes them.

    A picture whose short side is 8 x ``size_px`` or more is worked on at a reduced scale, never
    below 4 x ``size_px``: that is quicker and takes less memory, and the values differ from those
    of a full decode by less than 0.5 of 255 in the mean (``tests/core`` holds it there). Below that
    a full decode is as good as free, and what a model answers is what plain Pillow and Keras give
    for the same file.

    Returns:
        uint8, shape (size_px, size_px, 3), RGB, 0-255.

    Raises:
        UnreadablePicture: When the file holds no picture that can be read.
    """
    return _squeezed(open_picture(source, smallest_side=2 * size_px), size_px)


def thumbnail(source: Path | BinaryIO, size_px: int = 96) -> bytes:
    """The middle square of the picture as a small WebP file of size_px x size_px, no metadata.

    Raises:
        UnreadablePicture: When the file holds no picture that can be read.
    """
    return _middle(open_picture(source, smallest_side=size_px), size_px)


def read(
    source: Path | BinaryIO, size_px: int, thumbnail_px: int
) -> tuple[npt.NDArray[np.uint8], bytes]:
    """The same pixels as from :func:`read_pixels` and a thumbnail, from one decode of the file.

    Raises:
        UnreadablePicture: When the file holds no picture that can be read.
    """
    picture = open_picture(source, smallest_side=2 * size_px)
    return _squeezed(picture, size_px), _middle(picture, thumbnail_px)


def read_whole(
    source: Path | BinaryIO, size_px: int, longest_px: int
) -> tuple[npt.NDArray[np.uint8], bytes]:
    """The same pixels as from :func:`read_pixels`, and the whole picture as a small WebP file.

    It keeps its shape, with ``longest_px`` on its long side, so that what is known of a place in
    the square that the model saw can be laid over it.

    Raises:
        UnreadablePicture: When the file holds no picture that can be read.
    """
    picture = open_picture(source, smallest_side=2 * size_px)
    scale = longest_px / max(picture.size)
    width, height = (max(1, round(side * scale)) for side in picture.size)
    return _squeezed(picture, size_px), _webp(picture.resize((width, height), _FINE))


def data_uri(webp: bytes) -> str:
    """The WebP file as a ``data:`` address, to stand in a page's ``src`` attribute."""
    return "data:image/webp;base64," + base64.b64encode(webp).decode("ascii")


def _squeezed(picture: Image.Image, size_px: int) -> npt.NDArray[np.uint8]:
    return np.array(picture.resize((size_px, size_px), Image.Resampling.BILINEAR), dtype=np.uint8)


def _middle(picture: Image.Image, size_px: int) -> bytes:
    return _webp(ImageOps.fit(picture, (size_px, size_px), _FINE))


def _webp(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=70, method=2)  # half the time, 3 % larger
    return file.getvalue()
