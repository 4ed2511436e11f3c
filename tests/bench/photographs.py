"""Sets of real pictures for the benchmarks, fetched and cut when they run, never committed."""

import random
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

PACKAGE = "mate-backgrounds"  # Debian; CC BY-SA photographs of nature
CROPS = 42  # of each photograph, 8 photographs: 336 pictures


def fetch(folder: Path) -> Path:
    """A folder with one class for each photograph: crops of it, of any place and size.

    Needs Debian's apt-get and dpkg-deb.
    """
    pictures = folder / "photographs"
    if pictures.exists():
        return pictures
    with tempfile.TemporaryDirectory() as unpacked:
        download = ["apt-get", "-o", "APT::Sandbox::User=root", "-qq", "download", PACKAGE]
        subprocess.run(download, cwd=unpacked, check=True)
        package = next(Path(unpacked).glob("*.deb"))
        subprocess.run(["dpkg-deb", "-x", package, unpacked], check=True)
        photographs = sorted(Path(unpacked).glob("usr/share/backgrounds/mate/nature/*.jpg"))
        for path in photographs[:8]:
            cut(path, pictures / path.stem, random.Random(path.stem))
    return pictures


def cut(photograph: Path, into: Path, chance: random.Random) -> None:
    """Write crops of a photograph, each between a fifth and a half of its height."""
    into.mkdir(parents=True)
    with Image.open(photograph) as opened:
        image = opened.convert("RGB")
    for number in range(CROPS):
        side = round(chance.uniform(0.2, 0.5) * image.height)
        left, top = chance.randint(0, image.width - side), chance.randint(0, image.height - side)
        crop = image.crop((left, top, left + side, top + side))
        crop.resize((400, 400), Image.Resampling.LANCZOS).save(into / f"{number:02d}.jpg")
