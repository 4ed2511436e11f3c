"""Draws the sample pictures: five creatures of the sea, in all colours, poses and waters.

    python tests/samples/draw.py [--out assets/samples] [--seed 0] [--count 40]

Every picture has a source of chance of its own (seed, class, number), so one picture can be
redrawn alone and a larger count leaves the first pictures as they were.
"""

from __future__ import annotations

import argparse
import math
from io import BytesIO
from pathlib import Path
from random import Random

import numpy as np
from anatomy import Model, palette
from brush import Canvas, Pen, Pose
from creatures import CREATURES
from PIL import Image
from scenery import backdrop, draw_bubbles, draw_kelp, finish
from things import draw_thing

SIDE = 256  # pixels
OVERSAMPLING = 3  # drawn this many times larger, then reduced, for smooth edges
QUALITY = 80  # JPEG
GOLDEN = (math.sqrt(5) - 1) / 2  # steps of this many turns spread hues evenly, at any count


def draw(kind: str, number: int, seed: int = 0) -> Image.Image:
    """One picture: RGB, 256 x 256.

    Args:
        kind: a key of `CREATURES`.
        number: from 1.
        seed: of the whole set.
    """
    rng = Random(f"{seed}/{kind}/{number}")
    hue = number * GOLDEN
    canvas = backdrop(rng, SIDE * OVERSAMPLING, _water_hue(rng, hue))
    for _ in range(rng.randint(0, 2)):
        draw_kelp(canvas, rng, rng.random())
    share = rng.triangular(0.48, 0.95, 0.92)  # of the picture's side
    slack = (1 - share) / 2 + 0.03
    pose = Pose(
        x=canvas.side * (0.5 + rng.uniform(-slack, slack)),
        y=canvas.side * (0.5 + rng.uniform(-slack, slack)),
        radius=canvas.side * share / 2,
        angle=rng.gauss(0, 0.32),
        mirrored=rng.random() < 0.5,
        squash=rng.uniform(0.88, 1.1),
    )
    CREATURES[kind](Model(Pen(canvas, pose), rng, palette(rng, hue)))
    _draw_foreground(canvas, rng)
    finish(canvas, rng)
    pixels = np.round(canvas.pixels * 255).astype(np.uint8)
    return Image.fromarray(pixels).reduce(OVERSAMPLING)


def _water_hue(rng: Random, hue: float) -> float:
    """Green to violet as a rule, at times any hue that sets the creature off."""
    return rng.uniform(0.42, 0.8) if rng.random() < 0.6 else hue + rng.uniform(0.3, 0.7)


def _draw_foreground(canvas: Canvas, rng: Random) -> None:
    if rng.random() < 0.5:
        draw_bubbles(canvas, rng, rng.randint(3, 9))
    if rng.random() < 0.2:
        draw_kelp(canvas, rng, rng.random())
    for _ in range(rng.choice([0, 0, 1, 2, 3])):
        draw_thing(canvas, rng, rng.random(), rng.uniform(0.7, 1.0))


def encode(picture: Image.Image) -> bytes:
    """The picture as a JPEG file."""
    file = BytesIO()
    picture.save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return file.getvalue()


def main() -> None:
    """Draw the set into a folder per class."""
    parser = argparse.ArgumentParser(description="Draw the sample pictures.")
    add = parser.add_argument
    add("--out", type=Path, default=Path("assets/samples"), help="folder for the set (%(default)s)")
    add("--seed", type=int, default=0, help="another seed, other pictures (%(default)s)")
    add("--count", type=int, default=40, help="pictures per class (%(default)s)")
    options = parser.parse_args()
    total = 0
    for kind in CREATURES:
        folder = options.out / kind
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, options.count + 1):
            file = encode(draw(kind, number, options.seed))
            (folder / f"{number:02}.jpg").write_bytes(file)
            total += len(file)
    print(f"{len(CREATURES) * options.count} pictures, {total:,} bytes, in {options.out}")


if __name__ == "__main__":
    main()
