"""Where the filters of VGG16's blocks answer in a picture: pictures in, maps out.

Each block is looked at where it ends, at its last convolution. Of its 64 to 512 filters those are
chosen that tell the most about the picture:

1. A filter's **contrast** is the standard deviation of its map: one that answers everywhere alike
   tells nothing, however strongly it answers. The outer eighth of each side doesn't count, as the
   zeros around a picture make some filters answer at its border.
2. From the largest contrast down, a filter is taken unless its map looks like one that is taken
   already (correlation of at least 0.7): three times the same would tell as much as once.

Every map is scaled by itself: 0 is no answer (the filters end in a relu), 1 the strongest in this
picture. So maps tell where a filter answers, not which filter answers more strongly.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gui.core import activations, scaled, vgg16
from gui.core.activations import BLOCKS, BlockMaps, Heat, Map, Seen
from gui.core.errors import UnreadablePicture
from gui.engine.network import PICTURES, Network

MAPS = 3  # of each block
_BORDER = 8  # the outer 1/8 of each side has no say
_ALIKE = 0.7  # correlation from which two maps show the same


@dataclass(frozen=True)
class Found:
    """Some maps of one block in one picture.

    Attributes:
        block: 1 to 5.
        channels: How many filters the layer has.
        chosen: Numbers of the chosen ones.
        heat: float32 (chosen, rows, rows), 0 to 1: their maps.
    """

    block: int
    channels: int
    chosen: tuple[int, ...]
    heat: Heat


def look(network: Network, files: Sequence[tuple[str, Path]], size_px: int) -> Iterator[Seen]:
    """What the blocks see in each file, in order; one that can't be read gets a sentence instead.

    Args:
        network: VGG16's convolutions.
        files: Each picture's name for the person, and where it is.
        size_px: Side of the square that pictures are scaled to.
    """
    for name, path in files:
        try:
            pixels = scaled.read_pixels(path, size_px)
        except UnreadablePicture as error:
            yield Seen(name, problem=f"{error.what} {error.hint}")
        else:
            blocks = tuple(_drawn(each) for each in see(network, pixels))
            yield Seen(name, activations.shown(pixels), blocks)


def see(network: Network, pixels: NDArray[np.uint8]) -> list[Found]:
    """The most telling maps of each block, for one picture.

    Args:
        network: VGG16's convolutions.
        pixels: uint8 (size, size, 3), RGB 0-255.
    """
    # What a layer puts out is what reaches the next one: the pool that ends its block.
    places = {block: _after(activations.layer(block)) for block in BLOCKS}
    reached = network.run(PICTURES, pixels[None], list(places.values()))
    found = []
    for block, place in places.items():
        values = reached[place][0].astype(np.float32)  # (rows, rows, channels)
        chosen = strongest(values)
        maps = np.moveaxis(values[..., chosen], 2, 0)  # (chosen, rows, rows)
        largest = maps.max(axis=(1, 2), keepdims=True)
        heat = np.divide(maps, largest, out=np.zeros_like(maps), where=largest > 0)
        found.append(Found(block, values.shape[2], tuple(chosen), heat))
    return found


def strongest(values: Heat, count: int = MAPS) -> list[int]:
    """The filters with the most contrast of which no two show the same.

    Args:
        values: float32 (rows, rows, channels), as they leave a relu.
        count: How many; fewer when nothing else differs from what is chosen, as in a plain picture.
    """
    side, _, channels = values.shape
    border = side // _BORDER
    inside = values[border : side - border, border : side - border].reshape(-1, channels)
    centred = (inside - inside.mean(axis=0)).astype(np.float64)  # (places, channels)
    lengths = np.linalg.norm(centred, axis=0)  # the standard deviation times a constant
    patterns = np.divide(centred, lengths, out=np.zeros_like(centred), where=lengths > 0)
    chosen: list[int] = []
    for channel in np.argsort(-lengths, kind="stable"):
        if len(chosen) == count or not lengths[channel]:
            break
        alike = patterns[:, channel] @ patterns[:, chosen]  # correlations with what is chosen
        if not (alike >= _ALIKE).any():
            chosen.append(int(channel))
    return chosen


def _after(layer: str) -> str:
    return vgg16.FREEZE_POINTS[vgg16.position(layer) + 1]


def _drawn(found: Found) -> BlockMaps:
    maps = zip(found.chosen, found.heat, strict=True)
    drawn = tuple(Map(channel, activations.square(heat)) for channel, heat in maps)
    return BlockMaps(found.block, found.heat.shape[1], found.channels, drawn)
