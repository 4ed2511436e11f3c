"""How many copies of a picture are told as look-alikes, and how many different pictures are, too.

Copies: saved again, resized, cut a little, brighter, turned a little. Different: every pair of the
samples, of icons on grounds of their own, and of the same icons in other colours, which have one
shape. For several kinds of hash it prints, at the largest number of differing bits that takes no
pair of different pictures for one, the share of copies that are caught; and then both figures for
``gui.core.likeness`` as it is. Last come the seconds for many pictures.

    python tests/bench/lookalikes.py [--set icons] [--pictures FOLDER]
"""

import io
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import imagehash
import measure
import numpy as np
import picture_sets
from PIL import Image, ImageEnhance

from gui.core import likeness
from gui.core.pictures import open_picture

COPIED = 60  # pictures that are copied
MANY = 10_000


def shrunk(picture: Image.Image, share: float, squeeze: float = 1.0) -> Image.Image:
    size = round(picture.width * share), round(picture.height * share * squeeze)
    return picture.resize(size, Image.Resampling.LANCZOS)


def cut(picture: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    wide, high = picture.size
    return picture.crop((wide * left, high * top, wide * (1 - right), high * (1 - bottom)))


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "saved again": lambda each: each,
    "half the size": lambda each: shrunk(each, 0.5),
    "a quarter of the size": lambda each: shrunk(each, 0.25),
    "squeezed by a fifth": lambda each: shrunk(each, 1.0, 0.8),
    "cut by 2 % on each side": lambda each: cut(each, 0.02, 0.02, 0.02, 0.02),
    "cut by 3 % on each side": lambda each: cut(each, 0.03, 0.03, 0.03, 0.03),
    "cut by 5 % on each side": lambda each: cut(each, 0.05, 0.05, 0.05, 0.05),
    "moved by 4 %": lambda each: cut(each, 0.04, 0, 0, 0),
    "a quarter brighter": lambda each: ImageEnhance.Brightness(each).enhance(1.25),
    "a fifth darker": lambda each: ImageEnhance.Brightness(each).enhance(0.8),
    "more contrast": lambda each: ImageEnhance.Contrast(each).enhance(1.3),
    "turned by 2 degrees": lambda each: each.rotate(
        2, Image.Resampling.BICUBIC, fillcolor=each.getpixel((0, 0))
    ),
}
HASHES: dict[str, Callable[[Image.Image], imagehash.ImageHash]] = {
    **{f"phash {n}": lambda each, n=n: imagehash.phash(each, n) for n in (8, 12, 16)},
    **{f"dhash {n}": lambda each, n=n: imagehash.dhash(each, n) for n in (8, 12, 16)},
    "average_hash 8": imagehash.average_hash,
}


def main() -> None:
    parser = measure.arguments(__doc__)
    picture_sets.add_arguments(parser)
    chosen = parser.parse_args()
    print(measure.machine())
    with tempfile.TemporaryDirectory() as folder:
        paths = picture_sets.files(picture_sets.fetch(chosen, Path(folder)))
        pictures = [read(path) for path in {path.read_bytes(): path for path in paths}.values()]
    some = random.Random(0).sample(pictures, min(COPIED, len(pictures)))
    copies = {name: [read(saved(make(each))) for each in some] for name, make in COPIES.items()}
    for name, kind in HASHES.items():
        hashes = [kind(each) for each in pictures]
        apart = min(one - other for n, one in enumerate(hashes) for other in hashes[:n])
        own = [kind(each) for each in some]
        caught = [
            sum(kind(copy) - one < apart for copy, one in zip(copies[each], own, strict=True))
            for each in copies
        ]
        total = sum(caught) / (len(copies) * len(some))
        print(f"{name}: different pictures are {apart} bits or more apart; below: {total:.0%}")
    chosen_kind(pictures, some, copies)
    seconds()


def chosen_kind(
    pictures: Sequence[Image.Image],
    some: Sequence[Image.Image],
    copies: dict[str, list[Image.Image]],
) -> None:
    """What gui.core.likeness catches, and what it takes for alike."""
    wrong = pairs([likeness.of(each) for each in pictures])
    total = len(pictures) * (len(pictures) - 1) // 2
    print(f"gui.core.likeness: {wrong} of {total:,} pairs of different pictures are taken for one")
    recolored = sum(alike(each, read(saved(other_colors(each)))) for each in some)
    print(f"  {recolored} of {len(some)} pictures and themselves in other colours, too")
    for name, made in copies.items():
        caught = sum(alike(one, copy) for one, copy in zip(some, made, strict=True))
        print(f"  {name}: {caught} of {len(some)} caught")


def seconds() -> None:
    """How long so many pictures take that all differ, and that are all one burst."""
    chance = np.random.default_rng(0)
    different = [chance.bytes(45).hex() for _ in range(MANY)]
    picture = bytearray(chance.bytes(45))
    burst = []
    for _ in range(MANY):
        picture[chance.integers(0, 18)] ^= 1 << int(chance.integers(0, 8))
        burst.append(bytes(picture).hex())
    for name, given in (("different ones", different), ("one long burst", burst)):
        began = time.process_time()
        found = len(set(likeness.groups(given)))
        taken_s = time.process_time() - began
        print(f"{MANY:,} {name}: {taken_s:.2f} s of the processor, {found:,} groups")


def pairs(likenesses: Sequence[str]) -> int:
    """How many pairs are taken for one."""
    return sum(
        likeness.groups((one, other))[1] == 0
        for n, one in enumerate(likenesses)
        for other in likenesses[:n]
    )


def alike(one: Image.Image, other: Image.Image) -> bool:
    return likeness.groups((likeness.of(one), likeness.of(other))) == (0, 0)


def other_colors(picture: Image.Image) -> Image.Image:
    """Every hue turned by a third of the circle; what is grey stays."""
    hue, *rest = picture.convert("HSV").split()
    turned = hue.point([(n + 85) % 256 for n in range(256)])
    return Image.merge("HSV", (turned, *rest)).convert("RGB")


def read(source: Path | io.BytesIO) -> Image.Image:
    """The picture as it is looked at when it is taken in."""
    return open_picture(source, smallest_side=likeness.SIDE_PX)


def saved(picture: Image.Image) -> io.BytesIO:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=70)
    return file


if __name__ == "__main__":
    main()
