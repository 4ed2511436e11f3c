"""What each kind of file becomes is held by test_pictures; this is how any mode is made plain."""

import numpy as np
import pytest
from PIL import Image

from gui.core import rgb

NOISE = np.random.default_rng(0).integers(0, 255, (301, 203, 3), dtype=np.uint8)
RAMP = np.arange(203 * 301).reshape(301, 203)


def clear(picture, colour):
    picture.info["transparency"] = colour
    return picture


@pytest.mark.parametrize("factor", [1, 4])
@pytest.mark.parametrize(
    "image",
    [
        Image.fromarray(NOISE),
        clear(Image.fromarray(NOISE), tuple(int(value) for value in NOISE[0, 0])),
        clear(Image.fromarray(NOISE).quantize(9), 3),
        Image.fromarray(np.dstack([NOISE] * 2)[..., :4]),
        Image.fromarray(RAMP.astype(np.uint16)),
        Image.fromarray((RAMP - 9000).astype(np.int32)),
        Image.fromarray((RAMP / RAMP.size).astype(np.float32)),
    ],
    ids=["rgb", "clear colour", "palette", "rgba", "16-bit", "32-bit", "float"],
)
@pytest.mark.parametrize("tile_pixels", [203 * 16, 64 * 7])
def test_a_picture_made_in_tiles_is_the_one_made_at_once(monkeypatch, image, factor, tile_pixels):
    at_once = rgb.convert(image, factor)
    monkeypatch.setattr(rgb, "_TILE_PIXELS", tile_pixels)
    in_tiles = rgb.convert(image, factor)
    assert (at_once.mode, in_tiles.mode) == ("RGB", "RGB")
    assert in_tiles.size == at_once.size == ((203, 301) if factor == 1 else (51, 76))
    assert in_tiles.tobytes() == at_once.tobytes()


def test_a_picture_that_is_plain_already_is_a_copy():
    image = Image.fromarray(NOISE)
    made = rgb.convert(image)
    made.putpixel((0, 0), (1, 2, 3))
    assert np.array_equal(np.asarray(image), NOISE)
    assert np.array_equal(np.asarray(made)[1:], NOISE[1:])


def test_the_clear_colour_becomes_white():
    image = clear(Image.fromarray(NOISE), tuple(int(value) for value in NOISE[5, 7]))
    assert rgb.convert(image).getpixel((7, 5)) == (255, 255, 255)
