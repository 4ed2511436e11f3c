"""A decoded picture made plain: RGB on white, 8 bit deep, smaller if need be.

Worked on tile by tile, so that no large picture is copied whole.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

_TILE_PIXELS: Final = 2_000_000


def convert(image: Image.Image, factor: int = 1) -> Image.Image:
    """A picture of any mode in RGB (0-255), each side ``factor`` times smaller, rounded up.

    Args:
        image: Loaded pixels.
        factor: 1, 2, 4 or 8.
    """
    if image.mode == "RGB" and factor == 1 and not image.has_transparency_data:
        return image.copy()  # Pillow's own class for a file becomes a plain picture
    grey = _grey_range(image)
    small = Image.new("RGB", (-(-image.width // factor), -(-image.height // factor)))
    for left, top, tile in _tiles(image):
        shallow = tile if grey is None else _shallow(tile, *grey)
        small.paste(_on_white(shallow).reduce(factor), (left // factor, top // factor))
    return small


def _tiles(image: Image.Image) -> Iterator[tuple[int, int, Image.Image]]:
    """The picture in tiles, mostly as wide as it is, with left and top, which divide by 8."""
    wide = min(image.width, 8 * (_TILE_PIXELS // 64))
    high = 8 * max(1, _TILE_PIXELS // (8 * wide))
    if wide == image.width and high >= image.height:
        yield 0, 0, image
        return
    for top in range(0, image.height, high):
        for left in range(0, image.width, wide):
            right, bottom = min(left + wide, image.width), min(top + high, image.height)
            yield left, top, image.crop((left, top, right, bottom))


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image.convert("RGBA"))
    return white.convert("RGB")


def _grey_range(image: Image.Image) -> tuple[float, float] | None:
    """The black and the white of deep grey (16 or 32 bit, or float); None when it isn't deep."""
    if image.mode.startswith("I;16"):
        return 0.0, 65535.0
    if image.mode not in ("I", "F"):
        return None
    extremes = [(deep.min(), deep.max()) for deep in (_deep(tile) for *_, tile in _tiles(image))]
    low, high = float(min(each[0] for each in extremes)), float(max(each[1] for each in extremes))
    if image.mode == "F" and low >= 0 and high <= 1:
        return 0.0, 1.0
    if image.mode == "F" and low >= 0 and high <= 255:
        return 0.0, 255.0
    if low >= 0 and high <= 65535:
        return 0.0, 65535.0
    return low, high  # no agreed black and white: stretch


def _deep(image: Image.Image) -> npt.NDArray[np.float64]:
    return np.nan_to_num(np.asarray(image, dtype=np.float64))


def _shallow(image: Image.Image, black: float, white: float) -> Image.Image:
    """Deep grey as 8-bit grey, black to white kept."""
    deep = _deep(image)
    scaled = np.rint((deep - black) * (255 / max(white - black, 1e-12))).astype(np.uint8)
    if isinstance(clear := image.info.get("transparency"), int):
        scaled[deep == clear] = 255
    return Image.fromarray(scaled)
