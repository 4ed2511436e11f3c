"""What an upload that broke off, or a process that was killed, has left: found by its age.

Age is the time for which something has lain here unchanged while this process ran; no clock that is
set forward makes an upload under way look abandoned. Only what an earlier process has left counts
from its time of change, and only from a day on.
"""

import math
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from gui.core import usage

ABANDONED_S: Final = 6 * 3600.0  # 10,000 pictures may take two hours to come by a slow line
_EMPTY_S: Final = 1800.0  # a folder that nothing has come into
_DAY_S: Final = 86_400.0
_LONGEST_LOG_BYTES: Final = 8 * 10**6
_KEPT_LOG_BYTES: Final = 10**6
# Written under such names and renamed when whole; below one person's folder.
_HALF_WRITTEN: Final = (
    ".*.part",
    ".opening-*",
    "datasets/*/.*.part",
    "datasets/*/seen/.*.part",
    "datasets/*/thumbnails/.*.part",
    "ladders/.*.part",
    "runs/.deleted-*",
    "runs/*/.*.part",
    "runs/*/.part.*",
    "runs/*/exports/.*.part",
    "runs/*/exports/.part-*",
    "features/*/*/.*.part",
)


class Ages:
    """For how long files have lain unchanged."""

    def __init__(self) -> None:
        self._seen: dict[Path, tuple[int, float]] = {}
        self._looked: dict[Path, tuple[int, float]] = {}
        self._first = True

    def lasted_s(self, path: Path, now: float) -> float:
        """Seconds for which it is known to be as it is; -inf when it isn't there.

        Args:
            path: A file or folder.
            now: Seconds of a clock that is never set.
        """
        try:
            changed_ns = path.lstat().st_mtime_ns
        except OSError:
            return -math.inf
        known = self._seen.get(path)
        if known is None or known[0] != changed_ns:
            before_s = time.time() - changed_ns / 1e9
            head_start = _DAY_S if self._first and before_s > _DAY_S else 0.0
            known = (changed_ns, now - head_start)
        self._looked[path] = known
        return now - known[1]

    def end_round(self) -> None:
        """Forget what wasn't looked at since the last round: it is gone."""
        self._seen, self._looked, self._first = self._looked, {}, False


def sweep_folder(top: Path, ages: Ages, now: float, than_s: float = ABANDONED_S) -> int:
    """Delete what has lain below a folder for so long, and folders that are empty by then.

    Returns:
        Bytes that were deleted.
    """
    gone = 0
    for place, folders, names in os.walk(top, topdown=False):
        for path in (Path(place, name) for name in (*names, *folders)):
            is_folder = path.is_dir() and not path.is_symlink()
            most_s = min(than_s, _EMPTY_S) if is_folder else than_s
            if ages.lasted_s(path, now) >= most_s:
                with suppress(OSError):  # taken meanwhile, or a folder that is not empty yet
                    size = 0 if is_folder else path.lstat().st_size
                    path.rmdir() if is_folder else path.unlink()
                    gone += size
    return gone


def half_written(person: Path) -> Iterator[Path]:
    """What is half written below one person's folder, whoever is at it."""
    for pattern in _HALF_WRITTEN:
        yield from person.glob(pattern)
    for folder in person.glob("datasets/*"):
        if not (folder / "dataset.json").exists():
            yield folder


def sweep(found: Iterable[Path], ages: Ages, now: float) -> int:
    """Delete those of some files and folders that have lain there for long.

    Returns:
        Bytes that were deleted.
    """
    gone = 0
    for path in found:
        inside = [path, path / "pictures"] if path.is_dir() else [path]
        ages_s = [age for each in inside if (age := ages.lasted_s(each, now)) > -math.inf]
        if ages_s and min(ages_s) >= ABANDONED_S:
            size = usage.size_bytes(path)
            remove(path)
            gone += size
    return gone


def remove(path: Path) -> None:
    """Delete a file, or a folder with all in it, as far as it can be."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def shorten(log: Path) -> None:
    """Keep only the end of a file that processes append to, when it has grown long."""
    with suppress(OSError):
        if log.stat().st_size <= _LONGEST_LOG_BYTES:
            return
        with log.open("rb+") as file:
            file.seek(-_KEPT_LOG_BYTES, 2)
            end = file.read()
            file.seek(0)
            file.truncate()
            file.write(end.partition(b"\n")[2])
