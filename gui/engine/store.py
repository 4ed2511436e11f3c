"""The feature store: what the network makes of pictures, kept on disk and shared by runs.

::

    <store>/<kind>/<place>-<view>/<segment>.npy    rows, memory-mapped when read
    <store>/<kind>/<place>-<view>/<segment>.json   whose they are: the digest of each row's picture

``kind`` is the picture size and, but for the pictures themselves, the digest of the weights. A
segment is written under another name and renamed when it is whole; its list comes last. So a row is
either whole or not there, whatever dies in between, and two processes never disturb each other.
"""

import json
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gui.core import files
from gui.core.errors import DiskFull, RunError, disk_full
from gui.core.fit import FEATURES_BUDGET_BYTES
from gui.engine import arrays
from gui.engine.arrays import Mapped

_LONGEST = 2048  # rows of a segment, so that a killed process loses a minute or two
_SHORTEST = 64
_ABANDONED_S = 3600  # a segment that nobody has added to for so long is what a kill has left

Place = tuple[Path, int]  # a segment's .npy file, and a row of it


@dataclass(frozen=True)
class Shelf:
    """Rows of one kind, at one place in the network, of one view.

    Attributes:
        path: Its folder, which need not exist yet.
        shape: Shape of a row.
        dtype: float16 for features, uint8 for pictures.
    """

    path: Path
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def row_bytes(self) -> int:
        """Size of a row on disk."""
        return int(np.prod(self.shape)) * self.dtype.itemsize

    def known(self) -> dict[str, Place]:
        """Where each stored picture's row is, by the digest of the picture."""
        found: dict[str, Place] = {}
        for listed in sorted(self.path.glob("*.json")):
            rows = listed.with_suffix(".npy")
            digests = _digests(listed)
            if digests is None or not arrays.is_whole(rows, (len(digests), *self.shape)):
                _remove(listed)
                continue
            found.update((digest, (rows, row)) for row, digest in enumerate(digests))
        return found


class Rows:
    """Stored rows in a chosen order, read from disk as they are needed; few are held in memory."""

    def __init__(self, shelf: Shelf, digests: Sequence[str], known: Mapping[str, Place]) -> None:
        """Open the segments.

        Raises:
            RunError: When another process has thrown rows out to make room.
        """
        self._shape, self._dtype = shelf.shape, shelf.dtype
        try:
            self._places = [known[digest] for digest in digests]
            self._segments = {path: Mapped(path) for path in {path for path, _ in self._places}}
        except (KeyError, FileNotFoundError) as error:
            raise RunError(
                "Another training has taken the room of what was worked out for this one.",
                "Press “Go on”: what is missing is worked out again.",
            ) from error
        for path in self._segments:
            _touch(path)

    def __len__(self) -> int:
        return len(self._places)

    def take(self, indices: Iterable[int]) -> NDArray[Any]:
        """Some rows, (len(indices), *shape), in the dtype they are stored in."""
        chosen = [self._places[index] for index in indices]
        rows = np.stack([self._segments[path].row(row) for path, row in chosen])
        for path in {path for path, _ in chosen}:
            self._segments[path].let_go()
        return rows


class Store:
    """One person's features.

    Attributes:
        budget_bytes: How much it may hold.
    """

    def __init__(self, path: Path, budget_bytes: int = FEATURES_BUDGET_BYTES) -> None:
        self._path = path
        self.budget_bytes = budget_bytes

    def pictures(self, size: int) -> Shelf:
        """The shelf of the pictures themselves: uint8 (size, size, 3), RGB 0-255."""
        return Shelf(self._path / f"{size}" / "pictures", (size, size, 3), np.dtype(np.uint8))

    def features(
        self, weights_sha256: str, size: int, place: str, view: str, shape: tuple[int, ...]
    ) -> Shelf:
        """The shelf of what reaches a place: float16 ``shape``."""
        kind = f"{size}-{weights_sha256[:16]}"
        return Shelf(self._path / kind / f"{place}-{view}", shape, np.dtype(np.float16))

    @contextmanager
    def writing(self, rows: int) -> Iterator["Writer"]:
        """Add about so many rows, to any shelves. What is in at the end stays, also on errors.

        Raises:
            DiskFull: When there is no room, after what is whole has been kept.
        """
        writer = Writer(min(max(rows // 16, _SHORTEST), _LONGEST))
        try:
            yield writer
        except DiskFull:
            writer.give_up()
            raise
        except BaseException:
            with suppress(DiskFull):
                writer.close()
            raise
        writer.close()

    def make_room(self, needed_bytes: int, keep: Iterable[Shelf]) -> None:
        """Delete what was least recently used until ``needed_bytes`` more fit into the budget.

        Args:
            needed_bytes: What is to be added.
            keep: Shelves that are in use.
        """
        for part, told in self._told("*/*/.*.part"):
            if time.time() - told.st_mtime > _ABANDONED_S:
                part.unlink(missing_ok=True)
        kept = {shelf.path for shelf in keep}
        segments = self._told("*/*/*.npy")
        used = sum(told.st_size for _, told in segments)
        for path, told in sorted(segments, key=lambda each: each[1].st_mtime_ns):
            if used + needed_bytes <= self.budget_bytes:
                return
            if path.parent not in kept:
                _remove(path.with_suffix(".json"))
                used -= told.st_size

    def clear(self) -> None:
        """Delete everything."""
        shutil.rmtree(self._path, ignore_errors=True)

    def _told(self, pattern: str) -> list[tuple[Path, os.stat_result]]:
        found = []
        for path in self._path.glob(pattern):
            with suppress(FileNotFoundError):  # another process has just renamed or deleted it
                found.append((path, path.stat()))
        return found


class Writer:
    """Appends rows to several shelves at once, in segments that are whole or absent."""

    def __init__(self, rows_each: int) -> None:
        self._rows_each = rows_each
        self._open: dict[Path, _Segment] = {}

    def add(self, shelf: Shelf, digests: Sequence[str], rows: NDArray[Any]) -> None:
        """Append rows, each with the digest of its picture.

        Raises:
            DiskFull: When there is no room.
        """
        segment = self._open.get(shelf.path)
        if segment is None:
            segment = self._open[shelf.path] = _Segment(shelf, self._rows_each)
        segment.add(digests, rows)
        if segment.full:
            self._open.pop(shelf.path).close()

    def close(self) -> None:
        """Keep what is in.

        Raises:
            DiskFull: When there is no room.
        """
        with ExitStack() as closing:  # each one is closed, whatever happens to another
            while self._open:
                closing.callback(self._open.popitem()[1].close)

    def give_up(self) -> None:
        """Throw away the segments that are not whole."""
        while self._open:
            self._open.popitem()[1].discard()


class _Segment:
    """A segment that is being written."""

    def __init__(self, shelf: Shelf, rows: int) -> None:
        with disk_full():
            shelf.path.mkdir(parents=True, exist_ok=True)
        self._shelf = shelf
        self._capacity = rows
        self._digests: list[str] = []
        self._target = shelf.path / f"{secrets.token_hex(8)}.npy"
        self._temporary = self._target.with_name(f".{self._target.name}.part")
        with disk_full():
            self._file = self._temporary.open("wb")
        self._write_header()

    @property
    def full(self) -> bool:
        return len(self._digests) >= self._capacity

    def add(self, digests: Sequence[str], rows: NDArray[Any]) -> None:
        with disk_full():
            self._file.write(np.ascontiguousarray(rows, self._shelf.dtype).data)
        self._digests += digests

    def close(self) -> None:
        if not self._digests:
            self.discard()
            return
        try:
            with disk_full():
                self._file.flush()
                self._file.seek(0)
                self._write_header()  # numpy leaves room for a number of rows of any length
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()
                self._temporary.replace(self._target)
            listed = {"version": 1, "digests": self._digests}
            files.write_json(self._target.with_suffix(".json"), listed)
        except BaseException:
            self._target.unlink(missing_ok=True)  # rows that nobody lists would only take room
            raise
        finally:
            self.discard()

    def discard(self) -> None:
        with suppress(OSError):  # what a full disk has left in the buffer can't be written
            self._file.close()
        self._temporary.unlink(missing_ok=True)

    def _write_header(self) -> None:
        arrays.write_header(self._file, (len(self._digests), *self._shelf.shape), self._shelf.dtype)


def _digests(listed: Path) -> list[str] | None:
    """The digests of a segment's rows; None when the list is damaged."""
    try:
        stored = json.loads(listed.read_text(encoding="utf-8"))
        return [files.digest(each) for each in stored["digests"]]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None


def _touch(rows: Path) -> None:
    with suppress(OSError):  # used now; whoever has deleted it meanwhile leaves us our mapping
        os.utime(rows)


def _remove(listed: Path) -> None:
    """Delete a segment: its list first, so that nobody looks for the rows any more."""
    listed.unlink(missing_ok=True)
    listed.with_suffix(".npy").unlink(missing_ok=True)
