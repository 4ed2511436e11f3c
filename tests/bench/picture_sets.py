"""The pictures that the benchmarks run on: fetched or drawn when they run, never committed."""

import argparse
import random
from pathlib import Path

import icons
import numpy as np
import photographs
from measure import ROOT
from PIL import Image

SETS = {
    "icons": icons.fetch,
    "photographs": photographs.fetch,
    "samples": lambda _: ROOT / "assets" / "samples",
}
CAMERA_PX = (4000, 3000)  # 12 megapixels


def add_arguments(parser: argparse.ArgumentParser, default: str = "icons") -> None:
    """The flags that choose the pictures."""
    parser.add_argument(
        "--set", choices=SETS, default=default, help=f"which pictures, fetched now ({default})"
    )
    parser.add_argument("--pictures", type=Path, help="a folder of your own instead")


def fetch(chosen: argparse.Namespace, folder: Path) -> Path:
    """The folder of the chosen pictures, one sub-folder a class."""
    pictures: Path = chosen.pictures or SETS[chosen.set](folder)
    print(f"pictures: {pictures.name}, {len(files(pictures))} in all", flush=True)
    return pictures.resolve()


def files(pictures: Path) -> list[Path]:
    """Every picture of a set, in order."""
    return sorted(path for path in pictures.rglob("*") if path.suffix in (".jpg", ".webp", ".png"))


def draw(folder: Path, count: int, side_px: int, classes: int = 4) -> Path:
    """So many small JPEG files, no two alike: noise whose colours lean towards the class's own."""
    chance = np.random.default_rng(count)
    leaning = np.random.default_rng(0).integers(60, 196, (classes, 3))
    for number in range(count):
        path = folder / f"class {number % classes}" / f"{number:05d}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        coarse = chance.normal(leaning[number % classes], 40, (6, 6, 3)).clip(0, 255)
        picture = Image.fromarray(coarse.astype(np.uint8)).resize((side_px, side_px), 3)
        picture.save(path, quality=85)
    return folder


def camera(folder: Path, count: int) -> list[Path]:
    """So many JPEG files as a 12-megapixel camera writes them: real scenes, with its noise."""
    folder.mkdir(parents=True, exist_ok=True)
    scenes = files(photographs.fetch(folder))
    random.Random(0).shuffle(scenes)
    chance, made = np.random.default_rng(0), []
    for number, scene in enumerate(scenes[:count]):
        with Image.open(scene) as opened:
            large = np.asarray(opened.convert("RGB").resize(CAMERA_PX, Image.Resampling.BICUBIC))
        noise = chance.normal(0, 5, (*large.shape[:2], 1))
        picture = Image.fromarray((large + noise).clip(0, 255).astype(np.uint8))
        made.append(folder / f"camera-{number}.jpg")
        picture.save(made[-1], quality=90)
    return made
