"""Ways to spoil what was whole: bytes, JSON values, and the insides of PNG and zip files."""

import copy
import json
import math
import random
import struct
import zlib
from typing import Any

from hypothesis import strategies as st

_NUMBERS = (0, 1, 2, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 1)
_TEXTS = (
    "", " ", ".", "..", "/", "../../etc/passwd", "/etc/passwd", "C:\\x", "\0", "a\0b", "\ud800",
    "\N{RIGHT-TO-LEFT OVERRIDE}txt", "\N{ZERO WIDTH SPACE}", "é", "e\u0301", "猫", "🦀",
    "x" * 300, "x" * 70_000, "{0.__class__}", "{x}", "%s%n", "<script>", "null", "true", "NaN",
    "head", "block4_pool", "validation", "test", "given", "0" * 16, "f" * 64, "1e999", "9" * 5000,
)  # fmt: skip


def _deep(levels: int, kind: type) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value] if kind is list else {"a": value}
    return value


ODD = st.one_of(
    st.sampled_from(_TEXTS),
    st.sampled_from(
        [None, True, False, 0, -1, 2**31, 2**53, 2**63, 2**64, 10**30, 10**400, -(10**400)]
    ),
    st.sampled_from([0.0, -0.0, 0.5, 1.5, 1e-320, 1e308, -1e308, math.nan, math.inf, -math.inf]),
    st.sampled_from(["[]", "{}", "[[]]", "[null]", '{"": 1}', '{"version": 1}']).map(json.loads),
    st.sampled_from([(90, list), (90, dict)]).map(lambda each: _deep(*each)),
    st.just(3000).map(lambda each: [0] * each),
    st.integers(-3, 300),
    st.floats(),
    st.text(max_size=20),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
        max_leaves=12,
    ),
)


@st.composite
def altered(draw: Any, whole: Any) -> Any:
    """A JSON value with one to four places in it changed; now and then another one altogether."""
    if draw(st.integers(0, 24)) == 0:
        return draw(ODD)
    value = {"": copy.deepcopy(whole)}
    for _ in range(draw(st.integers(1, 4))):
        holder, key = draw(_place(value))
        _change(draw, value, holder, key)
    return value.get("")


@st.composite
def _place(draw: Any, value: Any) -> Any:
    """A container in a value, and the key of something in it; often far inside."""
    holder, key = value, ""
    while draw(st.integers(0, 5)):
        inner = holder[key] if isinstance(holder, list) or key in holder else None
        if isinstance(inner, dict) and inner:
            holder, key = inner, draw(st.sampled_from(sorted(inner, key=str)))
        elif isinstance(inner, list) and inner:
            holder, key = inner, draw(st.integers(0, min(len(inner), 60) - 1))
        else:
            break
    return holder, key


def _change(draw: Any, whole: Any, holder: Any, key: Any) -> None:
    if isinstance(holder, dict) and key not in holder:
        holder[key] = None
    match draw(st.sampled_from(["replace"] * 5 + ["remove", "repeat", "rename", "borrow"])):
        case "remove":
            del holder[key]
        case "repeat" if isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        case "rename" if isinstance(holder, dict):
            holder[draw(st.sampled_from(_TEXTS[:8]) | st.text(max_size=6))] = holder.pop(key)
        case "borrow":
            other, at = draw(_place(whole))
            taken = other[at] if isinstance(other, list) or at in other else None
            if _nodes(taken) < 20_000:
                holder[key] = copy.deepcopy(taken)
        case _:
            holder[key] = draw(ODD)


def _nodes(value: Any) -> int:
    total, left = 0, [value]
    while left and total < 100_000:
        each = left.pop()
        total += 1
        if isinstance(each, dict):
            left += each.values()
        elif isinstance(each, list):
            left += each
    return total


@st.composite
def json_bytes(draw: Any, whole: Any) -> bytes:
    """The bytes of a JSON file: of an altered value, or spoiled afterwards."""
    how = draw(st.integers(0, 30))
    if how == 0:  # deeper than Python reads
        return draw(st.sampled_from([b"[" * 200_000, b'{"a":' * 200_000]))
    content = json.dumps(whole if how < 5 else draw(altered(whole))).encode()
    return draw(spoiled([content])) if how < 9 else content


@st.composite
def spoiled(draw: Any, whole: list[bytes]) -> bytes:
    """One of some files' bytes with up to eight changes: flips, cuts, copies, numbers, junk."""
    chance = random.Random(draw(st.integers(0, 2**64)))  # a large draw of hypothesis is slow
    content = bytearray(chance.choice(whole))
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5, 8))):
        _spoil(content, chance, whole)
    return bytes(content)


def _spoil(content: bytearray, chance: random.Random, others: list[bytes]) -> None:
    if not content:
        content += b"\0"
    # Most of what steers a reader stands at the beginning or the end.
    most = chance.choice((16, 64, 512, len(content)))
    at = chance.randrange(min(len(content), most))
    at = at if chance.random() < 0.8 else len(content) - 1 - at
    match chance.randrange(9):
        case 0:
            content[at] ^= 1 << chance.randrange(8)
        case 1:
            content[at] = chance.choice((0, 1, 127, 128, 255, chance.randrange(256)))
        case 2:
            kind = chance.choice(("<H", ">H", "<L", ">L"))
            number = chance.choice(_NUMBERS) & (0xFFFF if kind[1] == "H" else 0xFFFFFFFF)
            content[at : at + struct.calcsize(kind)] = struct.pack(kind, number)
        case 3:
            del content[at : at + chance.choice((1, 2, 4, 16, 400))]
        case 4:
            content[at:at] = chance.randbytes(chance.choice((1, 4, 40)))
        case 5:
            length = chance.choice((1, 4, 16, 200))
            content[at:at] = content[at : at + length] * chance.choice((1, 2, 50))
        case 6:
            del content[at:]
        case 7:
            content += chance.randbytes(chance.choice((1, 30, 3000)))
        case _:
            other = chance.choice(others)
            start = chance.randrange(len(other)) if other else 0
            content[at : at + chance.choice((0, 8, 100))] = other[start : start + 100]


@st.composite
def png(draw: Any, whole: bytes) -> bytes:
    """A PNG whose chunks are changed, repeated, dropped or moved, each with a right checksum."""
    chance = random.Random(draw(st.integers(0, 2**64)))
    chunks, at = [], 8
    while at < len(whole):
        (length,) = struct.unpack_from(">L", whole, at)
        chunks.append([whole[at + 4 : at + 8], bytearray(whole[at + 8 : at + 8 + length])])
        at += 12 + length
    for _ in range(chance.choice((1, 2, 4))):
        place = chance.randrange(len(chunks))
        match chance.randrange(6):
            case 0:
                chunks.insert(chance.randrange(len(chunks) + 1), copy.deepcopy(chunks[place]))
            case 1 if len(chunks) > 1:
                del chunks[place]
            case 2:
                chance.shuffle(chunks)
            case 3:
                named = (b"tRNS", b"PLTE", b"iCCP", b"zTXt", b"iTXt", b"eXIf", b"acTL", b"fcTL")
                chunks.insert(place, [chance.choice(named), bytearray(chance.randbytes(26))])
            case _:
                _spoil(chunks[place][1], chance, [bytes(each[1]) for each in chunks])
    made = whole[:8]
    for kind, content in chunks:
        told = kind + bytes(content)
        made += struct.pack(">L", len(content)) + told + struct.pack(">L", zlib.crc32(told))
    return made
