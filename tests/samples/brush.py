"""Shapes and paint: outlines in a creature's own coordinates, laid on a canvas with soft shading.

A shape is a list of polygons that are filled as one. A creature is drawn in a space of its own
(the body within -1…1, x to the right, y down); a pose carries it to the canvas. Each shape is
modelled as if cut from padded felt: lit on the side of the light, dark on the other, and throwing
a soft shadow on whatever lies beneath.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from colours import Colour
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Points = NDArray[np.float64]  # (n, 2): x, y
Shape = list[Points]
Mark = tuple[Shape, Colour]

# What light and shade turn a colour towards.
WARM: Colour = np.array([1.0, 0.97, 0.88])
COOL: Colour = np.array([0.42, 0.40, 0.62])


def disc(x: float, y: float, rx: float, ry: float | None = None, tilt: float = 0.0) -> Points:
    """An ellipse around x, y; `tilt` in radians."""
    turn = np.linspace(0.0, math.tau, 40, endpoint=False)
    across, down = rx * np.cos(turn), (rx if ry is None else ry) * np.sin(turn)
    cos, sin = math.cos(tilt), math.sin(tilt)
    return np.stack([x + across * cos - down * sin, y + across * sin + down * cos], axis=1)


def spline(knots: Sequence[tuple[float, float]] | Points, closed: bool = True) -> Points:
    """A smooth line through the knots (Catmull-Rom), ten points to a stretch."""
    rows = np.asarray(knots, dtype=float)
    ends = (rows[-1:], rows[:2]) if closed else (rows[:1], rows[-1:])
    padded = np.concatenate([ends[0], rows, ends[1]])
    t = np.linspace(0.0, 1.0, 10, endpoint=False)[:, None]
    stretches = [
        0.5
        * (
            2 * b
            + (c - a) * t
            + (2 * a - 5 * b + 4 * c - d) * t**2
            + (3 * b - a - 3 * c + d) * t**3
        )
        for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False)
    ]
    return np.concatenate([*stretches, rows[-1:]] if not closed else stretches)


def trail(start: tuple[float, float], headings: NDArray[np.float64], length: float) -> Points:
    """A line that leaves `start` and turns along `headings` (radians, one per step)."""
    step = length / len(headings)
    walk = np.stack([np.cos(headings), np.sin(headings)], axis=1) * step
    return np.concatenate([[start], np.cumsum(walk, axis=0) + start])


def ribbon(line: Points, widths: NDArray[np.float64] | float) -> Shape:
    """A band along a line: its half-width at each point is `widths`. It may cross itself."""
    half = np.broadcast_to(np.asarray(widths, dtype=float), (len(line),))
    along = np.gradient(line, axis=0)
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
    left, right = line + normal * half[:, None], line - normal * half[:, None]
    quads = [np.stack([left[i], left[i + 1], right[i + 1], right[i]]) for i in range(len(line) - 1)]
    return quads + [disc(*point, width) for point, width in zip(line, half, strict=True)]


def union(shapes: Iterable[Shape]) -> Shape:
    """All shapes as one."""
    return list(chain.from_iterable(shapes))


@dataclass(frozen=True)
class Coat:
    """How a shape is painted.

    Attributes:
        colour: of the ground.
        marks: painted on the ground, seen only within the shape.
        volume: 0 (flat) to 1 (round).
        shadow: 0 (none) to 1 (black).
        alpha: 0 (not seen) to 1 (covers all).
        melt: how far marks run into the ground, in canvas pixels.
    """

    colour: Colour
    marks: Sequence[Mark] = ()
    volume: float = 0.8
    shadow: float = 0.35
    alpha: float = 1.0
    melt: float = 0.0


@dataclass(frozen=True)
class Pose:
    """Where a shape's own space lies on the canvas.

    Attributes:
        x: of its origin, in canvas pixels.
        y: of its origin, in canvas pixels.
        radius: the length of 1, in canvas pixels.
        angle: in radians, clockwise.
        mirrored: left and right exchanged.
        squash: height over width.
    """

    x: float
    y: float
    radius: float
    angle: float = 0.0
    mirrored: bool = False
    squash: float = 1.0

    def place(self, shape: Shape) -> Shape:
        """The shape in canvas pixels."""
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        turn = np.array([[cos, sin], [-sin, cos]]) * self.radius
        flip = np.array([-1.0 if self.mirrored else 1.0, self.squash])
        return [(points * flip) @ turn + (self.x, self.y) for points in shape]


@dataclass
class Canvas:
    """A square picture in the making.

    Attributes:
        pixels: float64 (side, side, 3), sRGB in 0…1.
        light: unit vector towards the light.
    """

    pixels: NDArray[np.float64]
    light: tuple[float, float] = (-0.5, -0.86)

    @property
    def side(self) -> int:
        """Height and width in pixels."""
        return self.pixels.shape[0]

    def paint(self, shape: Shape, coat: Coat) -> None:
        """Lay the shape, in canvas pixels, on the picture."""
        pad = 64
        every = np.concatenate(shape)
        low = np.floor(every.min(axis=0)).astype(int) - pad
        high = np.ceil(every.max(axis=0)).astype(int) + pad
        inside = np.clip([low, high], 0, self.side)
        (left, top), (right, bottom) = inside
        if right - left < 1 or bottom - top < 1:
            return
        size = (int(high[0] - low[0]), int(high[1] - low[1]))
        mask = _filled(size, shape, low)
        colours = _shaded(mask, _ground(size, coat, low), coat.volume, self.light)
        view = (slice(top - low[1], bottom - low[1]), slice(left - low[0], right - low[0]))
        target = self.pixels[top:bottom, left:right]
        if coat.shadow:
            soft = np.asarray(mask.filter(ImageFilter.GaussianBlur(9)), dtype=float) / 255
            cast = np.roll(soft, (round(-10 * self.light[1]), round(-10 * self.light[0])), (0, 1))
            target *= 1 - coat.shadow * cast[view][..., None] * (1 - 0.5 * COOL)
        cover = np.asarray(mask, dtype=float)[view][..., None] / 255 * coat.alpha
        target += (colours[view] - target) * cover


@dataclass(frozen=True)
class Pen:
    """A canvas seen through a pose: what it paints is given in the shape's own space."""

    canvas: Canvas
    pose: Pose

    def paint(self, shape: Shape, coat: Coat) -> None:
        """Lay the shape and its marks on the canvas."""
        marks = [(self.pose.place(mark), colour) for mark, colour in coat.marks]
        self.canvas.paint(self.pose.place(shape), replace(coat, marks=marks))


def _filled(size: tuple[int, int], shape: Shape, origin: NDArray[np.int64]) -> Image.Image:
    mask = Image.new("L", size)
    pencil = ImageDraw.Draw(mask)
    for points in shape:
        pencil.polygon([tuple(point) for point in points - origin], fill=255)
    return mask


def _ground(size: tuple[int, int], coat: Coat, origin: NDArray[np.int64]) -> NDArray[np.float64]:
    """The unshaded colours of a shape with its marks: float64 (height, width, 3) in 0…1."""
    ground = Image.new("RGB", size, _bytes(coat.colour))
    pencil = ImageDraw.Draw(ground)
    for shape, colour in coat.marks:
        for points in shape:
            pencil.polygon([tuple(point) for point in points - origin], fill=_bytes(colour))
    if coat.melt:
        ground = ground.filter(ImageFilter.GaussianBlur(coat.melt))
    return np.asarray(ground, dtype=float) / 255


def _bytes(colour: Colour) -> tuple[int, int, int]:
    red, green, blue = (np.clip(colour, 0, 1) * 255).round().astype(int).tolist()
    return red, green, blue


def _shaded(
    mask: Image.Image, ground: NDArray[np.float64], volume: float, light: tuple[float, float]
) -> NDArray[np.float64]:
    """The ground, lit as a cushion: its blurred mask is taken for a height."""
    if not volume:
        return ground
    flat = np.asarray(mask, dtype=float) / 255
    edge = np.abs(np.diff(flat, axis=0)).sum() + np.abs(np.diff(flat, axis=1)).sum()
    reach = float(np.clip(flat.sum() / max(edge, 1.0), 2.5, 30.0))
    height = np.asarray(mask.filter(ImageFilter.GaussianBlur(reach)), dtype=float) / 255
    down, right = round(light[1] * reach), round(light[0] * reach)
    slope = np.roll(height, (down, right), (0, 1)) - np.roll(height, (-down, -right), (0, 1))
    # At a point on the lit side the height falls towards the light.
    lit = np.clip(slope, -1, 1)[..., None] * volume
    bright = ground + (WARM - ground) * np.clip(lit, 0, 1) * 0.62
    return bright * (1 - np.clip(-lit, 0, 1) * (1 - COOL) * 1.05)
