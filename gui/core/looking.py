"""One look at each file: whether it is a picture, which one, and what it looks like."""

import hashlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gui.core import likeness
from gui.core.errors import UnreadablePicture
from gui.core.pictures import open_picture
from gui.words import mark

Progress = Callable[[int, int], None]  # files looked at, files in all

_THREADS: Final = 2  # Pillow lets go of Python's lock while it decodes
_TURNS: Final = threading.Semaphore(_THREADS)  # of all who read in at once, picture by picture


@dataclass(frozen=True)
class Look:
    """What a picture is: the hex digest of its bytes, and what it looks like."""

    sha256: str
    likeness: str


def look(paths: Sequence[Path], progress: Progress | None = None) -> list[Look | UnreadablePicture]:
    """For each file what it is, or what is wrong with it; every picture is decoded once."""
    results: list[Look | UnreadablePicture] = []
    with ThreadPoolExecutor(_THREADS) as pool:
        for result in pool.map(_in_turn, paths):
            results.append(result)
            if progress is not None:
                progress(len(results), len(paths))
    return results


def _in_turn(path: Path) -> Look | UnreadablePicture:
    with _TURNS:
        return _look(path)


def _look(path: Path) -> Look | UnreadablePicture:
    try:
        # A JPEG is read to its end, but decoded small.
        looks = likeness.of(open_picture(path, smallest_side=likeness.SIDE_PX))
        with path.open("rb") as file:
            return Look(hashlib.file_digest(file, "sha256").hexdigest(), looks)
    except UnreadablePicture as error:
        return error
    except OSError as error:
        return UnreadablePicture(
            mark("The file can't be read ({error}).", error=error), mark("Check the disk it is on.")
        )
