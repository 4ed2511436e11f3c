import io
import struct
import subprocess
import sys
import threading
import time
import warnings
import zlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gui.core import pictures
from gui.core.errors import UnreadablePicture
from gui.core.pictures import open_picture
from gui.core.room import Room
from tests.corpus import BLUE, HEIC, RED, halves, noise, written

ROOT = Path(__file__).resolve().parents[2]


def opened(data, **options):
    return open_picture(io.BytesIO(data), **options)


def refusal(data):
    with pytest.raises(UnreadablePicture) as caught:
        opened(data)
    return str(caught.value)


def near(pixel, expected, by=12):
    return all(abs(one - other) <= by for one, other in zip(pixel, expected, strict=True))


@pytest.mark.parametrize(
    "data",
    [
        written(halves(), "JPEG", quality=95),
        written(halves(), "JPEG", quality=95, progressive=True),
        written(halves(), "MPO", save_all=True, append_images=[Image.new("RGB", (64, 32))]),
        written(halves(), "PNG"),
        written(halves(), "WEBP", quality=95),
        written(halves(), "GIF"),
        written(halves(), "BMP"),
        written(halves(), "TIFF"),
        written(halves(), "TIFF", compression="tiff_lzw"),
        written(halves(), "PPM"),
        written(halves(), "AVIF", quality=95),
        HEIC,
        written(halves().quantize(4), "PNG"),
        written(halves().convert("CMYK"), "TIFF"),
    ],
    ids=[
        "jpeg",
        "progressive",
        "mpo",
        "png",
        "webp",
        "gif",
        "bmp",
        "tiff",
        "tiff-lzw",
        "ppm",
        "avif",
        "heic",
        "palette",
        "cmyk",
    ],
)
def test_every_kind_opens_as_upright_rgb(data):
    picture = opened(data)
    assert type(picture) is Image.Image
    assert (picture.mode, picture.size, picture.info) == ("RGB", (64, 32), {})
    assert near(picture.getpixel((10, 16)), RED)
    assert near(picture.getpixel((54, 16)), BLUE)


def test_the_content_tells_the_kind_not_the_name(tmp_path):
    for name in ("wrong.png", "UPPER.JPG", "none"):
        (tmp_path / name).write_bytes(written(halves(), "JPEG"))
        assert open_picture(tmp_path / name).size == (64, 32)


def test_a_stream_is_read_from_its_start_and_left_open():
    stream = io.BytesIO(written(halves(), "PNG"))
    stream.seek(7)
    assert open_picture(stream).size == (64, 32)
    assert not stream.closed


def test_cmyk_jpeg_from_photoshop_is_not_a_negative():
    data = written(halves().convert("CMYK"), "JPEG", quality=95)
    assert b"Adobe" in data[:300]  # Pillow writes it inverted, as Photoshop does
    assert near(opened(data).getpixel((10, 16)), RED)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bit_grey_keeps_its_greys(kind):
    ramp = np.tile(np.array([0, 16384, 32768, 49152, 65535], dtype=np.uint16), (5, 1))
    grey = np.asarray(opened(written(Image.fromarray(ramp), kind)))
    assert grey[0].tolist() == [[v] * 3 for v in (0, 64, 128, 191, 255)]


def test_sixteen_bit_portable_grey_map():
    data = b"P5 2 1 65535\n" + struct.pack(">2H", 32768, 65535)
    assert np.asarray(opened(data))[0, :, 0].tolist() == [128, 255]


@pytest.mark.parametrize(
    ("values", "grey"),
    [
        ([0.0, 0.5, 1.0], [0, 128, 255]),
        ([0.0, 128.0, 255.0], [0, 128, 255]),
        ([-1000.0, 0.0, 1000.0], [0, 128, 255]),
        ([float("nan"), 0.5, 1.0], [0, 128, 255]),
    ],
    ids=["unit", "bytes", "stretched", "nan"],
)
def test_float_tiff_is_scaled(values, grey):
    data = written(Image.fromarray(np.array([values], dtype=np.float32)), "TIFF")
    assert np.asarray(opened(data))[0, :, 0].tolist() == grey


def see_through(mode):
    picture = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    picture.putpixel((0, 0), (0, 0, 0, 255))
    return picture.convert(mode)


def test_transparency_lies_on_white():
    palette = Image.new("P", (4, 4), 1)
    palette.putpalette([0, 0, 0, 255, 0, 255])
    palette.putpixel((0, 0), 0)
    clear_grey = np.full((4, 4), 777, dtype=np.uint16)
    clear_grey[0, 0] = 0
    for data in (
        written(see_through("RGBA"), "PNG"),
        written(see_through("LA"), "PNG"),
        written(see_through("RGBA"), "WEBP", lossless=True),
        written(palette, "PNG", transparency=1),
        written(palette, "PNG", transparency=b"\xff\x00"),
        written(palette, "GIF", transparency=1),
        written(Image.fromarray(clear_grey), "PNG", transparency=777),
    ):
        picture = opened(data)
        assert picture.mode == "RGB"
        assert picture.getpixel((0, 0)) == (0, 0, 0)
        assert picture.getpixel((3, 3)) == (255, 255, 255)


# Where the corner marked in the picture as a person sees it lies in the stored pixels.
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_turned_photo_stands_upright(orientation, kind):
    upright = Image.new("RGB", (48, 32), "white")
    upright.paste(RED, (0, 0, 24, 16))  # red top left
    upright.paste(BLUE, (24, 0, 48, 16))  # blue top right
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = opened(written(stored, kind, exif=exif))
    assert picture.size == (48, 32)
    assert near(picture.getpixel((8, 6)), RED, by=25)
    assert near(picture.getpixel((40, 6)), BLUE, by=25)


def test_broken_exif_does_not_lose_the_picture():
    data = written(halves(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\x7f")
    assert opened(data).size == (64, 32)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF", "TIFF"])
def test_an_animation_gives_its_first_frame(kind):
    second = Image.new("RGB", (64, 32), "lime")
    data = written(halves(), kind, save_all=True, append_images=[second])
    assert near(opened(data).getpixel((10, 16)), RED, by=25)


def test_a_jpeg_may_come_smaller_but_not_too_small():
    data = written(halves((1600, 1200)), "JPEG")
    assert opened(data).size == (1600, 1200)
    assert opened(data, smallest_side=150).size == (400, 300)
    assert opened(data, smallest_side=151).size == (800, 600)
    assert opened(data, smallest_side=5000).size == (1600, 1200)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_any_other_kind_may_come_smaller_too(kind):
    data = written(halves((1601, 1200)), kind)
    assert opened(data).size == (1601, 1200)
    assert opened(data, smallest_side=10).size == (201, 150)
    assert opened(data, smallest_side=150).size == (401, 300)
    assert opened(data, smallest_side=151).size == (801, 600)
    assert opened(data, smallest_side=301).size == (1601, 1200)
    picture = opened(data, smallest_side=10)
    assert near(picture.getpixel((3, 100)), RED)
    assert near(picture.getpixel((197, 100)), BLUE)


PEAK = """
import resource, sys
from pathlib import Path
from gui.core.pictures import open_picture
from gui.core.scaled import read_pixels

def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

path, before = Path(sys.argv[1]), peak_mb()
open_picture(path, smallest_side=1)
pixels = read_pixels(path, 224)
print(pixels.min(), pixels.max(), peak_mb() - before)
"""


@pytest.mark.parametrize(
    ("mode", "size", "colour", "most_mb"),
    [
        ("I;16", (10_900, 10_900), 32768, 700),
        ("RGBA", (10_900, 10_900), (128, 128, 128, 255), 700),
        ("I;16", (14_000_000, 8), 32768, 1000),  # no side to reduce
    ],
)
def test_the_largest_picture_takes_bounded_memory(tmp_path, mode, size, colour, most_mb):
    path = tmp_path / "large.png"
    Image.new(mode, size, colour).save(path, compress_level=1)
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(path)],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    low, high, peak_mb = map(float, done.stdout.split())
    assert (low, high) == (128, 128)
    assert peak_mb < most_mb


def test_no_more_pixels_are_decoded_at_once_than_there_is_room_for(monkeypatch):
    made, now, most = pictures.rgb.convert, Counter(), []

    def watched(image, factor):
        with lock:
            now["pixels"] += image.width * image.height
            most.append(now["pixels"])
        time.sleep(0.05)
        try:
            return made(image, factor)
        finally:
            with lock:
                now["pixels"] -= image.width * image.height

    lock, data = threading.Lock(), written(noise(), "PNG")
    monkeypatch.setattr(pictures.rgb, "convert", watched)
    monkeypatch.setattr(pictures, "_ROOM", Room(2 * 300 * 200 + 1))
    with ThreadPoolExecutor(8) as pool:
        sizes = [each.size for each in pool.map(opened, [data] * 12)]
    assert sizes == [(300, 200)] * 12
    assert max(most) == 2 * 300 * 200


def test_room_is_free_again_after_a_damaged_picture(monkeypatch):
    monkeypatch.setattr(pictures, "_ROOM", Room(300 * 200))
    for _ in range(3):
        assert "cut off" in refusal(written(noise(), "PNG")[:90_000])
    assert opened(written(noise(), "PNG")).size == (300, 200)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty. Copy it again from where it came from."),
        (
            written(noise(), "JPEG")[:20_000],
            "The file is cut off: its end is missing. Copy or download it again.",
        ),
        (
            written(noise(), "PNG")[:90_000],
            "The file is cut off: its end is missing. Copy or download it again.",
        ),
        (
            written(noise(), "WEBP")[:9_000],
            "The file is cut off: its end is missing. Copy or download it again.",
        ),
        (
            written(noise(), "JPEG")[:20],
            "The file is damaged or cut off. Copy or download it again.",
        ),
        (HEIC[:200], "The file is damaged or cut off. Copy or download it again."),
        (
            b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>",
            "This is an SVG drawing, not a photo. Save it as PNG or JPEG and use that.",
        ),
        (
            b"\xef\xbb\xbf <SVG/>",
            "This is an SVG drawing, not a photo. Save it as PNG or JPEG and use that.",
        ),
        (
            b"%PDF-1.7\n",
            "This is a PDF document, not a photo. Save it as PNG or JPEG and use that.",
        ),
        (
            b"<!DOCTYPE html><html><svg></svg>",
            "This is a web page, not a picture. Download the picture itself.",
        ),
        (
            b"II*\0\x10\0\0\0CR\2\0" + bytes(99),
            "This is a camera's RAW file, not a finished picture. "
            "Save it as JPEG with the camera's photo program and use that.",
        ),
        (
            b"\0\0\0\x18ftypmp42" + bytes(99),
            "This is a video, not a picture. Save single frames of it as JPEG and use those.",
        ),
        (
            b"RIFF\0\0\0\0AVI LIST",
            "This is a video, not a picture. Save single frames of it as JPEG and use those.",
        ),
        (
            b"PK\3\4" + bytes(99),
            "This is a zip or office file, not a picture. Unpack it and use the pictures inside.",
        ),
        (
            b"Dear diary, no picture today.",
            "This is not a picture. Use JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC files.",
        ),
        (
            b"%!PS-Adobe-3.0 EPSF-3.0\n",  # Pillow would start Ghostscript for it
            "This is not a picture. Use JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC files.",
        ),
    ],
)
def test_what_is_no_picture_says_why_and_what_to_do(data, sentence):
    assert refusal(data) == sentence


def test_a_raw_photo_is_not_taken_for_its_preview():
    dng = written(halves(), "TIFF", tiffinfo={50706: b"\1\4\0\0"})
    preview = written(halves(), "TIFF", tiffinfo={254: 1, 330: 8})
    for data in (dng, preview):
        assert refusal(data).startswith("This is a camera's RAW file, not a finished picture.")


def test_a_missing_file_is_said_plainly(tmp_path):
    with pytest.raises(UnreadablePicture) as caught:
        open_picture(tmp_path / "gone.jpg")
    assert str(caught.value) == (
        "The file can't be opened (No such file or directory). "
        "Check that it is still there and that you may read it."
    )
    with pytest.raises(UnreadablePicture, match="Is a directory"):
        open_picture(tmp_path)


def png_of_zeros(width, height):
    """A small PNG file that unpacks to width x height px of black."""

    def chunk(kind, body):
        return (
            struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))
        )

    packer = zlib.compressobj(9)
    row = bytes(width // 8 + 2)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">LLBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [13_000, 30_000], ids=["169 MP", "900 MP"])
def test_a_bomb_is_refused_before_it_is_unpacked(side):
    assert refusal(png_of_zeros(side, side)) == (
        "The picture has more than 120 million pixels. "
        "Save it smaller, for example 4,000 pixels wide."
    )


def test_the_largest_phone_camera_is_not_a_bomb():
    assert pictures.LARGEST_PIXELS > 12_000 * 9_000


def test_too_little_memory_is_said_plainly(monkeypatch):
    def no_memory(image, factor):
        raise MemoryError

    monkeypatch.setattr(pictures.rgb, "convert", no_memory)
    assert refusal(written(halves(), "PNG")) == (
        "The picture needs more memory than there is. "
        "Save it smaller, for example 4,000 pixels wide."
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "PPM"])
def test_damage_anywhere_never_lets_another_exception_or_a_warning_out(kind):
    whole = written(noise((40, 30)), kind)
    chance = np.random.default_rng(1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(150):
            data = bytearray(whole)
            for place in chance.integers(0, min(len(data), 300), 4):
                data[place] = chance.integers(0, 256)
            data = data[: chance.integers(1, len(data) + 1)]
            with suppress(UnreadablePicture):
                assert opened(bytes(data)).mode == "RGB"


def test_damaged_heic_never_lets_another_exception_out():
    chance = np.random.default_rng(2)
    for _ in range(100):
        data = bytearray(HEIC)
        for place in chance.integers(8, len(data), 3):
            data[place] = chance.integers(0, 256)
        with suppress(UnreadablePicture):
            assert opened(bytes(data)).mode == "RGB"


def test_odd_metadata_gives_no_warning_in_threads():
    odd = written(halves(), "TIFF", tiffinfo={270: "x"}).replace(b"\x0e\x01", b"\x0f\x01", 1)
    clear = Image.new("P", (4, 4))
    data = [odd, written(clear, "PNG", transparency=b"\x00\x01"), png_of_zeros(13_000, 13_000)]

    def attempt(each):
        try:
            opened(each)
        except UnreadablePicture as error:
            return error.what
        return "opened"

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(attempt, data * 10))
    assert results.count("The picture has more than 120 million pixels.") == 10
    assert results.count("opened") >= 10


def test_suffixes_are_those_of_the_formats():
    assert {".jpg", ".jpeg", ".png", ".webp", ".heic", ".avif", ".tif"} <= pictures.PICTURE_SUFFIXES
    assert not {".svg", ".pdf", ".eps", ".mp4", ".txt"} & pictures.PICTURE_SUFFIXES
