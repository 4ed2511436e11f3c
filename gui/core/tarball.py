"""A packed tar (``.tgz``), unpacked without trusting it; what ``archive`` is for zips.

Members are written to files named by number, so no name in it ever reaches the file system.
"""

import gzip
import shutil
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from gui.core.archive import Limits
from gui.core.entry import Entry, is_junk, safe_rel, unique
from gui.core.errors import ArchiveError, DiskFull, disk_full
from gui.words import mark, say

_CHUNK_BYTES: Final = 1 << 20
# What Python raises on a file that is damaged, cut off, or no packed tar at all.
_FAILURES: Final = (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, OverflowError)
_AGAIN: Final = mark("Try it once more; if it happens again, use other pictures.")


def unpack(
    path: Path, into: Path, limits: Limits, progress: Callable[[int, int], None]
) -> list[Entry]:
    """Write the files of a packed tar into ``into``, a new folder, as 000000, 000001 ...

    Links, devices and the system's own files are passed over. It is read to its end, where gzip
    keeps a checksum over everything. What stops it leaves files behind: the folder is the caller's.

    Args:
        path: The packed tar.
        into: Where the files go.
        limits: How far it may go; of these the ratio isn't looked at.
        progress: Called with (bytes of the packed file read, bytes in all).

    Raises:
        ArchiveError: When it is damaged, cut off, no packed tar, or beyond the limits.
        DiskFull: When the disk's reserve would be touched.
    """
    into.mkdir(parents=True)
    whole_bytes, entries, taken = path.stat().st_size, list[Entry](), set[str]()
    with path.open("rb") as packed, _Bounded(packed, limits) as stream:
        for name, pieces in _files(stream, limits):
            rel = safe_rel(name)
            if rel and not is_junk(rel):
                entries.append(Entry(unique(rel, taken), into / f"{len(entries):06d}"))
                _write(pieces, entries[-1].path, limits)
            progress(packed.tell(), whole_bytes)
    return entries


class _Bounded(gzip.GzipFile):
    """What is packed; no piece of it is larger than a member may be, and all of it has an end."""

    def __init__(self, packed: IO[bytes], limits: Limits) -> None:
        super().__init__(fileobj=packed, mode="rb")
        self._limits = limits

    def read(self, size: int | None = -1) -> bytes:
        limits = self._limits
        if size is None or not 0 <= size <= limits.member_bytes or self.tell() > limits.total_bytes:
            raise _too_large()
        return super().read(size)


def _files(stream: _Bounded, limits: Limits) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The name and the bytes of each file, in order; then a look at what comes behind the last."""
    with _reading():
        tar = tarfile.open(fileobj=stream, mode="r:")  # noqa: SIM115 - the stream is closed
    for number in range(limits.entries + 1):
        with _reading():
            member = tar.next()
        if member is None:
            break
        if number == limits.entries or member.size > limits.member_bytes:
            raise _too_large()
        if member.isreg():
            yield member.name, _pieces(tar, member)
    with _reading():
        while stream.read(_CHUNK_BYTES):
            pass


def _pieces(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    file = tar.extractfile(member)
    while file:
        with _reading():
            piece = file.read(_CHUNK_BYTES)
        if not piece:
            return
        yield piece


def _write(pieces: Iterator[bytes], path: Path, limits: Limits) -> None:
    with disk_full(), path.open("xb") as file:
        for piece in pieces:
            if shutil.disk_usage(path.parent).free - len(piece) < limits.reserve_bytes:
                raise DiskFull
            file.write(piece)


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except _FAILURES as error:
        raise ArchiveError(
            say("The archive is damaged, cut off, or no archive at all."), say(_AGAIN)
        ) from error


def _too_large() -> ArchiveError:
    return ArchiveError(say("The archive holds more than pictures could need."), say(_AGAIN))
