"""What a picture looks like, in a few bytes, and which pictures look almost the same.

Two marks are compared. The shape, a perceptual hash of 12 x 12 bits (ImageHash's ``phash``), stays
when a picture is saved again, resized, cut a little or brightened. It knows no colours, so a red
and a green apple would be one: the mean colours of 3 x 3 fields tell them apart.

Source of the sizes and bounds: ``tests/bench/lookalikes.py``.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

SIDE_PX: Final = 24  # the picture may come half as small as this says; the hash looks at 48 px

_BITS = 12  # rows and columns of the hash
_FIELDS = 3  # rows and columns of the mean colours
_SHAPE = 24  # bits that may differ
_LIGHT = 60.0  # mean difference in brightness, of 255
_COLOR = 9.0  # mean difference in colour, of 255

_SHAPE_LETTERS = _BITS * _BITS // 4
_LETTERS = _SHAPE_LETTERS + 2 * 3 * _FIELDS**2
_STORED = re.compile(rf"[0-9a-f]{{{_LETTERS}}}")


def of(picture: Image.Image) -> str:
    """What a picture looks like.

    Args:
        picture: In RGB, with at least 2 x ``SIDE_PX`` on its short side, or whole.

    Returns:
        90 hex digits: the bits of the hash, then 3 x 3 fields of Y, Cb and Cr.
    """
    import imagehash  # scipy comes with it: the page is there sooner without

    shape = np.packbits(imagehash.phash(picture, _BITS).hash)  # uint8 (18,)
    small = picture.resize((_FIELDS, _FIELDS), Image.Resampling.BOX)
    return shape.tobytes().hex() + small.convert("YCbCr").tobytes().hex()


def stored(value: object) -> str:
    """A stored likeness, or "" for none; ValueError when it is something else."""
    if not isinstance(value, str) or (value and not _STORED.fullmatch(value)):
        raise ValueError(f"{value!r} is no likeness")
    return value


def groups(likenesses: Sequence[str]) -> tuple[int, ...]:
    """For each picture the place of the first that it looks like, directly or over others.

    Args:
        likenesses: From :func:`of`; "" looks like nothing.
    """
    return _grouped(tuple(likenesses))


@lru_cache(maxsize=8)  # 10,000 pictures take about a second, and a page asks many times
def _grouped(likenesses: tuple[str, ...]) -> tuple[int, ...]:
    known = {each: place for place, each in reversed([*enumerate(likenesses)]) if each}
    places = sorted(known.values())
    shapes, colors = _unpacked([likenesses[place] for place in places])
    firsts = np.array(places, dtype=np.int64)
    for row in range(len(places)):
        first, second, third = np.bitwise_count(shapes[:, row + 1 :] ^ shapes[:, row, None])
        near = row + 1 + np.flatnonzero(first + second + third <= _SHAPE)
        near = near[firsts[near] != firsts[row]]
        found = firsts[near[_same_colors(colors[near], colors[row])]]
        if found.size:
            joined = np.unique([*found, firsts[row]])
            firsts[np.isin(firsts, joined)] = joined[0]
    found_first = dict(zip(places, firsts.tolist(), strict=True))
    return tuple(found_first[known[each]] if each else n for n, each in enumerate(likenesses))


def _unpacked(likenesses: Sequence[str]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int16]]:
    """Shapes as uint64 (3, n), colours as int16 (n, 9, 3): Y, Cb, Cr, 0-255."""
    whole = np.frombuffer(bytes.fromhex("".join(likenesses)), np.uint8)
    whole = whole.reshape(len(likenesses), _LETTERS // 2)
    length = _SHAPE_LETTERS // 2
    shapes = np.zeros((len(likenesses), 8 * -(-length // 8)), np.uint8)  # whole words of 8 bytes
    shapes[:, :length] = whole[:, :length]
    colors = whole[:, length:].reshape(-1, _FIELDS**2, 3).astype(np.int16)
    return np.ascontiguousarray(shapes.view(np.uint64).T), colors


def _same_colors(
    colors: npt.NDArray[np.int16], color: npt.NDArray[np.int16]
) -> npt.NDArray[np.bool_]:
    """Which of the colours (n, 9, 3) are those of one picture (9, 3), or nearly so."""
    light, blue, red = np.abs(colors - color).mean(axis=1).T  # each (n,)
    same: npt.NDArray[np.bool_] = (light <= _LIGHT) & ((blue + red) / 2 <= _COLOR)
    return same
