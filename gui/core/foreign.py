"""What people drop by mistake instead of a picture, told by its first bytes, and the remedy."""

from typing import Final, NamedTuple

from gui.words import mark

_EXPORT: Final = mark("Save it as PNG or JPEG and use that.")
_UNPACK: Final = mark("Unpack it and use the pictures inside.")
_FRAMES: Final = mark("Save single frames of it as JPEG and use those.")
_DEVELOP: Final = mark("Save it as JPEG with the camera's photo program and use that.")
_DOWNLOAD: Final = mark("Download the picture itself.")


class Kind(NamedTuple):
    """A kind of file that is no picture; its texts are marked, in English.

    Attributes:
        name: What it is, to stand in a sentence.
        what: That it is no picture, as a sentence.
        hint: The remedy.
    """

    name: str
    what: str
    hint: str


RAW: Final = Kind(
    mark("a camera's RAW file"),
    mark("This is a camera's RAW file, not a finished picture."),
    _DEVELOP,
)
_VIDEO: Final = Kind(mark("a video"), mark("This is a video, not a picture."), _FRAMES)
_PDF: Final = Kind(mark("a PDF document"), mark("This is a PDF document, not a photo."), _EXPORT)
_PHOTOSHOP: Final = Kind(mark("a Photoshop file"), mark("This is a Photoshop file."), _EXPORT)
_ICON: Final = Kind(mark("an icon"), mark("This is an icon, not a photo."), _EXPORT)
_JPEG_2000: Final = Kind(
    mark("a JPEG 2000 picture"),
    mark("This is a JPEG 2000 picture, which can't be read here."),
    _EXPORT,
)
_JPEG_XL: Final = Kind(
    mark("a JPEG XL picture"),
    mark("This is a JPEG XL picture, which can't be read here."),
    _EXPORT,
)
_ZIP: Final = Kind(
    mark("a zip or office file"), mark("This is a zip or office file, not a picture."), _UNPACK
)
_RAR: Final = Kind(mark("a RAR archive"), mark("This is a RAR archive, not a picture."), _UNPACK)
_7_ZIP: Final = Kind(
    mark("a 7-Zip archive"), mark("This is a 7-Zip archive, not a picture."), _UNPACK
)
_WEB_PAGE: Final = Kind(mark("a web page"), mark("This is a web page, not a picture."), _DOWNLOAD)
_SVG: Final = Kind(mark("an SVG drawing"), mark("This is an SVG drawing, not a photo."), _EXPORT)

# Offset and first bytes of what people drop by mistake. Source: each format's own description,
# as collected in https://en.wikipedia.org/wiki/List_of_file_signatures
_KINDS: Final[tuple[tuple[int, bytes, Kind], ...]] = (
    (0, b"%PDF", _PDF),
    (0, b"8BPS", _PHOTOSHOP),
    (0, b"\0\0\1\0", _ICON),
    (0, b"\0\0\0\x0cjP  ", _JPEG_2000),
    (0, b"\0\0\0\x0cJXL ", _JPEG_XL),
    (0, b"\xff\x0a", _JPEG_XL),
    (0, b"PK\3\4", _ZIP),
    (0, b"Rar!", _RAR),
    (0, b"7z\xbc\xaf", _7_ZIP),
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


def recognise(head: bytes) -> Kind | None:
    """What the file is instead of a picture; None when it may be one."""
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
