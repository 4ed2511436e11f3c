"""Reading 12-megapixel JPEG files: Freezepoint against Pillow's plain open, convert, resize.

Ours is what a training uses, with its threads; Pillow works through the same files in one thread,
as a loop does. The files are in the system's cache on both sides. Promised: 3x.
"""

import hashlib
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import measure
import numpy as np
import picture_sets
from PIL import Image

from gui.core.split import Labelled
from gui.engine import images, processors


def main() -> None:
    parser = measure.arguments(__doc__)
    parser.add_argument("--count", type=int, default=24, help="number of files")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--image-size", type=int, nargs="+", default=[160, 224])
    chosen = parser.parse_args()
    measure.begin(__doc__)
    with measure.scratch() as folder:
        made = picture_sets.camera(folder, chosen.count)
        megabytes = statistics.mean(path.stat().st_size for path in made) / 1e6
        print(f"{len(made)} files of {megabytes:.1f} MB, {processors.usable()} threads")
        rows = [Labelled(path.name, digest(path), path.name, 0) for path in made]
        for size in chosen.image_size:

            def ours(size: int = size) -> np.ndarray:
                return images.read(rows, folder, size)

            def plain(size: int = size) -> np.ndarray:
                read = []
                for path in made:
                    with Image.open(path) as opened:
                        small = opened.convert("RGB").resize((size, size), 2)
                    read.append(np.asarray(small))
                return np.stack(read)

            compare(size, ours, plain, chosen.runs)


def compare(
    size: int, ours: Callable[[], np.ndarray], plain: Callable[[], np.ndarray], runs: int
) -> None:
    """Both sides in turn, so that both meet the machine in the same state."""
    seconds: dict[str, list[float]] = {"ours": [], "plain": []}
    for _ in range(runs):
        for name, read in (("ours", ours), ("plain", plain)):
            began = time.perf_counter()
            read()
            seconds[name].append(time.perf_counter() - began)
    gap = np.abs(ours().astype(int) - plain().astype(int))
    for name, values in seconds.items():
        print(f"{size} px {name:5} {measure.spread(values)} s")
    print(f"{size} px difference: mean {gap.mean():.2f}, largest {gap.max()} of 255")
    ratio = measure.median_ratio(seconds["plain"], seconds["ours"])
    measure.verdict(f"{size} px median ratio", ratio, 3)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
