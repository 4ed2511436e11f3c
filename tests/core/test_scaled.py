"""Pictures at the sizes that the model and the page take."""

import io

import numpy as np
import pytest
from PIL import Image

from gui.core import pictures
from gui.core.errors import UnreadablePicture
from gui.core.scaled import data_uri, read, read_pixels, thumbnail
from tests.core.test_pictures import near, opened
from tests.corpus import BLUE, RED, halves, noise, written


def test_pixels_are_a_square_of_bytes():
    pixels = read_pixels(io.BytesIO(written(halves(), "PNG")), 20)
    assert (pixels.shape, pixels.dtype) == ((20, 20, 3), np.uint8)
    assert tuple(pixels[10, 2]) == RED  # squeezed, not cropped: both halves are there
    assert tuple(pixels[10, 17]) == BLUE
    pixels[:] = 0  # ours to change


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_reading_a_large_picture_fast_changes_hardly_a_value(kind):
    waves = np.add.outer(np.sin(np.arange(1300) / 9), np.cos(np.arange(1700) / 13))
    grey = ((waves + 2) * 63).astype(np.uint8)
    data = written(Image.fromarray(np.stack([grey, 255 - grey, grey // 2], axis=-1)), kind)
    assert opened(data, smallest_side=320).size == (850, 650)
    fast = read_pixels(io.BytesIO(data), 160).astype(int)
    slow = np.asarray(opened(data).resize((160, 160), Image.Resampling.BILINEAR)).astype(int)
    assert np.abs(fast - slow).mean() < 0.5
    assert np.abs(fast - slow).max() <= 3


@pytest.mark.parametrize("size", [(300, 200), (1700, 1300)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_pixels_and_thumbnail_come_from_one_decode(monkeypatch, size, kind):
    data, decoded = written(noise(size), kind), []
    plain, small = read_pixels(io.BytesIO(data), 160), thumbnail(io.BytesIO(data), 320)
    made = pictures.rgb.convert

    def counted(image, factor):
        decoded.append(factor)
        return made(image, factor)

    monkeypatch.setattr(pictures.rgb, "convert", counted)
    pixels, webp = read(io.BytesIO(data), 160, 320)
    assert len(decoded) == 1
    assert (pixels == plain).all()
    assert webp == small
    pixels[:] = 0  # ours to change


def test_reading_both_says_what_is_no_picture():
    with pytest.raises(UnreadablePicture, match="The file is empty"):
        read(io.BytesIO(b""), 160, 320)


def test_thumbnail_is_the_middle_square_as_webp_without_metadata(tmp_path):
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    stripes = Image.new("RGB", (300, 100), BLUE)
    stripes.paste(RED, (100, 0, 200, 100))
    stripes.save(tmp_path / "x.jpg", exif=exif, icc_profile=b"a profile")
    data = thumbnail(tmp_path / "x.jpg", 40)
    assert data[8:12] == b"WEBP"
    assert b"secret" not in data
    assert b"profile" not in data
    small = opened(data)
    assert small.size == (40, 40)
    assert near(small.getpixel((20, 20)), RED, by=25)
    assert near(small.getpixel((4, 20)), RED, by=25)
    assert len(thumbnail(tmp_path / "x.jpg")) < 5_000


def test_data_uri_holds_the_bytes():
    assert data_uri(b"abc") == "data:image/webp;base64,YWJj"
