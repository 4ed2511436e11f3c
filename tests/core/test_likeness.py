"""What looks almost the same, on pictures drawn here and on the samples."""

import io
import random

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance

from gui.core import likeness
from gui.core.pictures import open_picture
from tests.conftest import ROOT


def scene(seed, size=(320, 240)):
    """A ground with a dozen shapes on it."""
    chance = random.Random(seed)
    color = lambda: tuple(chance.randint(0, 255) for _ in range(3))  # noqa: E731
    image = Image.new("RGB", size, color())
    brush = ImageDraw.Draw(image)
    for _ in range(12):
        left, top = chance.randint(-30, size[0]), chance.randint(-30, size[1])
        right, bottom = left + chance.randint(20, 140), top + chance.randint(20, 140)
        brush.ellipse((left, top, right, bottom), fill=color())
    return image


def looks(image, **options):
    file = io.BytesIO()
    image.save(file, **{"format": "JPEG", "quality": 90, **options})
    return likeness.of(open_picture(file, smallest_side=likeness.SIDE_PX))


def alike(one, other):
    return likeness.groups((one, other)) == (0, 0)


@pytest.mark.parametrize("seed", range(5))
def test_a_copy_that_was_saved_shrunk_cut_or_brightened_looks_the_same(seed):
    image = scene(seed)
    own = looks(image)
    wide, high = image.size
    copies = [
        looks(image, quality=40),
        looks(image, format="WEBP"),
        looks(image.resize((wide // 2, high // 2))),
        looks(image.crop((4, 4, wide - 4, high - 4))),
        looks(ImageEnhance.Brightness(image).enhance(0.85)),
    ]
    assert all(alike(own, copy) for copy in copies)
    assert {len(each) for each in (own, *copies)} == {90}
    assert [likeness.stored(each) for each in copies] == copies


def test_different_pictures_look_different():
    drawn = [looks(scene(seed)) for seed in range(40)]
    assert likeness.groups(drawn) == tuple(range(40))
    paths = sorted((ROOT / "assets" / "samples").rglob("*1.jpg"))
    samples = [likeness.of(open_picture(path)) for path in paths]
    assert likeness.groups(samples) == tuple(range(len(paths)))
    assert len(paths) == 20


def test_the_same_shape_in_another_colour_is_another_picture():
    red, green = (Image.new("RGB", (200, 200), "white") for _ in range(2))
    for image, color in ((red, (200, 30, 40)), (green, (60, 160, 50))):
        ImageDraw.Draw(image).ellipse((40, 40, 160, 160), fill=color)
    assert not alike(looks(red), looks(green))
    assert alike(looks(red), looks(red, quality=50))


def test_what_looks_alike_over_others_is_one_group():
    first = looks(scene(1))
    bits = bytearray.fromhex(first)
    chain = [first]
    for step in range(6):  # each 8 bits from the one before it, so the ends are 48 apart
        bits[step] ^= 0xFF
        chain.append(bytes(bits).hex())
    assert not alike(chain[0], chain[-1])
    assert likeness.groups([chain[6], "", *chain[:6], ""]) == (0, 1, 0, 0, 0, 0, 0, 0, 8)


def test_equal_ones_and_none_at_all():
    one = looks(scene(1))
    assert likeness.groups([]) == ()
    assert likeness.groups(["", ""]) == (0, 1)
    assert likeness.groups([one, one, one]) == (0, 0, 0)


def test_thousands_are_compared_at_once():
    chance = np.random.default_rng(0)
    many = [chance.bytes(45).hex() for _ in range(3_000)]
    assert likeness.groups([*many, many[7]])[-1] == 7


@pytest.mark.parametrize("value", [None, 5, "x" * 90, "0" * 89, "0" * 91, "A" * 90])
def test_what_is_no_likeness_is_refused(value):
    with pytest.raises(ValueError, match="is no likeness"):
        likeness.stored(value)
