"""The sea around a creature: water and ground, plants, stones, shells, bubbles and light."""

from __future__ import annotations

import math
from random import Random

import numpy as np
from brush import Canvas, Coat, Pose, Shape, disc, ribbon, spline, trail
from colours import Colour, mix, oklch
from numpy.typing import NDArray
from things import scatter


def backdrop(rng: Random, side: int, hue: float) -> Canvas:
    """A new canvas with water or sand, and what lies far behind.

    Args:
        rng: the source of all choices.
        side: height and width in pixels.
        hue: of the water, in turns.
    """
    deep = rng.uniform(0.42, 0.82)
    bright = min(deep + rng.uniform(0.1, 0.25), 0.94)
    chroma = rng.uniform(0.06, 0.12)
    near = oklch(deep, chroma, hue)
    far = oklch(bright, chroma * 0.8, hue + rng.uniform(-0.09, 0.09))
    pixels = _gradient(side, far, near, rng.uniform(-0.6, 0.6))
    angle = rng.uniform(-math.pi * 0.8, -math.pi * 0.2)
    canvas = Canvas(pixels, (math.cos(angle), math.sin(angle)))
    scene = rng.choice([_open_water, _seabed, _seabed, _reef, _reef, _beach, _tiles])
    scene(canvas, rng, near)
    return canvas


def _gradient(side: int, top: Colour, bottom: Colour, lean: float) -> NDArray[np.float64]:
    down, right = np.mgrid[0:side, 0:side] / side
    share = np.clip(down + lean * (right - 0.5), 0, 1)[..., None]
    return top + (bottom - top) * share


def _open_water(canvas: Canvas, rng: Random, water: Colour) -> None:
    for _ in range(rng.randint(3, 6)):
        _draw_ray(canvas, rng)
    _draw_shoal(canvas, rng, mix(water, oklch(0.3, 0.05, 0.7), 0.25))


def _seabed(canvas: Canvas, rng: Random, water: Colour) -> None:
    if rng.random() < 0.5:
        _draw_ray(canvas, rng)
    sand = oklch(rng.uniform(0.6, 0.88), 0.06, rng.uniform(0.12, 0.25))
    count = rng.randint(2, 4)
    for layer in range(count):
        level = rng.uniform(0.5, 0.6) + 0.14 * layer
        _draw_dune(canvas, rng, level, mix(water, sand, (layer + 1) / count))
        if rng.random() < 0.7:
            scatter(canvas, rng, rng.randint(1, 4), level)


def _reef(canvas: Canvas, rng: Random, water: Colour) -> None:
    for layer in range(2):
        hue = rng.random()
        colour = mix(water, oklch(rng.uniform(0.45, 0.75), 0.13, hue), 0.3 + 0.3 * layer)
        for _ in range(rng.randint(2, 4)):
            _draw_coral(canvas, rng, rng.random(), 1.02, colour)
        _draw_dune(canvas, rng, 0.82 + 0.08 * layer, mix(colour, water, 0.4))
    scatter(canvas, rng, rng.randint(2, 5), 0.86)


def _beach(canvas: Canvas, rng: Random, water: Colour) -> None:
    """Sand seen from above, with ripples."""
    side = canvas.side
    sand = oklch(rng.uniform(0.72, 0.92), rng.uniform(0.04, 0.08), rng.uniform(0.1, 0.25))
    canvas.pixels[:] = mix(canvas.pixels, sand, 0.85)
    tone, tilt = mix(sand, oklch(0.4, 0.05, 0.1), 0.18), rng.uniform(-0.5, 0.5)
    along = np.linspace(-0.2, 1.2, 40)
    for level in np.arange(-0.4, 1.4, rng.uniform(0.1, 0.18)):
        wave = level + tilt * along + 0.02 * np.sin(along * 11 + rng.uniform(0, 6))
        line = np.stack([along, wave], axis=1) * side
        canvas.paint(ribbon(line, side * 0.009), Coat(tone, volume=0.5, shadow=0, alpha=0.5))
    scatter(canvas, rng, rng.randint(5, 10), None)


def _tiles(canvas: Canvas, rng: Random, water: Colour) -> None:
    """Large soft circles, like a print."""
    for _ in range(rng.randint(5, 10)):
        colour = mix(water, oklch(rng.uniform(0.6, 0.97), 0.09, rng.random()), 0.4)
        spot = disc(rng.random(), rng.random(), rng.uniform(0.08, 0.3)) * canvas.side
        canvas.paint([spot], Coat(colour, volume=0.15, shadow=0.12, alpha=0.6))


def _draw_ray(canvas: Canvas, rng: Random) -> None:
    x, wide, lean = rng.uniform(-0.1, 1.1), rng.uniform(0.03, 0.12), rng.uniform(-0.4, 0.4)
    ray = np.array([(x, -0.1), (x + wide, -0.1), (x + wide * 3 + lean, 1.1), (x + lean, 1.1)])
    canvas.paint([ray * canvas.side], Coat(np.ones(3), volume=0, shadow=0, alpha=0.1))


def _draw_shoal(canvas: Canvas, rng: Random, colour: Colour) -> None:
    """Small far silhouettes; they swim behind every kind of creature."""
    x, y = rng.random(), rng.random()
    knots = [
        (-1, 0),
        (-0.2, -0.42),
        (0.6, 0),
        (1, -0.4),
        (0.9, 0),
        (1, 0.4),
        (0.6, 0),
        (-0.2, 0.42),
    ]
    body = [spline(knots)]
    mirrored = rng.random() < 0.5
    for _ in range(rng.randint(3, 7)):
        at = (x + rng.uniform(-0.2, 0.2), y + rng.uniform(-0.14, 0.14))
        pose = Pose(at[0] * canvas.side, at[1] * canvas.side, canvas.side * 0.026, 0.0, mirrored)
        canvas.paint(pose.place(body), Coat(colour, volume=0, shadow=0, alpha=0.7))


def _draw_dune(canvas: Canvas, rng: Random, level: float, colour: Colour) -> None:
    x = np.linspace(-0.1, 1.1, 50)
    y = level + rng.uniform(0.02, 0.07) * np.sin(x * rng.uniform(3, 8) + rng.uniform(0, 6))
    ground = np.concatenate([np.stack([x, y], axis=1), [(1.1, 1.2), (-0.1, 1.2)]])
    canvas.paint([ground * canvas.side], Coat(colour, volume=0.5, shadow=0.2))


def _draw_coral(canvas: Canvas, rng: Random, x: float, y: float, colour: Colour) -> None:
    """A branching coral, or a bunch of tubes, growing from x, y (in sides)."""
    grown: Shape = []
    if rng.random() < 0.6:
        _branch(rng, grown, (x, y), -math.pi / 2, rng.uniform(0.13, 0.22), 4)
    else:
        for _ in range(rng.randint(3, 6)):
            lean = rng.uniform(-0.5, 0.5)
            line = trail((x, y), np.linspace(-1.57 + lean, -1.57, 8), rng.uniform(0.16, 0.42))
            grown += ribbon(line, np.linspace(0.022, 0.036, len(line)))
    canvas.paint([points * canvas.side for points in grown], Coat(colour, volume=0.6, shadow=0.2))


def _branch(
    rng: Random, grown: Shape, at: tuple[float, float], heading: float, length: float, depth: int
) -> None:
    line = trail(at, np.linspace(heading, heading + rng.uniform(-0.3, 0.3), 6), length)
    grown += ribbon(line, np.linspace(0.0055, 0.0045, len(line)) * (depth + 0.5))
    if depth > 1:
        for turn in (-rng.uniform(0.25, 0.6), rng.uniform(0.25, 0.6)):
            _branch(rng, grown, tuple(line[-1]), heading + turn, length * 0.72, depth - 1)


def draw_kelp(canvas: Canvas, rng: Random, x: float) -> None:
    """A tall plant that rises from the lower edge at x (in sides), leaves on both sides."""
    colour = oklch(rng.uniform(0.4, 0.7), rng.uniform(0.06, 0.13), rng.uniform(0.2, 0.55))
    wave = np.sin(np.linspace(0, rng.uniform(3, 7), 30) + rng.uniform(0, 6)) * 0.35
    stem = trail((x, 1.05), wave - math.pi / 2 + rng.uniform(-0.2, 0.2), rng.uniform(0.5, 1.1))
    for i in range(3, 30, 3):
        angle = wave[i] - math.pi / 2 + (0.7 if i % 2 else -0.7)
        tip = stem[i] + 0.05 * np.array([math.cos(angle), math.sin(angle)])
        leaf = disc(*tip, 0.06, 0.02, angle) * canvas.side
        canvas.paint([leaf], Coat(colour, volume=0.6, shadow=0.25))
    line = stem * canvas.side
    canvas.paint(ribbon(line, canvas.side * np.linspace(0.012, 0.005, len(line))), Coat(colour))


def draw_bubbles(canvas: Canvas, rng: Random, count: int) -> None:
    """Bubbles in loose columns."""
    x = rng.random()
    for _ in range(count):
        at = np.array([x + rng.uniform(-0.12, 0.12), rng.random()])
        size = rng.uniform(0.008, 0.03)
        white = np.ones(3)
        film = Coat(white, volume=0, shadow=0.08, alpha=0.28)
        canvas.paint([disc(*at, size) * canvas.side], film)
        glint = disc(at[0] - size * 0.35, at[1] - size * 0.35, size * 0.28)
        canvas.paint([glint * canvas.side], Coat(white, volume=0, shadow=0, alpha=0.8))


def finish(canvas: Canvas, rng: Random) -> None:
    """The light of the day: a tint, a soft fall-off to the corners, more or less of it."""
    side = canvas.side
    down, right = np.mgrid[0:side, 0:side] / side - 0.5
    fall = 1 - rng.uniform(0.0, 0.45) * (down**2 + right**2)
    tint = mix(np.ones(3), oklch(0.85, 0.08, rng.random()), rng.uniform(0.0, 0.25))
    gain = rng.uniform(0.94, 1.12)
    lit = np.clip(canvas.pixels * fall[..., None] * tint * gain, 0, 1)
    # A third of the way to a smooth step: deeper darks, clearer lights, the ends stay in place.
    canvas.pixels[:] = lit + (lit**2 * (3 - 2 * lit) - lit) / 3
