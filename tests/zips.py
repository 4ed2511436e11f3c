"""Zips written by hand, so that every field in them can say something else than the truth."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache


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


def made(
    members: Sequence[Member], before: bytes = b"", comment: bytes = b"", **told: int
) -> bytes:
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


def overlapping(count: int, kernel: Member) -> bytes:
    """Members that lie in one another, each ending in the same content: vast when unpacked.

    The idea is David Fifield's: each member's packed bytes begin with a piece that isn't packed and
    quotes the header of the next, whose bytes then follow, down to the one that all of them share.
    """
    crc, packed, size = zlib.crc32(kernel.content), kernel.packed, len(kernel.content)
    unpacked = [(kernel.name, crc, len(packed), size)]
    body = Member(kernel.name, kernel.content).body
    content, offsets = kernel.content, [0]
    for number in range(count - 1):
        name = b"cat/%06d.png" % number
        content = body_head(unpacked[0]) + content
        quoted = body_head(unpacked[0])
        piece = b"\0" + struct.pack("<HH", len(quoted), len(quoted) ^ 0xFFFF) + quoted
        told = (name, zlib.crc32(content), unpacked[0][2] + len(piece), len(content))
        body = body_head(told) + b"\0" + piece[1:5] + body
        offsets = [0, *(each + len(body_head(told)) + 5 for each in offsets)]
        unpacked.insert(0, told)
    rows = b""
    for told, at in zip(unpacked, offsets, strict=True):
        numbers = (*told[1:], len(told[0]), 0, 0, 0, 0, 0, at)
        rows += struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 33, *numbers) + told[0]
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(rows), len(body), 0)
    return body + rows + end


def body_head(told: tuple[bytes, int, int, int]) -> bytes:
    """A deflated member's local header, from its name, checksum, packed and unpacked size."""
    name, *numbers = told
    return struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 33, *numbers, len(name), 0) + name
