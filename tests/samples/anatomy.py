"""Colours, eyes, mouths and patterns.

All creatures share them, so that they give none of them away.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

import numpy as np
from brush import Coat, Mark, Pen, Shape, disc, ribbon, spline
from colours import Colour, mix, oklch


@dataclass(frozen=True)
class Palette:
    """The colours of one creature."""

    main: Colour
    second: Colour
    pale: Colour
    dark: Colour


@dataclass(frozen=True)
class Model:
    """One creature to draw: where, by which chance, in which colours."""

    pen: Pen
    rng: Random
    palette: Palette


def palette(rng: Random, hue: float) -> Palette:
    """Colours that go together, around a hue in turns; now and then nearly grey."""
    vivid = rng.choice([1.0, 1.0, 1.0, 0.85, 0.3])
    # Yellow turns to mud when it is dark.
    lift = 0.12 * max(0.0, math.cos((hue - 0.27) * math.tau))
    lightness = min(rng.uniform(0.54, 0.8) + lift, 0.86)
    other = hue + rng.choice([0.0, 0.06, -0.07, 0.12, 0.42, 0.55])
    contrast = rng.choice([-0.17, -0.12, 0.13, 0.17])
    return Palette(
        main=oklch(lightness, 0.16 * vivid, hue),
        second=oklch(min(lightness + contrast, 0.9), 0.14 * vivid, other),
        pale=oklch(0.93, 0.045 * vivid, other + 0.03),
        dark=oklch(0.3, 0.06 * vivid, hue),
    )


def draw_eye(model: Model, x: float, y: float, radius: float, style: int) -> None:
    """An eye in one of four styles, with a glint towards the upper left."""
    pen, dark = model.pen, mix(model.palette.dark, np.zeros(3), 0.55)
    glint = Coat(np.ones(3), volume=0, shadow=0)
    if style == 0:  # a bead
        pen.paint([disc(x, y, radius * 0.75)], Coat(dark, volume=0.5, shadow=0.2))
    else:
        pen.paint([disc(x, y, radius)], Coat(np.full(3, 0.98), volume=0.35, shadow=0.3))
        inner = 0.62 if style == 2 else 0.5
        if style == 2:
            pen.paint([disc(x, y, radius * 0.74)], Coat(model.palette.second, volume=0, shadow=0))
        pen.paint([disc(x, y + radius * 0.08, radius * inner)], Coat(dark, volume=0.3, shadow=0))
    if style == 3:  # half asleep
        lid = [point for point in disc(x, y, radius * 1.06) if point[1] < y - radius * 0.1]
        pen.paint([np.array(lid)], Coat(model.palette.main, volume=0.5, shadow=0.15))
    else:
        pen.paint([disc(x - radius * 0.2, y - radius * 0.25, radius * 0.2)], glint)


def draw_smile(model: Model, x: float, y: float, width: float) -> None:
    """A mouth: a curve, sometimes flat or open."""
    depth = width * model.rng.choice([0.6, 0.6, 0.45, 0.3, -0.2])
    line = spline([(x - width, y), (x, y + depth), (x + width, y)], closed=False)
    coat = Coat(mix(model.palette.dark, np.zeros(3), 0.3), volume=0, shadow=0)
    model.pen.paint(ribbon(line, width * 0.13), coat)


def draw_cheeks(model: Model, x: float, y: float, spread: float, radius: float) -> None:
    """Two blushing cheeks."""
    blush = Coat(oklch(0.72, 0.16, 0.03), volume=0, shadow=0, alpha=0.55)
    for side in (-1, 1):
        model.pen.paint([disc(x + side * spread, y, radius, radius * 0.7)], blush)


def markings(model: Model) -> list[Mark]:
    """A pattern over -1…1 in both directions; what lies outside the painted shape is not seen."""
    rng, colours = model.rng, model.palette
    pattern = rng.choice([_none, _spots, _spots, _bands, _bands, _dots, _patches, _rings])
    return pattern(rng, colours)


def _none(rng: Random, colours: Palette) -> list[Mark]:
    return []


def _spots(rng: Random, colours: Palette) -> list[Mark]:
    size = rng.uniform(0.05, 0.12)
    spots: Shape = []
    placed: list[tuple[float, float]] = []
    for _ in range(140):
        x, y = rng.uniform(-1, 1), rng.uniform(-1, 1)
        if all(math.hypot(x - a, y - b) > size * 2.6 for a, b in placed):
            placed.append((x, y))
            spots.append(disc(x, y, size * rng.uniform(0.5, 1.1), size * rng.uniform(0.5, 1.1)))
    return [(spots, colours.second)]


def _bands(rng: Random, colours: Palette) -> list[Mark]:
    """Wavy stripes in any direction; on some, each with a pale hem."""
    tilt, gap = rng.uniform(0, math.pi), rng.uniform(0.22, 0.42)
    wave, phase = rng.uniform(0.0, 0.06), rng.uniform(0, math.tau)
    width = gap * rng.uniform(0.16, 0.3)
    along = np.linspace(-1.5, 1.5, 40)
    turn = np.array([[math.cos(tilt), math.sin(tilt)], [-math.sin(tilt), math.cos(tilt)]])
    bands: Shape = []
    hems: Shape = []
    for offset in np.arange(-1.4, 1.4, gap):
        across = offset + wave * np.sin(along * 6 + phase)
        line = np.stack([along, across], axis=1) @ turn
        bands += ribbon(line, width)
        hems += ribbon(line, width * 1.4)
    hem: list[Mark] = [(hems, colours.pale)] if rng.random() < 0.4 else []
    return [*hem, (bands, colours.second)]


def _dots(rng: Random, colours: Palette) -> list[Mark]:
    gap = rng.uniform(0.13, 0.2)
    rows = np.arange(-1, 1, gap)
    dots = [
        disc(x + (gap / 2 if row % 2 else 0), y, gap * 0.24)
        for row, y in enumerate(rows)
        for x in rows
    ]
    return [(dots, colours.pale if rng.random() < 0.6 else colours.second)]


def _patches(rng: Random, colours: Palette) -> list[Mark]:
    patches: Shape = []
    for _ in range(9):
        x, y, size = rng.uniform(-1, 1), rng.uniform(-1, 1), rng.uniform(0.15, 0.34)
        turn = np.linspace(0, math.tau, 8, endpoint=False)
        reach = np.array([size * rng.uniform(0.6, 1.2) for _ in turn])
        patches.append(
            spline(np.stack([x + reach * np.cos(turn), y + reach * np.sin(turn)], axis=1))
        )
    return [(patches, colours.second)]


def _rings(rng: Random, colours: Palette) -> list[Mark]:
    rings: list[Mark] = []
    for _ in range(16):
        x, y, size = rng.uniform(-1, 1), rng.uniform(-1, 1), rng.uniform(0.08, 0.16)
        rings.append(([disc(x, y, size)], colours.second))
        rings.append(([disc(x, y, size * 0.58)], mix(colours.main, colours.pale, 0.5)))
    return rings
