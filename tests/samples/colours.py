"""Colours of even perceived lightness, so that no hue outshines the others."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Colour = NDArray[np.float64]  # (3,): red, green, blue in 0…1

# Oklab to linear sRGB. Source: Björn Ottosson, "A perceptual color space for image processing".
_LMS = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_RGB = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


def oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """A colour of even perceived lightness.

    Args:
        lightness: 0 (black) to 1 (white).
        chroma: 0 (grey) to about 0.2 (vivid).
        hue: in turns; any real number.
    """
    angle = hue * math.tau
    lab = np.array([lightness, chroma * math.cos(angle), chroma * math.sin(angle)])
    linear = np.clip(_RGB @ (_LMS @ lab) ** 3, 0.0, 1.0)
    return np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """The colour that lies `share` (0…1) of the way from one to the other."""
    return one + (other - one) * share
