"""A zip of pictures, unpacked without trusting its names, its sizes and its promises.

Members are written to files named by number, so no name in the zip ever reaches the file system.
"""

import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gui.core import archive, member_names
from gui.core.archive import LIMITS, Limits
from gui.core.dataset import LeftOut
from gui.core.entry import Entry, is_junk, safe_rel, unique
from gui.core.errors import ArchiveError, DiskFull, FreezepointError, disk_full
from gui.words import mark, say, spoken

_CHUNK_BYTES: Final = 1 << 20
_UNPACKED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ZIP_INSIDE: Final = mark("It is a zip inside the zip. Unpack it and choose it on its own.")


@dataclass(frozen=True)
class Extracted:
    """What came out of a zip, in its order, and what didn't, with the reason."""

    entries: tuple[Entry, ...]
    left_out: tuple[LeftOut, ...] = ()


def extract(
    zip_path: Path,
    into: Path,
    limits: Limits = LIMITS,
    progress: Callable[[int, int], None] | None = None,
    shown_name: str | None = None,
) -> Extracted:
    """Unpack the files of a zip into ``into``, a new or empty folder, as 000000, 000001 ...

    A member that is damaged, too large, too deep, a link or a zip is left out with a reason; junk
    is passed over. Two members of one name are both kept. What stops it removes what it wrote.

    Args:
        zip_path: The zip.
        into: Where the files go; made when it isn't there.
        limits: How far it may go.
        progress: Called with (members done, members in all).
        shown_name: What the person calls the zip, when its file has another name.

    Raises:
        ArchiveError: When it isn't a zip, is damaged as a whole, encrypted or beyond the limits.
        DiskFull: When the disk's reserve would be touched.
        ValueError: When ``into`` isn't empty.
    """
    made = not into.exists()
    if not made and any(into.iterdir()):
        raise ValueError(f"into must be empty, received: {into}")
    name = zip_path.name if shown_name is None else shown_name
    writer = _Writer(into, limits, max(zip_path.stat().st_size, 1) if zip_path.is_file() else 1)
    try:
        with disk_full(), archive.opened(zip_path, name, limits) as found:
            into.mkdir(parents=True, exist_ok=True)
            members = archive.members_of(found, name, limits)
            writer.foresee(members)
            names = member_names.read(members, spoken())
            for done, (member, called) in enumerate(zip(members, names, strict=True), start=1):
                writer.take(found, member, called)
                if progress is not None:
                    progress(done, len(members))
    except BaseException:
        writer.remove()
        if made and into.is_dir():
            into.rmdir()
        raise
    return Extracted(tuple(writer.entries), tuple(writer.left_out))


class _Writer:
    """Counts and writes members; one use."""

    def __init__(self, into: Path, limits: Limits, packed_bytes: int) -> None:
        self.into, self.limits, self.packed_bytes = into, limits, packed_bytes
        self.entries: list[Entry] = []
        self.left_out: list[LeftOut] = []
        self.total_bytes = 0
        self.taken: set[str] = set()

    def foresee(self, members: Sequence[zipfile.ZipInfo]) -> None:
        """Refuse what says itself that it unpacks to too much, before anything is written.

        Raises:
            ArchiveError: When it is too much.
        """
        sizes = [each.file_size for each in members if each.file_size <= self.limits.member_bytes]
        if sum(sizes) > self._most:
            raise self._too_much()

    def take(self, found: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
        """Write one member of this name, or note why it is left out."""
        rel = safe_rel(name)
        kind = stat.S_IFMT(member.external_attr >> 16)
        if not rel or is_junk(rel) or name.endswith(("/", "\\")) or kind == stat.S_IFDIR:
            return
        rel = unique(rel, self.taken)
        path = self.into / f"{len(self.entries):06d}"
        reason = self._refusal(rel, member) or self._write(_chunks(found, member), path)
        if reason is None:
            self.entries.append(Entry(rel, path))
        else:
            path.unlink(missing_ok=True)
            self.left_out.append(LeftOut(rel, reason))

    def remove(self) -> None:
        """Remove all that was written, and the file that was being written."""
        for number in range(len(self.entries) + 1):
            (self.into / f"{number:06d}").unlink(missing_ok=True)

    def _refusal(self, rel: str, member: zipfile.ZipInfo) -> str | None:
        if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
            return mark("This is a link to another file, not a picture.")
        if rel.count("/") > self.limits.depth:
            return mark("It lies more than {depth} folders deep.", depth=self.limits.depth)
        if member.file_size > self.limits.member_bytes:
            return self._too_large()
        if rel.lower().endswith(".zip"):
            return _ZIP_INSIDE
        if member.compress_type not in _UNPACKED:
            return mark(
                "It is packed in a way that can't be unpacked here. Pack it as a plain zip."
            )
        return None

    def _write(self, chunks: Iterator[bytes | None], path: Path) -> str | None:
        size_bytes = 0
        with path.open("xb") as file:
            for chunk in chunks:
                if chunk is None:
                    return mark("It is damaged in the zip. Pack it again.")
                if size_bytes == 0 and chunk.startswith(b"PK\3\4"):
                    return _ZIP_INSIDE
                size_bytes += len(chunk)
                self._count(len(chunk))
                if size_bytes > self.limits.member_bytes:
                    return self._too_large()
                file.write(chunk)
        return None

    def _count(self, more_bytes: int) -> None:
        self.total_bytes += more_bytes
        if self.total_bytes > self._most:
            raise self._too_much()
        if shutil.disk_usage(self.into).free - more_bytes < self.limits.reserve_bytes:
            raise _reserve_touched(self.limits)

    @property
    def _most(self) -> int:
        likely = max(self.limits.ratio * self.packed_bytes, self.limits.ratio_from_bytes)
        return min(likely, self.limits.total_bytes)

    def _too_much(self) -> ArchiveError:
        return ArchiveError(
            say(
                "The zip unpacks to over {most:,} MB: too much for a zip of pictures.",
                most=self._most // 10**6,
            ),
            say("Choose the folder itself, or a zip with fewer pictures."),
        )

    def _too_large(self) -> str:
        most = self.limits.member_bytes // 10**6
        return mark("It is larger than {most:,} MB, too large for one picture.", most=most)


def _chunks(found: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes | None]:
    """The member's bytes, piece by piece; None, and the end, when it is damaged."""
    try:
        with found.open(member) as file:
            while chunk := file.read(_CHUNK_BYTES):
                yield chunk
    except archive.FAILURES:
        yield None


def _reserve_touched(limits: Limits) -> DiskFull:
    error = DiskFull()
    FreezepointError.__init__(
        error,
        say(
            "Less than {size:g} GB is left on the disk, which stays free.",
            size=limits.reserve_bytes / 1e9,
        ),
        say("Free some space, for example by deleting old trainings, or choose a smaller zip."),
    )
    return error
