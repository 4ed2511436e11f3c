"""One shelf of the feature store: which rows it has, and how they are read."""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gui.core import stored
from gui.core.errors import RunError
from gui.engine import arrays
from gui.engine.arrays import Mapped
from gui.words import mark

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
        """Where each stored picture's row is, by the digest of the picture.

        A damaged segment is deleted; one that can't be read just now is passed over.
        """
        found: dict[str, Place] = {}
        for listed in sorted(self.path.glob("*.json")):
            rows = listed.with_suffix(".npy")
            try:
                digests = self._digests(listed)
            except OSError:
                continue
            if digests is None:
                remove(listed)
            else:
                found.update((digest, (rows, row)) for row, digest in enumerate(digests))
        return found

    def sound(self, digests: Collection[str]) -> dict[str, Place]:
        """What :meth:`known` says, once every byte of the rows of these pictures was checked."""
        known = self.known()
        for rows in {known[digest][0] for digest in digests if digest in known}:
            with suppress(OSError, ValueError):  # gone, or passed over, as there
                if arrays.crc32(rows) != stored.read(rows.with_suffix(".json")).crc32:
                    remove(rows.with_suffix(".json"))
                    known = {each: place for each, place in known.items() if place[0] != rows}
        return known

    def _digests(self, listed: Path) -> list[str] | None:
        """The digests of a segment's rows; None when it is damaged."""
        try:
            digests = stored.read(listed).digests
        except ValueError:
            return None
        whole = arrays.is_whole(listed.with_suffix(".npy"), (len(digests), *self.shape))
        return digests if whole else None


class Rows:
    """Stored rows in a chosen order, read from disk as they are needed; few are held in memory."""

    def __init__(self, digests: Sequence[str], known: Mapping[str, Place]) -> None:
        """Open the segments.

        Raises:
            RunError: When rows were deleted, or thrown out to make room.
        """
        try:
            self._places = [known[digest] for digest in digests]
            self._segments = {path: Mapped(path) for path in {path for path, _ in self._places}}
        except (KeyError, FileNotFoundError) as error:
            raise lost() from error
        for path in self._segments:
            touch(path)

    def __len__(self) -> int:
        return len(self._places)

    def take(self, indices: Iterable[int]) -> NDArray[Any]:
        """Some rows, (len(indices), *shape), in the dtype they are stored in."""
        chosen = [self._places[index] for index in indices]
        rows = np.stack([self._segments[path].row(row) for path, row in chosen])
        for path in {path for path, _ in chosen}:
            self._segments[path].let_go()
        return rows


class ByDigest:
    """Stored rows, found by the digest of their picture."""

    def __init__(self, digests: Sequence[str], known: Mapping[str, Place]) -> None:
        """Open the segments.

        Raises:
            RunError: When rows were deleted, or thrown out to make room.
        """
        self._places = {digest: place for place, digest in enumerate(digests)}
        self._rows = Rows(digests, known)

    def __contains__(self, digest: str) -> bool:
        return digest in self._places

    def of(self, digests: Iterable[str]) -> NDArray[Any]:
        """The rows of these pictures, (n, *shape), in their order."""
        return self._rows.take(self._places[digest] for digest in digests)


def lost() -> RunError:
    """What is said when rows are gone that were there a moment ago."""
    return RunError(
        mark(
            "What was worked out for this training is gone: deleted, or thrown out for another one."
        ),
        mark("Go on with this training: what is missing is worked out again."),
    )


def touch(rows: Path) -> None:
    """Say that a segment is used now: it goes last when room is needed."""
    with suppress(OSError):  # whoever has deleted it meanwhile leaves us our mapping
        os.utime(rows)


def remove(listed: Path) -> None:
    """Delete a segment: its list first, so that nobody looks for the rows any more."""
    listed.unlink(missing_ok=True)
    with suppress(PermissionError):  # Windows: someone reads it; unlisted, it goes the next time
        listed.with_suffix(".npy").unlink(missing_ok=True)
