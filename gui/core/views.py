"""Augmented views of a picture: view 0 is the plain one, the others are mirrored, turned, zoomed.

A view is a function of the picture's bytes, the view's number and what is switched on, and of
nothing else: not of the run, the batch or the place in the folder. So it can be stored once and
shared by every run of the same person.
"""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gui.core import vgg16
from gui.core.config import ModelSettings

Pixels = NDArray[np.uint8]

_REACH = 0.36  # of the side: how far outside a picture that is turned and zoomed out most reaches


def draw(pixels: Pixels, sha256: str, view: int, settings: ModelSettings) -> Pixels:
    """One view of a picture, with the same ranges as the model's own augmentation layers.

    Args:
        pixels: uint8 (size, size, 3), RGB 0-255.
        sha256: Hex digest of the picture's file.
        view: 0 for the plain picture.
        settings: Which augmentations are on.

    Returns:
        uint8 (size, size, 3). What lies outside the picture is its mirror image.
    """
    if not view:
        return pixels
    chance = np.random.default_rng([int(sha256[:16], 16), view])
    # Drawn in any case, so that a switch changes nothing but itself.
    flip, turn, zoom = chance.random() < 0.5, chance.uniform(-1, 1), chance.uniform(-1, 1)
    return transformed(
        pixels,
        flip=settings.flip and flip,
        angle=turn * vgg16.ROTATION * 2 * math.pi if settings.rotation else 0.0,
        scale=1 + zoom * vgg16.ZOOM if settings.zoom else 1.0,
    )


def transformed(pixels: Pixels, *, flip: bool, angle: float, scale: float) -> Pixels:
    """A picture mirrored, then turned about its middle, then zoomed, in one interpolation.

    Args:
        pixels: uint8 (size, size, 3).
        flip: Left and right change sides.
        angle: In radians; above 0 counterclockwise, as Keras has it.
        scale: How much of the side is seen: below 1 zooms in, above 1 zooms out.
    """
    size = len(pixels)
    margin = math.ceil(size * _REACH)
    mirrored = pixels[:, ::-1] if flip else pixels
    padded = np.pad(mirrored, ((margin, margin), (margin, margin), (0, 0)), mode="symmetric")
    cosine, sine = math.cos(angle) * scale, math.sin(angle) * scale
    # From a pixel of the view to the place in the padded picture it shows; both middles meet.
    middle, wide = size / 2, margin + size / 2
    place = (
        cosine,
        -sine,
        wide - cosine * middle + sine * middle,
        sine,
        cosine,
        wide - sine * middle - cosine * middle,
    )
    view = Image.fromarray(padded).transform(
        (size, size), Image.Transform.AFFINE, place, Image.Resampling.BILINEAR
    )
    return np.asarray(view)
