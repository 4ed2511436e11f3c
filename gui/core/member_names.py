"""The names in a zip as their makers meant them: many zips don't say how theirs are written.

By the standard an unmarked name is cp437, but Macs and many others write UTF-8 all the same, and
Windows writes what its language uses: Big5 in Taiwan, GBK in China, Shift-JIS in Japan. All names
of a zip are written alike, so all together tell: of the encodings that fit, the one in which such
letters are likeliest, which for a reader of Chinese is first of all the one used where they live.
Source: PKWARE APPNOTE 6.3.10, 4.4.4, 4.6.9 and appendix D.
"""

import math
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_SAYS_UTF_8: Final = 0x800
_UNICODE_PATH: Final = 0x7075  # an extra field that holds the name once more, in UTF-8
_LOOKED_AT: Final = 500  # different names of folders and files; they tell enough
_ASCII_LETTERS: Final = 60.0  # that names are made of
_AT_HOME: Final = math.log(100.0)  # how much likelier the encoding of the reader's own language is


@dataclass(frozen=True)
class _Encoding:
    """One in which names may be written.

    Attributes:
        name: As Python knows it.
        likelihood: How likely a letter of it is, of one byte or of two, in names that are written
            in it.
        languages: Of readers whose computers use it.
    """

    name: str
    likelihood: Callable[[int, int], float]
    languages: tuple[str, ...] = ()


def read(members: Sequence[zipfile.ZipInfo], language: str) -> list[str]:
    """The name of each member.

    Args:
        members: All of a zip.
        language: The reader's, as :func:`gui.words.spoken` tells it.
    """
    told = [_told(each) for each in members]
    unmarked = [_raw(each) for each, name in zip(members, told, strict=True) if name is None]
    encoding = _encoding(unmarked, language)
    return [
        (_decoded(_raw(each), encoding) if name is None else name).partition("\0")[0]
        for each, name in zip(members, told, strict=True)
    ]


def _told(member: zipfile.ZipInfo) -> str | None:
    """The name where the zip says how it is written; None where it doesn't."""
    if member.flag_bits & _SAYS_UTF_8 or member.orig_filename.isascii():
        return member.orig_filename
    extra = member.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        # A version, and a checksum of the other name: who renames a member may not know this field.
        if kind == _UNICODE_PATH and 5 < size <= len(extra) - 4:
            version, checksum = struct.unpack_from("<BL", extra, 4)
            if version == 1 and checksum == zlib.crc32(_raw(member)):
                return extra[9 : 4 + size].decode("utf-8", "replace")
        extra = extra[4 + size :]
    return None


def _raw(member: zipfile.ZipInfo) -> bytes:
    return member.orig_filename.encode("cp437")  # what zipfile takes an unmarked name for


def _decoded(name: bytes, encoding: str) -> str:
    """The name in that encoding, or in the next best where it isn't written in it."""
    for each in (encoding, "utf-8"):
        try:
            return name.decode(each)
        except UnicodeError:
            continue
    return name.decode("cp437")


def _encoding(names: Sequence[bytes], language: str) -> str:
    """The encoding that all these names are most likely written in."""
    # Text in another encoding is hardly ever valid UTF-8, and of several names never all.
    if all(map(_is_utf_8, names)):
        return "utf-8"
    parts = list(_parts(names))
    scores = {
        each.name: _score(parts, each) + (_AT_HOME if language in each.languages else 0.0)
        for each in _ENCODINGS
        if _fits(names, each.name)
    }
    return max(scores, key=lambda each: scores[each])


def _is_utf_8(name: bytes) -> bool:
    return _fits([name], "utf-8")


def _fits(names: Iterable[bytes], encoding: str) -> bool:
    try:
        for each in names:
            each.decode(encoding)
    except UnicodeError:
        return False
    return True


def _parts(names: Iterable[bytes]) -> Iterable[bytes]:
    """Different names of folders and files that aren't plain ASCII: repeating one tells no more."""
    found = {part: None for each in names for part in each.split(b"/") if not part.isascii()}
    return list(found)[:_LOOKED_AT]


def _score(parts: Iterable[bytes], encoding: _Encoding) -> float:
    """How likely names are in an encoding, as a logarithm."""
    score = 0.0
    for part in parts:
        place = 0
        while place < len(part):
            first, second = part[place], part[place + 1] if place + 1 < len(part) else 0
            if first < 0x80:
                score -= math.log(_ASCII_LETTERS)
                place += 1
                continue
            two = _is_one(part[place : place + 2], encoding.name)
            score += math.log(encoding.likelihood(first, second if two else 0))
            place += 2 if two else 1
    return score


def _is_one(pair: bytes, encoding: str) -> bool:
    """Whether two bytes are one letter."""
    try:
        return len(pair) == 2 and len(pair.decode(encoding)) == 1
    except UnicodeError:
        return False


# How likely a letter is: the share of its row in everyday names, divided by the letters of the row.
# Sources of the rows: https://encoding.spec.whatwg.org (indexes); The Unicode Consortium's mapping
# tables CP950, CP936, CP932, CP949, CP437. The shares are rough; only their order of size matters.


def _big5(first: int, _: int) -> float:
    if 0xA4 <= first <= 0xC6:
        return 0.97 / 5401  # the common ones
    return 0.02 / 7652 if first >= 0xC9 else 0.01 / 408


def _gbk(first: int, second: int) -> float:
    if second >= 0xA1 and 0xB0 <= first <= 0xD7:
        return 0.96 / 3755  # the common ones
    if second >= 0xA1 and first >= 0xD8:
        return 0.03 / 3008
    return 0.01 / 15_000


def _shift_jis(first: int, second: int) -> float:
    if second == 0:
        return 0.01 / 63  # katakana of half the width
    if first == 0x82 and second >= 0x9F:
        return 0.3 / 83  # hiragana
    if first == 0x83 and second <= 0x96:
        return 0.3 / 86  # katakana
    if first in (0x81, 0x82):
        return 0.03 / 300
    return 0.35 / 2965 if 0x88 <= first <= 0x97 else 0.01 / 4000


def _korean(first: int, second: int) -> float:
    return 0.97 / 2350 if second >= 0xA1 and 0xB0 <= first <= 0xC8 else 0.03 / 15_000


def _western(first: int, _: int) -> float:
    if 0x80 <= first <= 0x9A or 0xA0 <= first <= 0xA5 or first == 0xE1:
        return 0.95 / 34  # letters
    return 0.05 / 94  # lines and signs, which nobody writes in a name


_ENCODINGS: Final = (
    _Encoding("cp437", _western),
    _Encoding("cp950", _big5, ("zh-Hant",)),
    _Encoding("gbk", _gbk),
    _Encoding("cp932", _shift_jis),
    _Encoding("cp949", _korean),
)
