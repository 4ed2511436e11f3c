"""Small things that lie on the ground, with every kind of creature."""

from __future__ import annotations

import math
from random import Random

import numpy as np
from brush import Canvas, Coat, Pen, Points, Pose, Shape, disc, ribbon, spline, trail, union
from colours import Colour, mix, oklch


def scatter(canvas: Canvas, rng: Random, count: int, level: float | None) -> None:
    """Small things on the ground at a level (in sides), or all over it."""
    for _ in range(count):
        x, y = rng.random(), rng.random() if level is None else level + rng.uniform(0.0, 0.14)
        draw_thing(canvas, rng, x, y)


def draw_thing(canvas: Canvas, rng: Random, x: float, y: float) -> None:
    """A pebble, shell, starfish, urchin or weed at x, y (in sides)."""
    size = rng.uniform(0.025, 0.075) * canvas.side
    pose = Pose(x * canvas.side, y * canvas.side, size, rng.uniform(-0.6, 0.6))
    colour = oklch(rng.uniform(0.45, 0.85), rng.uniform(0.02, 0.15), rng.random())
    thing = rng.choice([_pebble, _pebble, _shell, _starfish, _urchin, _weed])
    thing(Pen(canvas, pose), rng, colour)


def _pebble(pen: Pen, rng: Random, colour: Colour) -> None:
    pen.paint([disc(0, 0, 1, rng.uniform(0.55, 0.9))], Coat(mix(colour, np.full(3, 0.6), 0.6)))


def _shell(pen: Pen, rng: Random, colour: Colour) -> None:
    """A scallop."""
    fan = np.linspace(math.pi * 1.08, math.pi * 1.92, 57)
    reach = 1 + 0.06 * np.abs(np.sin(np.linspace(0, 7 * math.pi, 57)))
    edge = np.stack([reach * np.cos(fan), 0.6 + 1.3 * reach * np.sin(fan)], axis=1)
    ribs = union(ribbon(np.array([(0, 0.6), point]), 0.035) for point in edge[::8])
    ink = mix(colour, oklch(0.3, 0.05, 0.05), 0.35)
    outline = np.concatenate([edge, [(0.25, 0.75), (-0.25, 0.75)]])
    pen.paint([outline], Coat(colour, [(ribs, ink)]))


def _starfish(pen: Pen, rng: Random, colour: Colour) -> None:
    turn = np.linspace(0, math.tau, 10, endpoint=False) - math.pi / 2
    reach = np.where(np.arange(10) % 2 == 0, 1.15, 0.48)
    star: Points = np.stack([reach * np.cos(turn), reach * np.sin(turn)], axis=1)
    dots = [disc(*(point * share), 0.07) for point in star[::2] for share in (0.2, 0.45, 0.68)]
    pen.paint([spline(star)], Coat(colour, [(dots, mix(colour, np.ones(3), 0.6))]))


def _urchin(pen: Pen, rng: Random, colour: Colour) -> None:
    spines: Shape = []
    for turn in np.linspace(0, math.tau, 19, endpoint=False):
        tip = np.array([math.cos(turn), math.sin(turn)]) * rng.uniform(0.95, 1.25)
        spines += ribbon(np.array([tip * 0.3, tip * 0.7, tip]), np.array([0.08, 0.06, 0.02]))
    dark = mix(colour, oklch(0.3, 0.08, 0.8), 0.5)
    pen.paint(spines, Coat(dark, volume=0.3))
    pen.paint([disc(0, 0, 0.6)], Coat(mix(dark, colour, 0.4)))


def _weed(pen: Pen, rng: Random, colour: Colour) -> None:
    for lean in np.linspace(-0.5, 0.5, rng.randint(3, 5)):
        line = trail((lean * 0.6, 1.0), np.linspace(-1.57 + lean, -1.57 + lean * 2, 12), 2.4)
        pen.paint(ribbon(line, np.linspace(0.16, 0.03, len(line))), Coat(colour, shadow=0.2))
