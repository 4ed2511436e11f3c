"""One picture file: opened upright in RGB whatever a camera or a web page made of it, or refused.

The kind of a file is told by its content; its name is never looked at. Colour profiles are not
applied: the pixels are what Keras' own image loading would see. ``core.scaled`` makes the sizes of
it that the model and the page take.
"""

import os
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import pi_heif
from PIL import Image, TiffImagePlugin, UnidentifiedImageError

from gui.core import foreign, rgb
from gui.core.errors import UnreadablePicture
from gui.core.room import Room
from gui.words import mark

# Phones' MPO files come in by JPEG. HEIF stands before AVIF: both claim the brand "mif1", and
# pi-heif hands a file that isn't its own on to the next in the row.
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF", "PPM")
NO_PICTURE: Final = mark("This is not a picture.")
KINDS: Final = mark("Use JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC files.")
LARGEST_PIXELS: Final = 120_000_000  # width x height; phone cameras reach 108 million

pi_heif.register_heif_opener()
PICTURE_SUFFIXES: Final = frozenset(
    suffix for suffix, kind in Image.registered_extensions().items() if kind in (*FORMATS, "MPO")
)
Image.MAX_IMAGE_PIXELS = LARGEST_PIXELS  # Pillow's own guard, for tiles and frames in a file

# All that Pillow and pi-heif raise on a file that is damaged or made to do harm.
_FAILURES: Final = (
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    SyntaxError,
    EOFError,
    RuntimeError,
    Warning,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
_CUT_OFF: Final = re.compile(r"truncat|unexpected end|end of file|not enough|insufficient", re.I)
_SMALLER: Final = mark("Save it smaller, for example 4,000 pixels wide.")
_AGAIN: Final = mark("Copy or download it again.")
_LIBRARIES: Final = re.compile(r"(PIL|pi_heif)\b")

_BEGINNINGS: Final = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")
# EXIF orientation -> what makes it upright. Source: PIL.ImageOps.exif_transpose.
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def open_picture(source: Path | BinaryIO, smallest_side: int | None = None) -> Image.Image:
    """The picture in a file: loaded, upright, mode RGB (0-255), without metadata.

    Of an animation the first frame; transparency lies on white; 16-bit grey is scaled to 8 bit.

    Args:
        source: A file, or an open binary stream that can seek (it is left open).
        smallest_side: When given, the picture may come back smaller, by a factor of 2, 4 or 8, but
            with at least twice this many px on its short side. All of the file is read all the
            same. Without it, the picture can take half a GB.

    Raises:
        UnreadablePicture: When the file holds no picture that can be read, with the reason.
    """
    with _opened(source) as file:
        size_bytes = file.seek(0, os.SEEK_END)
        file.seek(0)
        head = file.read(1024)
        file.seek(0)
        if size_bytes == 0:
            raise UnreadablePicture(
                mark("The file is empty."), mark("Copy it again from where it came from.")
            )
        if other := foreign.recognise(head):
            raise _refused(other)
        _hush_libraries()
        try:
            return _decoded(file, smallest_side)
        except MemoryError as error:
            what = mark("The picture needs more memory than there is.")
            raise UnreadablePicture(what, _SMALLER) from error
        except Image.DecompressionBombError as error:
            raise _too_large() from error
        except _FAILURES as error:
            raise _broken(head, size_bytes, error) from error


@contextmanager
def _opened(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    if not isinstance(source, Path):
        yield source
        return
    try:
        file = source.open("rb")
    except OSError as error:
        raise UnreadablePicture(
            mark("The file can't be opened ({error}).", error=error.strerror or error),
            mark("Check that it is still there and that you may read it."),
        ) from error
    with file:
        yield file


def _hush_libraries() -> None:
    """Put a filter against Pillow's warnings (odd EXIF, large sizes) first in Python's row.

    ``warnings.catch_warnings`` would set and restore the whole row, which two threads undo for
    each other; this filter is only ever added, and touches no one else's warnings.
    """
    first = warnings.filters[0] if warnings.filters else None
    if first is None or first[3] != _LIBRARIES:
        warnings.filterwarnings("ignore", module=_LIBRARIES.pattern)


# The one thing here that all share: it bounds the memory of the process, whoever the pictures are.
_ROOM: Final = Room(LARGEST_PIXELS)


def _decoded(file: BinaryIO, smallest_side: int | None) -> Image.Image:
    with Image.open(file, formats=FORMATS) as image:
        pixels = image.width * image.height
        if pixels > LARGEST_PIXELS:
            raise _too_large()
        if _is_raw(image):
            raise _refused(foreign.RAW)
        with _ROOM.take(pixels):
            factor = _reduction(image, smallest_side)
            image.load()
            picture = _upright(rgb.convert(image, factor), image)
    picture.info = {}
    return picture


def _reduction(image: Image.Image, smallest_side: int | None) -> int:
    """By how much to reduce the picture after decoding: 1, 2, 4 or 8; a JPEG is decoded reduced."""
    if smallest_side is None:
        return 1
    least = 2 * smallest_side
    if image.draft(None, (least, least)) is not None:
        return 1
    return max(each for each in (1, 2, 4, 8) if each == 1 or min(image.size) // each >= least)


def _is_raw(image: Image.Image) -> bool:
    """Whether a TIFF is a RAW photo, of which Pillow would show the built-in preview only.

    Source: Adobe DNG 1.7 and TIFF/EP: DNGVersion is tag 50706; NewSubfileType (254) with bit 0
    marks a preview, whose full picture hangs in SubIFDs (330), as in NEF, ARW and PEF.
    """
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return False
    tags = image.tag_v2
    return 50706 in tags or (tags.get(254) == 1 and 330 in tags)


def _upright(picture: Image.Image, source: Image.Image) -> Image.Image:
    """The picture turned as the EXIF of the file it comes from says."""
    try:
        turn = _TURNS.get(source.getexif().get(0x0112, 1))
    except _FAILURES:  # broken EXIF in a good picture: show it as it lies
        return picture
    return picture if turn is None else picture.transpose(turn)


def _refused(kind: foreign.Kind) -> UnreadablePicture:
    return UnreadablePicture(kind.what, kind.hint)


def _too_large() -> UnreadablePicture:
    return UnreadablePicture(
        mark(
            "The picture has more than {millions} million pixels.",
            millions=LARGEST_PIXELS // 1_000_000,
        ),
        _SMALLER,
    )


def _broken(head: bytes, size_bytes: int, error: BaseException) -> UnreadablePicture:
    announced = int.from_bytes(head[4:8], "little") + 8 if head.startswith(b"RIFF") else 0  # WebP
    if _CUT_OFF.search(str(error)) or announced > size_bytes:
        return UnreadablePicture(mark("The file is cut off: its end is missing."), _AGAIN)
    known = head.startswith(_BEGINNINGS) or head[4:8] == b"ftyp"
    if isinstance(error, UnidentifiedImageError) and not known:
        return UnreadablePicture(NO_PICTURE, KINDS)
    return UnreadablePicture(mark("The file is damaged or cut off."), _AGAIN)
