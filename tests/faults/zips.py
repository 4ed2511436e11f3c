"""Zips by chance: every field may lie."""

import random
import struct
from typing import Any, Final

from hypothesis import strategies as st

from tests.corpus import halves, written
from tests.zips import Member, made

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
