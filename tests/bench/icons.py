"""A harder set than the photographs: icons of eight kinds, on backgrounds that tell nothing.

They come from the npm package ``@lobehub/fluent-emoji-3d`` (MIT), fetched when the benchmark runs
and never committed. No icon is used twice, so that none of them is learned and checked with.
"""

import io
import random
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image

PACKAGE = "@lobehub/fluent-emoji-3d"
ICONS = 42  # of each kind, 8 kinds: 336 pictures
SIDE_PX = 320

# First and last code point of what belongs to a kind.
# Source: https://unicode.org/emoji/charts/full-emoji-list.html
KINDS = {
    "animals": [(0x1F400, 0x1F43C), (0x1F980, 0x1F9AD)],
    "clothes": [(0x1F451, 0x1F462), (0x1F97B, 0x1F97F), (0x1FA70, 0x1FA74), (0x1F9E2, 0x1F9E6),
                (0x1F392, 0x1F393), (0x1F3A9, 0x1F3A9), (0x1F576, 0x1F576), (0x1F9BA, 0x1F9BA),
                (0x1F94B, 0x1F94B), (0x1F3BD, 0x1F3BD), (0x1F484, 0x1F484), (0x1F48D, 0x1F48D),
                (0x26D1, 0x26D1), (0x1FA96, 0x1FA96), (0x1F4FF, 0x1F4FF), (0x1F302, 0x1F302),
                (0x1F9F5, 0x1F9F7)],
    "faces": [(0x1F600, 0x1F637), (0x1F910, 0x1F917), (0x1F970, 0x1F97A), (0x1FAE0, 0x1FAE5)],
    "food": [(0x1F32D, 0x1F32F), (0x1F345, 0x1F37F), (0x1F950, 0x1F96F)],
    "hands": [(0x1F446, 0x1F450), (0x1F918, 0x1F91F), (0x270A, 0x270D), (0x261D, 0x261D),
              (0x1F590, 0x1F590), (0x1F595, 0x1F596), (0x1FAF0, 0x1FAF8), (0x1F90C, 0x1F90C),
              (0x1F90F, 0x1F90F), (0x1F932, 0x1F932), (0x1F64C, 0x1F64C), (0x1F64F, 0x1F64F),
              (0x1F4AA, 0x1F4AA), (0x1F485, 0x1F485), (0x1F933, 0x1F933)],
    "nature": [(0x1F30A, 0x1F320), (0x1F324, 0x1F32C), (0x1F330, 0x1F344), (0x1F490, 0x1F490)],
    "people": [(0x1F466, 0x1F469), (0x1F46E, 0x1F478), (0x1F481, 0x1F483), (0x1F486, 0x1F487),
               (0x1F645, 0x1F647), (0x1F64B, 0x1F64B), (0x1F64D, 0x1F64E), (0x1F934, 0x1F937),
               (0x1F9D1, 0x1F9DF)],
    "vehicles": [(0x1F680, 0x1F6A4), (0x1F6E5, 0x1F6EC), (0x1F6F3, 0x1F6FB), (0x26F4, 0x26F5),
                 (0x1F3CD, 0x1F3CE)],
}  # fmt: skip


def fetch(folder: Path) -> Path:
    """A folder with one class for each kind, made alike each time. Needs npm."""
    pictures = folder / "icons"
    if pictures.exists():
        return pictures
    with tempfile.TemporaryDirectory() as unpacked:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=unpacked, check=True, stdout=-3)
        with tarfile.open(next(Path(unpacked).glob("*.tgz"))) as archive:
            drawn = _drawings(archive)
    for kind, ranges in KINDS.items():
        inside = [code for first, last in ranges for code in range(first, last + 1)]
        known = [code for code in inside if code in drawn]
        if len(known) < ICONS:
            raise ValueError(f"only {len(known)} icons of {kind}")
        (pictures / kind).mkdir(parents=True)
        for code in _evenly(known, ICONS):
            placed = compose(drawn[code], random.Random(code))
            placed.save(pictures / kind / f"{code:x}.jpg", quality=90)
    return pictures


def _drawings(archive: tarfile.TarFile) -> dict[int, Image.Image]:
    """Every icon that is a single code point (and perhaps a variation selector)."""
    found = {}
    for member in archive:
        codes = Path(member.name).stem.removesuffix("-fe0f")
        file = archive.extractfile(member) if member.name.endswith(".webp") else None
        if file and "-" not in codes:
            found[int(codes, 16)] = Image.open(io.BytesIO(file.read())).convert("RGBA")
    return found


def _evenly(codes: list[int], count: int) -> Iterable[int]:
    """So many of them, from all parts of the list."""
    return [codes[place * len(codes) // count] for place in range(count)]


def compose(icon: Image.Image, chance: random.Random) -> Image.Image:
    """The icon a little turned, at a random size and place, on a random plain or shaded ground."""
    ground = _ground(chance)
    side = round(SIDE_PX * chance.uniform(0.55, 0.95))
    turned = icon.resize((side, side), Image.Resampling.LANCZOS).rotate(
        chance.uniform(-15, 15), Image.Resampling.BICUBIC
    )
    place = chance.randint(0, SIDE_PX - side), chance.randint(0, SIDE_PX - side)
    ground.paste(turned, place, turned)
    return ground


def _ground(chance: random.Random) -> Image.Image:
    first, last = ([chance.randint(110, 255) for _ in range(3)] for _ in range(2))
    if chance.random() < 0.3:
        last = first
    along = np.linspace(0, 1, SIDE_PX)[:, None]
    shade = np.rint(np.array(first) * (1 - along) + np.array(last) * along).astype(np.uint8)
    ground = Image.fromarray(np.repeat(shade[:, None], SIDE_PX, axis=1))
    return ground.rotate(chance.choice((0, 90, 180, 270)))
