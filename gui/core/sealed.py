"""A zip that shows whether it is as it was made: every member is listed, and all of it is sealed.

Members are stored, not packed, so that none can unpack to more than the file holds.
``manifest.json`` names each with its size and sha256; the zip's comment, its last 64 bytes, is the
sha256 of all that comes before. That tells of any byte that has changed. It proves nothing about
who made it: what a member says is checked where it is read. ``core.sealing`` makes one.
"""

import hashlib
import json
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from gui.core import archive, files
from gui.core.errors import ArchiveError, disk_full
from gui.words import say

MANIFEST: Final = "manifest.json"
SEAL_BYTES: Final = 64  # a sha256 in hex digits
CHUNK_BYTES: Final = 1 << 20

_JSON_BYTES: Final = 64 * 10**6
# All that taking apart a zip or a manifest that is damaged or made to do harm can raise.
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    OSError,
    OverflowError,
    RuntimeError,  # RecursionError and NotImplementedError, too
    TypeError,
    ValueError,
    AttributeError,
)


@dataclass(frozen=True)
class Member:
    """What the manifest says about one member. ``sha256``: hex digest of its bytes."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Limits:
    """How far a file may go.

    Attributes:
        members: How many there may be, the manifest included.
        total_bytes: All of it.
        name: What the name of a member has to look like.
    """

    members: int
    total_bytes: int
    name: re.Pattern[str]


class Sealed:
    """A sealed zip that is open; every byte of it is as it was when it was made.

    Attributes:
        members: All but the manifest, by name.
    """

    def __init__(self, opened: zipfile.ZipFile, members: dict[str, Member], shown: str) -> None:
        self._zip = opened
        self.members = members
        self.shown = shown

    @property
    def total_bytes(self) -> int:
        """How much all members hold."""
        return sum(each.size_bytes for each in self.members.values())

    def read(self, name: str) -> bytes:
        """The bytes of a small member.

        Raises:
            ArchiveError: When it isn't there, or is too large to be what its name says.
        """
        if name not in self.members or self.members[name].size_bytes > _JSON_BYTES:
            raise damaged(self.shown)
        with self._whole(name) as chunks:
            return b"".join(chunks)

    def json(self, name: str) -> object:
        """What a JSON member holds.

        Raises:
            ArchiveError: When it holds no JSON.
        """
        content = self.read(name)
        try:
            value: object = json.loads(content.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise damaged(self.shown) from error
        return value

    def extract(self, name: str, to: Path) -> None:
        """Write a member to a file.

        Raises:
            ArchiveError: When it isn't what the manifest says.
            DiskFull: When there is no room.
        """
        with disk_full(), self._whole(name) as chunks, to.open("xb") as file:
            for chunk in chunks:
                file.write(chunk)

    @contextmanager
    def _whole(self, name: str) -> Iterator[Iterator[bytes]]:
        """The member's bytes, piece by piece; the body's end proves that they are the right ones.

        Raises:
            ArchiveError: When they are others.
        """
        found = hashlib.sha256()

        def chunks() -> Iterator[bytes]:
            try:
                with self._zip.open(name) as file:
                    while chunk := file.read(CHUNK_BYTES):
                        found.update(chunk)
                        yield chunk
            except _DAMAGE as error:
                raise damaged(self.shown) from error

        yield chunks()
        if found.hexdigest() != self.members[name].sha256:
            raise damaged(self.shown)


@contextmanager
def opened(path: Path, shown: str, limits: Limits) -> Iterator[Sealed]:
    """Open a sealed zip; nothing in it is used before all of it is found to be whole.

    Args:
        path: The file.
        shown: What the person calls it.
        limits: How far it may go.

    Raises:
        ArchiveError: When it is another kind of file, has changed, or goes beyond the limits.
    """
    try:
        size_bytes = path.stat().st_size
        with path.open("rb") as file:
            if not zipfile.is_zipfile(file):
                raise foreign(shown)
            sealed = digest(file, max(0, size_bytes - SEAL_BYTES))
            seal = file.read(SEAL_BYTES + 1)
        if not re.fullmatch(rb"[0-9a-f]{64}", seal):
            raise foreign(shown)
        if seal.decode() != sealed:
            raise damaged(shown)
        if size_bytes > limits.total_bytes:
            raise damaged(shown)
        if archive.lists_more_than(path, limits.members):
            raise damaged(shown)
        found = zipfile.ZipFile(path)
    except _DAMAGE as error:
        raise foreign(shown) from error
    with found:
        try:
            members = _members(found, size_bytes, limits)
        except _DAMAGE as error:
            raise damaged(shown) from error
        yield Sealed(found, members, shown)


def foreign(shown: str) -> ArchiveError:
    """That a file is of another kind."""
    return ArchiveError(
        say("“{name}” is no project file of Freezepoint, or its end is missing.", name=shown),
        say("Choose a file that “Project file” under Take home has made, or copy it again."),
    )


def damaged(shown: str) -> ArchiveError:
    """That a file is not as Freezepoint made it."""
    return ArchiveError(
        say(
            "“{name}” has been changed or damaged since it was made, so it isn't opened.",
            name=shown,
        ),
        say("Copy it again, or have it made again where it comes from."),
    )


def _members(found: zipfile.ZipFile, size_bytes: int, limits: Limits) -> dict[str, Member]:
    """Every member, proved against the manifest; ValueError when anything doesn't fit."""
    listed = found.infolist()
    names = {each.orig_filename for each in listed}
    if MANIFEST not in names or len(names) < len(listed) or len(listed) > limits.members:
        raise ValueError("members of one name, too many, or none")
    if sum(each.file_size for each in listed) > size_bytes:
        raise ValueError("members that lie in one another")
    for each in listed:
        kind = stat.S_IFMT(each.external_attr >> 16)
        plain = each.compress_type == zipfile.ZIP_STORED and each.file_size == each.compress_size
        if each.flag_bits & 0x1 or not plain or kind not in (0, stat.S_IFREG):
            raise ValueError(f"{each.orig_filename} is packed, locked or a link")
        if each.orig_filename != MANIFEST and not limits.name.fullmatch(each.orig_filename):
            raise ValueError(f"{each.orig_filename!r} is no member")
    sizes = {each.orig_filename: each.file_size for each in listed}
    if sizes[MANIFEST] > _JSON_BYTES:
        raise ValueError("a manifest that is too large")
    told = files.version_1(json.loads(found.read(MANIFEST).decode("utf-8")))["members"]
    members = {
        name: Member(files.digest(each["sha256"]), each["size_bytes"])
        for name, each in told.items()
    }
    if {name: each.size_bytes for name, each in members.items()} != {
        name: size for name, size in sizes.items() if name != MANIFEST
    }:
        raise ValueError("other members than the manifest says")
    return members


def digest(file: BinaryIO, size_bytes: int) -> str:
    """sha256 of the first bytes of a file, which is left behind them."""
    found = hashlib.sha256()
    file.seek(0)
    while size_bytes and (chunk := file.read(min(CHUNK_BYTES, size_bytes))):
        found.update(chunk)
        size_bytes -= len(chunk)
    return found.hexdigest()
