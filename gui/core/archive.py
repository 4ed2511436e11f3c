"""A zip of pictures, opened without trusting it: whether it is one, and what it says of itself.

``core.unpacking`` writes its members.
"""

import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gui.core import foreign
from gui.core.entry import is_junk, safe_rel
from gui.core.errors import ArchiveError
from gui.words import say

_LISTING_BYTES: Final = 400  # of the zip's table of contents for a member; mostly 80 to 150
# What zipfile raises on a zip that is damaged, or made by a program it doesn't know.
FAILURES: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True)
class Limits:
    """How far a zip may go; each bound is far above any real set of pictures.

    Attributes:
        entries: Members in the zip, folders and junk included.
        member_bytes: One member, unpacked; a larger one is left out.
        total_bytes: All members, unpacked.
        ratio: Unpacked to packed, over the whole zip; photos reach 1.1, text 10, a bomb 1,000.
        ratio_from_bytes: Below this the ratio isn't looked at: a few drawings may pack very well.
        depth: Folders inside folders; a deeper member is left out.
        reserve_bytes: What stays free on the disk.
    """

    entries: int = 50_000
    member_bytes: int = 500_000_000
    total_bytes: int = 20_000_000_000
    ratio: int = 100
    ratio_from_bytes: int = 200_000_000
    depth: int = 20
    reserve_bytes: int = 1_000_000_000


LIMITS: Final = Limits()


def promised(zip_path: Path, shown_name: str, limits: Limits = LIMITS) -> tuple[int, int]:
    """What a zip says about itself, without unpacking it: bytes and files, junk left out.

    Raises:
        ArchiveError: When it isn't a zip, is damaged as a whole, encrypted or beyond the limits.
    """
    with opened(zip_path, shown_name, limits) as archive:
        members = members_of(archive, shown_name, limits)
    files = [
        each for each in members if not each.is_dir() and not is_junk(safe_rel(each.filename) or "")
    ]
    return sum(each.file_size for each in files), len(files)


def opened(zip_path: Path, name: str, limits: Limits) -> zipfile.ZipFile:
    """Open a zip.

    Args:
        zip_path: The zip.
        name: What the person calls it.
        limits: How far it may go.

    Raises:
        ArchiveError: When it isn't one, is cut off, or holds too many members.
    """
    try:
        if lists_more_than(zip_path, limits.entries):
            raise _too_many(name, limits)
        return zipfile.ZipFile(zip_path)
    except FAILURES as error:
        raise _not_a_zip(zip_path, name) from error


def members_of(archive: zipfile.ZipFile, name: str, limits: Limits) -> list[zipfile.ZipInfo]:
    """Every member, as the zip lists them; arguments as for :func:`opened`.

    Raises:
        ArchiveError: When there are too many, or they are locked or lie in one another.
    """
    members = archive.infolist()
    if len(members) > limits.entries:
        raise _too_many(name, limits)
    whole_bytes = Path(archive.filename or "").stat().st_size
    if sum(member.compress_size for member in members) > whole_bytes:
        raise ArchiveError(
            say("The files in “{name}” lie in one another, as in no honest zip.", name=name),
            say("Pack the pictures anew."),
        )
    if any(member.flag_bits & 0x1 for member in members):
        raise ArchiveError(
            say("“{name}” is locked with a password.", name=name),
            say("Unpack it on your computer and choose the folder, or pack it without a password."),
        )
    return members


def lists_more_than(zip_path: Path, entries: int) -> bool:
    """Whether its table of contents is longer than one of so many members ever is.

    Told before zipfile reads it whole, which takes memory.
    """
    return _listing_bytes(zip_path) > entries * _LISTING_BYTES


def _listing_bytes(zip_path: Path) -> int:
    """Size of the zip's table of contents, which zipfile reads whole; 0 when none is found.

    Source: PKWARE APPNOTE 6.3.10, 4.3.14 to 4.3.16.
    """
    with zip_path.open("rb") as file:
        file.seek(max(0, zip_path.stat().st_size - 66_000))
        tail = file.read()
    end = tail.rfind(b"PK\5\6")
    if end < 0:
        return 0
    if tail.startswith(b"PK\6\7", max(0, end - 20)) and end >= 76:
        return int(struct.unpack_from("<Q", tail, end - 76 + 40)[0])
    return int(struct.unpack_from("<L", tail, end + 12)[0])


def _not_a_zip(zip_path: Path, name: str) -> ArchiveError:
    head = b""
    if zip_path.is_file():
        with zip_path.open("rb") as file:
            head = file.read(1024)
    if head.startswith(b"PK"):
        return ArchiveError(
            say("The zip “{name}” is damaged or cut off.", name=name),
            say("Copy or download it again."),
        )
    if other := foreign.recognise(head):
        what = say("“{name}” is not a zip but {kind}.", name=name, kind=say(other.name))
    else:
        what = say("“{name}” is not a zip.", name=name)
    return ArchiveError(what, say("Choose the folder itself, or pack it as a zip."))


def _too_many(name: str, limits: Limits) -> ArchiveError:
    return ArchiveError(
        say("“{name}” holds more than {most:,} files.", name=name, most=limits.entries),
        say("Choose fewer pictures: a few hundred for each class are plenty."),
    )
