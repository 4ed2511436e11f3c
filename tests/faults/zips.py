"""Zips written by hand, so that every field in them can say something else than the truth."""

import random
import struct
import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from hypothesis import strategies as st

from tests.corpus import halves, written

_NAMES = (
    b"cat/1.png", b"dog/2.png", b"cat/", b"../../up.png", b"/etc/passwd", b"C:\\x\\1.png", b"",
    b".", b"cat\\3.png", b"a" * 300 + b"/1.png", b"\xff\xfe/\x80.png", "猫/犬.png".encode(),
    "猫".encode("gbk"),
    b"cat/1.png\0.exe", b"d/" * 30 + b"1.png", b"in.zip", b"__MACOSX/._1.png", b"train/cat/1.png",
)  # fmt: skip
_CONTENTS: Final = (
    written(halves(), "PNG"), written(halves(), "GIF"), b"text", b"", bytes(100_000),
    bytes(6_000_000), b"PK\3\4" + bytes(50),
)  # fmt: skip
_KINDS = (0, 0o100644 << 16, 0o120777 << 16, 0o040755 << 16, 0o020666 << 16, 0xFFFFFFFF)


@lru_cache(maxsize=64)
def deflated(content: bytes) -> bytes:
    """Packed as zips do it, without a header."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflate.compress(content) + deflate.flush()


@dataclass
class Member:
    """One member of a zip, with what its two headers say; None is the truth.

    Attributes:
        name: As it stands in the file.
        content: Unpacked.
        method: 0 stored, 8 deflated, others can't be unpacked here.
        flags: General purpose bits.
        size: What both headers say of the unpacked size.
        packed_size: What both headers say of the packed size.
        crc: What both headers say.
        extra: The extra field.
        attributes: External ones.
        at: Where the table of contents says that it begins.
        descriptor: Whether the sizes stand behind the content only.
    """

    name: bytes
    content: bytes = b""
    method: int = 8
    flags: int = 0
    size: int | None = None
    packed_size: int | None = None
    crc: int | None = None
    extra: bytes = b""
    attributes: int = 0
    at: int | None = None
    descriptor: bool = False
    packed: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.packed = deflated(self.content) if self.method == 8 else self.content
        self.flags |= 8 * self.descriptor

    @property
    def told(self) -> tuple[int, int, int]:
        """Checksum, packed and unpacked size, as the table of contents tells them."""
        crc = zlib.crc32(self.content) if self.crc is None else self.crc
        packed = len(self.packed) if self.packed_size is None else self.packed_size
        return crc, packed, len(self.content) if self.size is None else self.size

    @property
    def body(self) -> bytes:
        """The local header and the packed content."""
        told = (0, 0, 0) if self.descriptor else self.told
        head = struct.pack(
            "<4s5H3L2H", b"PK\3\4", 20, self.flags, self.method, 0, 33, *told,
            len(self.name), len(self.extra),
        )  # fmt: skip
        tail = struct.pack("<4s3L", b"PK\7\x08", *self.told) if self.descriptor else b""
        return head + self.name + self.extra + self.packed + tail

    def row(self, at: int) -> bytes:
        """The row of the table of contents."""
        at = at if self.at is None else self.at
        return (
            struct.pack(
                "<4s6H3L5H2L", b"PK\1\2", 0x031E, 20, self.flags, self.method, 0, 33, *self.told,
                len(self.name), len(self.extra), 0, 0, 0, self.attributes, at,
            )
            + self.name + self.extra
        )  # fmt: skip


def made(members: list[Member], before: bytes = b"", comment: bytes = b"", **told: int) -> bytes:
    """The zip of some members; ``told`` overrides count, listing_bytes and listing_at."""
    content, rows = bytearray(before), bytearray()
    for each in members:
        rows += each.row(len(content))
        content += each.body
    end = struct.pack(
        "<4s4H2LH", b"PK\5\6", 0, 0, told.get("count", len(members)),
        told.get("count", len(members)), told.get("listing_bytes", len(rows)),
        told.get("listing_at", len(content)), len(comment),
    )  # fmt: skip
    return bytes(content + rows + end + comment)


@st.composite
def structured(draw: Any) -> bytes:
    """A zip of zero to six members, of which each field may lie."""
    chance = random.Random(draw(st.integers(0, 2**64)))
    members = [_member(chance) for _ in range(draw(st.integers(0, 6)))]
    told = {
        name: chance.choice((0, 1, 65535, 0x7FFFFFFF, 0xFFFFFFFF)) & most
        for name, most in (("count", 65535), ("listing_bytes", -1), ("listing_at", -1))
        if chance.random() < 0.05
    }
    before = chance.choice((b"", b"", b"MZ" + bytes(300), b"PK\3\4"))
    return made(members, before, chance.choice((b"", b"x" * 40, b"PK\5\6" + bytes(18))), **told)


def _member(chance: random.Random) -> Member:
    lies = (0, 1, 100, 10**6, 2**31, 2**32 - 1)

    def lie(share: float = 0.08) -> int | None:
        return chance.choice(lies) if chance.random() < share else None

    content = chance.choice((*_CONTENTS, *_CONTENTS[:3], chance.randbytes(300)))
    sixty_four = struct.pack("<HHQQQ", 1, 24, *(chance.choice((9, 2**40, 2**63)) for _ in "123"))
    extra = (b"", b"", b"", sixty_four, b"\1\0", chance.randbytes(9), bytes(60_000))
    return Member(
        chance.choice(_NAMES), content, chance.choice((0, 8, 8, 8, 8, 12, 14, 93, 99)),
        chance.choice((0, 0, 0, 0x800, 1, 0x2041)), lie(), lie(), lie(), chance.choice(extra),
        chance.choice(_KINDS), lie(0.04), chance.random() < 0.2,
    )  # fmt: skip
