"""Adds rows to the feature store."""

import os
import secrets
import zlib
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gui.core import files
from gui.core.errors import disk_full
from gui.engine import arrays
from gui.engine.shelf import Shelf, lost


class Writer:
    """Appends rows to several shelves at once, in segments that are whole or absent."""

    def __init__(self, rows_each: int) -> None:
        self._rows_each = rows_each
        self._open: dict[Path, _Segment] = {}

    def add(self, shelf: Shelf, digests: Sequence[str], rows: NDArray[Any]) -> None:
        """Append rows, each with the digest of its picture.

        Raises:
            DiskFull: When there is no room.
            RunError: When what is being written was deleted.
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
            RunError: When what was being written was deleted.
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
        self._crc32 = 0
        self._target = shelf.path / f"{secrets.token_hex(8)}.npy"
        self._temporary = self._target.with_name(f".{self._target.name}.part")
        with disk_full():
            self._file = self._temporary.open("wb")
        self._write_header()

    @property
    def full(self) -> bool:
        return len(self._digests) >= self._capacity

    def add(self, digests: Sequence[str], rows: NDArray[Any]) -> None:
        content = np.ascontiguousarray(rows, self._shelf.dtype).data
        with disk_full():
            self._file.write(content)
        self._crc32 = zlib.crc32(content, self._crc32)
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
            listed = {"version": 1, "crc32": self._crc32, "digests": self._digests}
            files.write_json(self._target.with_suffix(".json"), listed)
        except FileNotFoundError as error:  # its folder, deleted meanwhile
            raise lost() from error
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
