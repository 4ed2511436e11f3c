"""What people drop by mistake instead of a picture, told by its first bytes, and the remedy."""

from typing import Final

_EXPORT: Final = "Save it as PNG or JPEG and use that."
_UNPACK: Final = "Unpack it and use the pictures inside."
_FRAMES: Final = "Save single frames of it as JPEG and use those."
_DEVELOP: Final = "Save it as JPEG with the camera's photo program and use that."
RAW: Final = ("a camera's RAW file, not a finished picture", _DEVELOP)
_VIDEO: Final = ("a video, not a picture", _FRAMES)
_JPEG_XL: Final = ("a JPEG XL picture, which can't be read here", _EXPORT)
_WEB_PAGE: Final = ("a web page, not a picture", "Download the picture itself.")
_SVG: Final = ("an SVG drawing, not a photo", _EXPORT)

# Offset and first bytes of what people drop by mistake. Source: each format's own description,
# as collected in https://en.wikipedia.org/wiki/List_of_file_signatures
_KINDS: Final[tuple[tuple[int, bytes, tuple[str, str]], ...]] = (
    (0, b"%PDF", ("a PDF document, not a photo", _EXPORT)),
    (0, b"8BPS", ("a Photoshop file", _EXPORT)),
    (0, b"\0\0\1\0", ("an icon, not a photo", _EXPORT)),
    (0, b"\0\0\0\x0cjP  ", ("a JPEG 2000 picture, which can't be read here", _EXPORT)),
    (0, b"\0\0\0\x0cJXL ", _JPEG_XL),
    (0, b"\xff\x0a", _JPEG_XL),
    (0, b"PK\3\4", ("a zip or office file, not a picture", _UNPACK)),
    (0, b"Rar!", ("a RAR archive, not a picture", _UNPACK)),
    (0, b"7z\xbc\xaf", ("a 7-Zip archive, not a picture", _UNPACK)),
    (4, b"ftypcrx ", RAW),  # Canon CR3
    (8, b"CR\2", RAW),  # Canon CR2
    (6, b"HEAPCCDR", RAW),  # Canon CRW
    (0, b"FUJIFILMCCD-RAW", RAW),
    (0, b"IIRO", RAW),  # Olympus
    (0, b"IIRS", RAW),
    (0, b"MMOR", RAW),
    (0, b"IIU\0", RAW),  # Panasonic
    (0, b"FOVb", RAW),  # Sigma
    (8, b"AVI ", _VIDEO),
    (0, b"\x1aE\xdf\xa3", _VIDEO),  # Matroska, WebM
    (0, b"\0\0\1\xba", _VIDEO),  # MPEG
    (0, b"\0\0\1\xb3", _VIDEO),
    (0, b"FLV\1", _VIDEO),
    (0, b"0&\xb2u", _VIDEO),  # Windows Media
    (4, b"moov", _VIDEO),  # QuickTime
    (4, b"mdat", _VIDEO),
)
_ISO_PICTURES: Final = frozenset(
    (b"avif avis mif1 msf1 heic heix heim heis hevc hevx hevm hevs").split()
)


def recognise(head: bytes) -> tuple[str, str] | None:
    """What the file is instead of a picture, and the remedy; None when it may be one."""
    for offset, magic, kind in _KINDS:
        if head.startswith(magic, offset):
            return kind
    if head[4:8] == b"ftyp" and head[8:12] not in _ISO_PICTURES:
        return _JPEG_XL if head[8:12] == b"jxl " else _VIDEO
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not text.startswith(b"<"):
        return None
    if b"<!doctype html" in text or b"<html" in text:
        return _WEB_PAGE
    return _SVG if b"<svg" in text else None
