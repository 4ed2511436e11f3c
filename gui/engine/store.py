"""The feature store: what the network makes of pictures, kept on disk and shared by runs.

::

    <store>/<kind>/<place>-<view>/<segment>.npy    rows, memory-mapped when read
    <store>/<kind>/<place>-<view>/<segment>.json   whose they are: the digest of each row's picture

``kind`` says what made the rows, see ``core.stored``. A segment is written under another name and
renamed when it is whole; its list comes last. So a row is either whole or not there, whatever dies
in between, and several processes may write at once. One that makes room may throw out what another
is about to open, which then says so (``shelf.Rows``); what is open stays readable.
"""

import os
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from gui.core import stored
from gui.core.errors import DiskFull, SettingError
from gui.core.fit import FEATURES_BUDGET_BYTES
from gui.engine.shelf import Shelf, remove
from gui.engine.writer import Writer
from gui.words import mark

_LONGEST = 2048  # rows of a segment, so that a killed process loses a minute or two
_SHORTEST = 64
_ABANDONED_S = 3600  # a segment that nobody has added to for so long is what a kill has left


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
        folder = self._path / stored.kind(size) / "pictures"
        return Shelf(folder, (size, size, 3), np.dtype(np.uint8))

    def features(
        self, weights_sha256: str, size: int, place: str, view: str, shape: tuple[int, ...]
    ) -> Shelf:
        """The shelf of what reaches a place: float16 ``shape``."""
        folder = self._path / stored.kind(size, weights_sha256) / f"{place}-{view}"
        return Shelf(folder, shape, np.dtype(np.float16))

    @contextmanager
    def writing(self, rows: int) -> Iterator[Writer]:
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

    def lacks_bytes(self, needed_bytes: int, keep: Collection[Path]) -> int:
        """By how much it is too small for what is to be added and what is kept; 0 when it isn't."""
        kept = sum(told.st_size for path, told in self._told("*/*/*.npy") if path in keep)
        return max(0, needed_bytes + kept - self.budget_bytes)

    def make_room(self, needed_bytes: int, keep: Collection[Path]) -> None:
        """Delete what was least recently used until ``needed_bytes`` more fit into the budget.

        Args:
            needed_bytes: What is to be added.
            keep: Segments that are in use: their .npy files.

        Raises:
            SettingError: When it can't fit, whatever else is deleted; then nothing is.
        """
        if lacking := self.lacks_bytes(needed_bytes, keep):
            allowed = self.budget_bytes / 1e9
            raise SettingError(
                mark(
                    "What is kept of these pictures takes {needed:.1f} GB of disk, and "
                    "{allowed:.1f} GB are allowed.",
                    needed=allowed + lacking / 1e9,
                    allowed=allowed,
                ),
                mark("Choose a later freeze point, smaller pictures or fewer views."),
            )
        for part, told in self._told("*/*/.*.part"):
            if time.time() - told.st_mtime > _ABANDONED_S:
                part.unlink(missing_ok=True)
        segments = self._told("*/*/*.npy")
        used = sum(told.st_size for _, told in segments)
        for path, told in sorted(segments, key=lambda each: each[1].st_mtime_ns):
            if used + needed_bytes <= self.budget_bytes:
                return
            if path not in keep:
                remove(path.with_suffix(".json"))
                used -= told.st_size

    def _told(self, pattern: str) -> list[tuple[Path, os.stat_result]]:
        found = []
        for path in self._path.glob(pattern):
            with suppress(FileNotFoundError):  # another process has just renamed or deleted it
                found.append((path, path.stat()))
        return found
