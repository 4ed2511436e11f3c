"""How much is kept: bytes, pictures and trainings, counted quickly.

Files are written under another name and renamed when they are whole, so a folder whose time of
change is the same holds the same files: only the folders are looked at again, not 10,000 pictures.
"""

import json
import os
import stat
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_SETTLED_NS = 2 * 10**9  # a file system may tell times of change as coarsely as this


@dataclass(frozen=True)
class Usage:
    """How much of everything."""

    size_bytes: int = 0
    pictures: int = 0
    runs: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        """Both together."""
        return Usage(
            self.size_bytes + other.size_bytes,
            self.pictures + other.pictures,
            self.runs + other.runs,
        )

    def without(self, other: "Usage") -> "Usage":
        """This less the other, and never less than nothing."""
        return Usage(
            max(0, self.size_bytes - other.size_bytes),
            max(0, self.pictures - other.pictures),
            max(0, self.runs - other.runs),
        )


def person(folder: Path) -> Usage:
    """What one person keeps."""
    sets = [dataset(each) for each in _folders(folder / "datasets")]
    trained = _folders(folder / "runs")
    known = sum(1 for each in trained if (each / "run.json").is_file())
    return Usage(size_bytes(folder), sum(each.pictures for each in sets), known)


def dataset(folder: Path) -> Usage:
    """What one data set takes."""
    listed = folder / "dataset.json"
    try:
        told = listed.stat()
        pictures = _pictures(listed, told.st_ino, told.st_mtime_ns)
    except (OSError, LookupError, TypeError, ValueError):  # being made at this moment, or damaged
        pictures = _count(folder / "pictures")
    return Usage(size_bytes(folder), pictures)


def everybody(owners: Path) -> Usage:
    """What all people keep together."""
    return sum((person(each) for each in _folders(owners)), Usage())


def size_bytes(folder: Path) -> int:
    """What a file, or the files below a folder, take together; links aren't followed."""
    own, _, below = _look(str(folder))
    return own + sum(size_bytes(Path(each)) for each in below)


@lru_cache(maxsize=1000)
def _pictures(listed: Path, inode: int, changed_ns: int) -> int:
    del inode, changed_ns
    return sum(len(each["pictures"]) for each in json.loads(listed.read_bytes())["classes"])


def _count(folder: Path) -> int:
    _, files, below = _look(str(folder))
    return files + sum(_count(Path(each)) for each in below)


def _folders(folder: Path) -> list[Path]:
    return [Path(each) for each in _look(str(folder))[2]]


def _look(folder: str) -> tuple[int, int, tuple[str, ...]]:
    """Bytes and number of the files right in a folder, and the folders in it."""
    try:
        told = os.lstat(folder)
        if not stat.S_ISDIR(told.st_mode):
            return told.st_size, 1, ()
        if abs(time.time_ns() - told.st_mtime_ns) < _SETTLED_NS:
            return _listed(folder)
        return _known(folder, told.st_ino, told.st_mtime_ns)
    except OSError:  # deleted at this moment
        return 0, 0, ()


@lru_cache(maxsize=20_000)
def _known(folder: str, inode: int, changed_ns: int) -> tuple[int, int, tuple[str, ...]]:
    del inode, changed_ns
    return _listed(folder)


def _listed(folder: str) -> tuple[int, int, tuple[str, ...]]:
    total, files, below = 0, 0, []
    with os.scandir(folder) as found:
        for each in found:
            if each.is_dir(follow_symlinks=False):
                below.append(each.path)
            elif each.is_file(follow_symlinks=False):
                files += 1
                total += each.stat(follow_symlinks=False).st_size
    return total, files, tuple(below)
