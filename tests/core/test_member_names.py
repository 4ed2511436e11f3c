"""Names in zips of Windows computers in many languages, which don't say how they are written."""

import io
import struct
import zipfile
import zlib

import pytest

from gui.core import member_names
from tests.zips import Member, made

TAIWAN = ("貓/照片 001.jpg", "狗/我家的小狗.jpg", "水母/IMG_2031.jpg", "螃蟹/海邊撿到的.png")
SHORT = ("貓/1.jpg", "狗/2.jpg", "鳥/3.jpg")
CHINA = ("猫咪/图片001.jpg", "狗狗/我们家的小狗.jpg", "海星/在海边拍的照片.png")
JAPAN = ("ねこ/写真 001.jpg", "いぬ/うちの子犬.jpg", "ヒトデ/海で撮った写真.png")
KOREA = ("고양이/사진 001.jpg", "강아지/우리집 강아지.jpg", "해파리/바다.png")
WEST = ("Hündchen/schön.jpg", "Käfer/Größe.jpg", "élève/garçon.jpg", "niño/mañana.jpg")


def read(*names: bytes, language: str = "en", flags: int = 0) -> list[str]:
    content = made([Member(name, b"x", flags=flags) for name in names])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return member_names.read(archive.infolist(), language)


@pytest.mark.parametrize(
    ("names", "encoding", "language"),
    [
        (TAIWAN, "cp950", "zh-Hant"),
        (TAIWAN, "cp950", "en"),
        (SHORT, "cp950", "zh-Hant"),
        (CHINA, "gbk", "zh-Hant"),
        (CHINA, "gbk", "en"),
        (JAPAN, "cp932", "zh-Hant"),
        (JAPAN, "cp932", "en"),
        (KOREA, "cp949", "en"),
        (WEST, "cp437", "en"),
        (WEST, "cp437", "zh-Hant"),
        (TAIWAN, "utf-8", "zh-Hant"),
        (WEST, "utf-8", "en"),
        (("ソース/いちごの表.jpg",), "cp932", "en"),  # with bytes that are backslashes elsewhere
        (("功/許.jpg", "蓋/育.jpg"), "cp950", "zh-Hant"),
    ],
)
def test_unmarked_names_are_read_as_they_were_meant(names, encoding, language) -> None:
    assert read(*(name.encode(encoding) for name in names), language=language) == list(names)


def test_all_names_of_a_zip_are_written_alike() -> None:
    """“猫” in GBK is valid UTF-8 by chance, a Latin letter; its neighbours tell."""
    assert read(*(name.encode("gbk") for name in ("猫/1.jpg", *CHINA)))[0] == "猫/1.jpg"


def test_what_a_zip_says_itself_counts() -> None:
    assert read("貓/1.jpg".encode(), flags=0x800) == ["貓/1.jpg"]
    raw, told = "貓/1.jpg".encode("cp950"), "貓咪/1.jpg".encode()
    field = struct.pack("<HHBL", 0x7075, 5 + len(told), 1, zlib.crc32(raw)) + told
    other = struct.pack("<HH", 0x5455, 2) + b"xx"
    stale = struct.pack("<HHBL", 0x7075, 5 + len(told), 1, 5) + told
    members = [Member(raw, b"x", extra=other + field), Member(raw, b"x", extra=stale)]
    with zipfile.ZipFile(io.BytesIO(made(members))) as archive:
        assert member_names.read(archive.infolist(), "zh-Hant") == ["貓咪/1.jpg", "貓/1.jpg"]


def test_bytes_that_are_nothing_are_names_all_the_same() -> None:
    (name,) = read(b"\xff\xfe\x80/\xa0.jpg")
    assert name.endswith(".jpg")
    assert read(b"cats/1.jpg\0.txt", b"plain.jpg") == ["cats/1.jpg", "plain.jpg"]


def test_many_names_take_no_time() -> None:
    names = [f"類別{n % 7}/照片{n}.jpg".encode("cp950") for n in range(5000)]
    assert read(*names, language="zh-Hant")[4999] == "類別1/照片4999.jpg"
