"""What each block of VGG16 sees in a picture: maps of where some of its filters answer.

Computed by :mod:`gui.engine.activations` with VGG16 as it comes, before it has learned from a
person's pictures; looked up and kept by :mod:`gui.core.seeing`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from gui.core import pixels, vgg16

Heat = npt.NDArray[np.float32]

BLOCKS: Final = (1, 2, 3, 4, 5)
SHOWN_PX: Final = 64  # side of every square that is shown
# From night blue over red to yellow, each lighter than the one before: whoever can't tell red from
# green sees the order by the lightness.
_COLOURS: Final = np.array([(20, 16, 48), (150, 45, 110), (240, 120, 60), (255, 236, 150)], float)
_LIFT: Final = 0.7  # exponent: weak answers stay visible beside the strongest one


@dataclass(frozen=True)
class Map:
    """Where one filter answers.

    Attributes:
        channel: Its number in the layer, from 0.
        heat: A small square as a ``data:`` URI.
    """

    channel: int
    heat: str


@dataclass(frozen=True)
class BlockMaps:
    """Some filters of one block's last convolution.

    Attributes:
        block: 1 to 5.
        side: Rows and columns of each map before it was scaled to be shown.
        channels: How many filters the layer has.
        maps: The chosen ones, the most telling first.
    """

    block: int
    side: int
    channels: int
    maps: tuple[Map, ...]


@dataclass(frozen=True)
class Seen:
    """What the five blocks see in one picture, or why nobody can say.

    Attributes:
        name: The picture's name for the person.
        thumbnail: The picture, squeezed into a small square as the network takes it, as a ``data:``
            URI; "" when there is a problem.
        blocks: One for each block; none when there is a problem.
        problem: A sentence for the person, or None.
    """

    name: str
    thumbnail: str = ""
    blocks: tuple[BlockMaps, ...] = ()
    problem: str | None = None


def from_json(stored: Mapping[str, Any]) -> Seen:
    """What was seen, as a worker wrote it, with ``dataclasses.asdict``.

    Raises:
        ValueError, LookupError or TypeError: When it is anything else.
    """
    blocks = tuple(
        BlockMaps(
            int(each["block"]),
            int(each["side"]),
            int(each["channels"]),
            tuple(Map(int(one["channel"]), str(one["heat"])) for one in each["maps"]),
        )
        for each in stored["blocks"]
    )
    problem = stored["problem"]
    told = None if problem is None else str(problem)
    return Seen(str(stored["name"]), str(stored["thumbnail"]), blocks, told)


def layer(block: int) -> str:
    """The last convolution of a block: "block3_conv3"."""
    return [each.name for each in vgg16.LAYERS if each.block == block and each.kind == "conv"][-1]


def square(heat: Heat) -> str:
    """A map as a small square in colours.

    A map with more rows than the square is averaged; of one with fewer every value stays a square
    of its own, so that it shows how coarsely the later blocks look.

    Args:
        heat: float32 (rows, rows), 0 (silent) to 1 (the strongest answer).

    Returns:
        A ``data:`` URI of a WebP of SHOWN_PX x SHOWN_PX.
    """
    few = len(heat) < SHOWN_PX
    how = Image.Resampling.NEAREST if few else Image.Resampling.BOX
    scaled = Image.fromarray(heat).resize((SHOWN_PX, SHOWN_PX), how)
    values = np.asarray(scaled, np.float64).clip(0, 1) ** _LIFT
    steps = np.linspace(0, 1, len(_COLOURS))
    bands = [np.interp(values, steps, channel) for channel in _COLOURS.T]
    return pixels.address(np.rint(np.stack(bands, axis=-1)).astype(np.uint8))


def shown(picture: npt.NDArray[np.uint8]) -> str:
    """A picture as the network takes it, uint8 (size, size, 3) RGB, as a ``data:`` URI."""
    small = Image.fromarray(picture).resize((SHOWN_PX, SHOWN_PX), Image.Resampling.LANCZOS)
    return pixels.address(np.asarray(small))
