"""Pictures and archives of every good, bad and odd kind, made by this script alone.

python tests/corpus.py FOLDER        writes them all, to look at by hand
"""

import base64
import gzip
import io
import struct
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # for who runs it as a script

from tests.zips import Member, made, overlapping  # noqa: E402

RED, BLUE = (200, 30, 30), (30, 30, 200)

# 64 x 32 px, left half red and right half blue; made once with pillow-heif, as pi-heif can't write.
HEIC: Final = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAA"
    "AAAAACJpbG9jAAAAAERAAAEAAQAAAAABoQABAAAAAAAAACQAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAA"
    "AA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNw"
    "AAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFz"
    "wIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAIAAAAAEAAAAAAAAA"
    "Av///+AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAACxtZGF0AAAAICgBrxmA70mlv//f"
    "4x/19q/4pshf/7OOd9FbH+73A21v"
)


def halves(size: tuple[int, int] = (64, 32)) -> Image.Image:
    """Left half red, right half blue."""
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (size[0] // 2, 0, *size))
    return picture


def noise(size: tuple[int, int] = (300, 200)) -> Image.Image:
    """Every value by chance, always the same: nothing packs it."""
    values = np.random.default_rng(0).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    return Image.fromarray(values)


def written(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """The bytes of a picture's file."""
    file = io.BytesIO()
    # Copies: saving as JPEG leaves traces in a picture that spoil saving it as TIFF.
    if "append_images" in options:
        options["append_images"] = [each.copy() for each in options["append_images"]]
    picture.copy().save(file, kind, **options)
    return file.getvalue()


def corners() -> Image.Image:
    """48 x 32 px: red, blue, green and white from the top left to the bottom right."""
    picture = Image.new("RGB", (48, 32), "white")
    for place, color in (((0, 0), RED), ((24, 0), BLUE), ((0, 16), (30, 160, 30))):
        picture.paste(color, (*place, place[0] + 24, place[1] + 16))
    return picture


def pictures() -> dict[str, bytes]:
    """Good, bad and odd files that are dropped as pictures, by name."""
    return {**_turned(), **_deep(), **_kinds(), **_clear(), **_odd(), **_damaged(), **_strangers()}


def expected() -> Mapping[str, tuple[np.ndarray[Any, Any], float]]:
    """For the good ones the RGB values that they have to have, and how far off each may be."""
    flat = {name: (np.asarray(corners()), 40.0) for name in _turned()}
    exact, close = (np.asarray(halves()), 0.0), (np.asarray(halves()), 60.0)
    lossy = (
        "jpeg",
        "webp-lossy",
        "avif",
        "heic",
        "cmyk",
        "ycck",
        "mpo",
        "icc",
        "exif-64k",
        "trailing",
    )
    halved = {
        name: close if any(name.startswith(each) for each in lossy) else exact
        for name in [*_kinds(), "trailing-junk.jpg", "icc.jpg", "exif-64k.jpg", "wrong-name.jpg"]
        if "grey" not in name and "gif" not in name
    }
    ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    grey = np.dstack([ramp] * 3)
    return {**flat, **halved, **dict.fromkeys(_deep(), (grey, 0.0)), **_composited()}


def _turned() -> dict[str, bytes]:
    """One picture, stored in the eight ways that a camera can hold it, as JPEG and as PNG."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    found = {}
    for orientation in range(1, 9):
        stored = corners().transpose(undo[orientation]) if orientation > 1 else corners()
        exif = Image.Exif()
        exif[0x0112] = orientation
        found[f"turned-{orientation}.jpg"] = written(stored, "JPEG", quality=95, exif=exif)
        found[f"turned-{orientation}.png"] = written(stored, "PNG", exif=exif)
    return found


def _deep() -> dict[str, bytes]:
    """A ramp over 16 bits: every grey of 8 bits is to be there."""
    ramp = Image.fromarray((np.arange(256, dtype=np.uint16) * 257).reshape(16, 16))
    return {"ramp-16.png": written(ramp, "PNG"), "ramp-16.tif": written(ramp, "TIFF"),
            "ramp-16.pgm": written(ramp, "PPM")}  # fmt: skip


def _kinds() -> dict[str, bytes]:
    """One picture in every kind of file that is read."""
    whole, other = halves(), Image.new("RGB", (64, 32), "lime")
    frames: dict[str, Any] = {"save_all": True, "append_images": [other]}
    return {
        "jpeg.jpg": written(whole, "JPEG", quality=95),
        "jpeg-progressive.jpg": written(whole, "JPEG", quality=95, progressive=True),
        "jpeg-grey.jpg": written(whole.convert("L"), "JPEG"),
        "cmyk.jpg": written(whole.convert("CMYK"), "JPEG", quality=95),
        "ycck.jpg": _ycck(whole),
        "mpo.jpg": written(whole, "MPO", quality=95, **frames),
        "png.png": written(whole, "PNG"),
        "png-palette.png": written(whole.quantize(4), "PNG"),
        "png-animated.png": written(whole, "PNG", **frames),
        "webp-lossy.webp": written(whole, "WEBP", quality=95),
        "webp-lossless.webp": written(whole, "WEBP", lossless=True),
        "webp-lossy-animated.webp": written(whole, "WEBP", **frames),
        "gif.gif": written(whole, "GIF"),
        "gif-animated.gif": written(whole, "GIF", **frames),
        "bmp.bmp": written(whole, "BMP"),
        "tiff.tif": written(whole, "TIFF"),
        "tiff-lzw.tif": written(whole, "TIFF", compression="tiff_lzw"),
        "tiff-pages.tif": written(whole, "TIFF", **frames),
        "avif.avif": written(whole, "AVIF", quality=95),
        "heic.heic": HEIC,
        "ppm.ppm": written(whole, "PPM"),
    }


def _ycck(picture: Image.Image) -> bytes:
    """A JPEG in YCCK, as Photoshop writes it: CMYK written by Pillow, whose mark says YCCK."""
    inks = Image.eval(picture, lambda value: 255 - value)  # cyan, magenta, yellow; no black
    told = [Image.eval(each, lambda value: 255 - value) for each in inks.convert("YCbCr").split()]
    content = written(
        Image.merge("CMYK", [*told, Image.new("L", picture.size)]), "JPEG", quality=95
    )
    at = content.index(b"Adobe") + 11
    return content[:at] + b"\2" + content[at + 1 :]


def _clear() -> dict[str, bytes]:
    """Pictures that one can see through; they lie on white."""
    clear = Image.new("RGBA", (4, 4), (0, 0, 200, 0))
    clear.paste((0, 0, 200, 255), (0, 0, 2, 4))
    palette = Image.new("P", (4, 4), 1)
    palette.putpalette([0, 0, 200, 9, 9, 9])
    palette.paste(0, (0, 0, 2, 4))
    return {
        "clear-rgba.png": written(clear, "PNG"),
        "clear-rgba.webp": written(clear, "WEBP", lossless=True),
        "clear-palette.png": written(palette, "PNG", transparency=1),
        "clear-palette.gif": written(palette, "GIF", transparency=1),
        "clear-la.png": written(clear.convert("LA"), "PNG"),
        "clear-half.png": written(Image.new("LA", (4, 4), (0, 102)), "PNG"),
    }


def _composited() -> dict[str, tuple[np.ndarray[Any, Any], float]]:
    told = np.full((4, 4, 3), 255, np.uint8)
    told[:, :2] = (0, 0, 200)
    grey = np.full((4, 4, 3), 255, np.uint8)
    grey[:, :2] = 23  # of this blue; Source: ITU-R 601-2, as Pillow's convert
    half = np.full((4, 4, 3), 153, np.uint8)
    return {
        **{name: (told, 0.0) for name in _clear() if "rgba" in name or "palette" in name},
        "clear-la.png": (grey, 0.0),
        "clear-half.png": (half, 0.0),
    }


def _odd() -> dict[str, bytes]:
    """Whole pictures that are unusual."""
    whole, exif = halves(), Image.Exif()
    exif[0x010E], exif[0x9286] = "<script>alert(1)</script>", "x" * 60_000
    jpeg = written(whole, "JPEG", quality=95)
    return {
        "1x1.png": written(Image.new("RGB", (1, 1), RED), "PNG"),
        "1x5000.png": written(Image.new("RGB", (1, 5000), RED), "PNG"),
        "trailing-junk.jpg": jpeg + b"\0junk" * 1000,
        "icc.jpg": written(whole, "JPEG", quality=94, icc_profile=b"no profile" * 99),
        "exif-64k.jpg": written(whole, "JPEG", quality=93, exif=exif),
        "wrong-name.jpg": written(whole, "PNG", compress_level=1),
        "black-white.tif": written(whole.convert("1"), "TIFF", compression="group4"),
        "UPPER.JPG": written(whole, "JPEG", quality=92),
    }


def _damaged() -> dict[str, bytes]:
    """Pictures that something has happened to, and some that are made to do harm."""
    jpeg, png = written(noise(), "JPEG"), bytearray(written(noise(), "PNG"))
    broken, gif = bytearray(png), bytearray(written(halves(), "GIF"))
    at = png.index(b"IDAT")
    broken[at + 4 + 1000] ^= 255  # the content no longer has its checksum
    gif[6:10] = b"\xff\xff\xff\xff"
    return {
        "half.jpg": jpeg[: len(jpeg) // 2],
        "half.png": bytes(png[: len(png) // 2]),
        "half.webp": written(noise(), "WEBP")[:5000],
        "half.avif": written(noise(), "AVIF")[:3000],
        "half.heic": HEIC[:-20],
        "head-only.jpg": jpeg[:20],
        "bad-checksum.png": bytes(broken),
        "20000x10000.png": _bomb(20_000, 10_000),
        "claims-4-gigapixels.png": _bomb(65_000, 65_000),
        "claims-4-gigapixels.gif": bytes(gif),
        "empty.png": b"",
        "zeros.jpg": bytes(4000),
    }


def _bomb(width: int, height: int) -> bytes:
    """A tiny PNG of one colour that is vast when it is decoded."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        told = kind + content
        return struct.pack(">L", len(content)) + told + struct.pack(">L", zlib.crc32(told))

    packer = zlib.compressobj(9)
    row = bytes(1 + -(-width // 8))  # a bit a pixel
    packed = b"".join(packer.compress(row) for _ in range(min(height, 10_000))) + packer.flush()
    head = struct.pack(">2L5B", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


def _strangers() -> dict[str, bytes]:
    """What isn't a picture, or none that is read."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    whole = halves()
    return {
        "text.jpg": b"I am a text, whatever my name says.\n" * 40,
        "drawing.svg": svg,
        "drawing-named.png": b'<?xml version="1.0"?>\n' + svg,
        "page.jpg": b"<!DOCTYPE html><html><body>404</body></html>",
        "paper.pdf": written(whole, "PDF"),
        "print.eps": written(whole, "EPS"),
        "jpeg2000.jp2": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(80),
        "jpeg-xl.jxl": b"\xff\x0a" + bytes(80),
        "icon.ico": written(whole, "ICO"),
        "targa.tga": written(whole, "TGA"),
        "photoshop.psd": b"8BPS\0\1" + bytes(80),
        "film.mp4": b"\0\0\0\x20ftypisom" + bytes(80),
        "film.avi": b"RIFF\0\0\1\0AVI LIST" + bytes(80),
        "raw.cr2": b"II*\0\x10\0\0\0CR\2\0" + bytes(80),
        "office.docx": b"PK\3\4\x14\0\6\0" + bytes(80),
        "packed.rar": b"Rar!\x1a\7\1\0" + bytes(80),
        "packed.7z": b"7z\xbc\xaf\x27\x1c" + bytes(80),
        "program.png": b"MZ\x90\0" + bytes(80),
    }


def archives() -> dict[str, bytes]:
    """Good, bad and odd files that are dropped as a zip, by name."""
    return {**_zips(), **_lying_zips(), **_no_zips()}


def _two() -> list[Member]:
    return [Member(b"cat/1.png", written(halves(), "PNG")),
            Member(b"dog/2.png", written(corners(), "PNG"))]  # fmt: skip


def _named(name: bytes, flags: int = 0) -> list[Member]:
    return [*_two(), Member(name, written(noise((8, 8)), "PNG"), flags=flags)]


def _zips() -> dict[str, bytes]:
    """Whole ones whose members have odd names or kinds."""
    picture = written(noise((8, 8)), "PNG")
    link = Member(b"cat/link.png", b"/etc/passwd", method=0, attributes=0o120777 << 16)
    return {
        "plain.zip": made(_two()),
        "comment.zip": made(_two(), comment=b"taken in spring"),
        "before-it.zip": made(_two(), before=b"MZ" + bytes(3000)),
        "sizes-behind.zip": made([Member(b"cat/1.png", picture, descriptor=True), *_two()[1:]]),
        "absolute.zip": made(_named(b"/etc/passwd.png")),
        "drive.zip": made(_named(b"C:\\Windows\\3.png")),
        "upwards.zip": made(_named(b"../../../cat/3.png")),
        "link.zip": made([*_two(), link]),
        "twice.zip": made(_named(b"cat/1.png")),
        "letter-case.zip": made(_named(b"Cat/1.PNG")),
        "composed.zip": made(
            [*_named("café/3.png".encode(), 0x800),
             Member("cafe\u0301/3.png".encode(), picture + b"\0", flags=0x800)]
        ),
        "cp437.zip": made(_named("Hündchen/3.png".encode("cp437"))),
        "utf-8-unmarked.zip": made(_named("子犬/3.png".encode())),
        "gbk.zip": made(_named("小狗/图片.png".encode("gbk"))),
        "big5.zip": made(_named("小狗/圖片.png".encode("big5"))),
        "shift-jis.zip": made(_named("子犬/ねこ.png".encode("shift_jis"))),
        "no-name.zip": made(_named(b"")),
        "nul.zip": made(_named(b"cat/3.png\0.exe")),
        "deep.zip": made(_named(b"d/" * 30 + b"3.png")),
        "nested.zip": made([*_two(), Member(b"dog/in.zip", made(_two()))]),
        "nested-unnamed.zip": made([*_two(), Member(b"dog/in.png", made(_two()))]),
        "system-files.zip": made(
            [*_two(), Member(b"__MACOSX/cat/._1.png", b"x"), Member(b"cat/Thumbs.db", b"x"),
             Member(b".hidden/4.png", picture)]
        ),
        "packed-otherwise.zip": made([*_two(), Member(b"cat/3.png", b"?" * 40, method=14)]),
        "64-bit.zip": _sixty_four(),
        "only-folders.zip": made([Member(b"cat/"), Member(b"dog/")]),
        "nothing.zip": made([]),
    }  # fmt: skip


def _sixty_four() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for each in _two():
            with archive.open(zipfile.ZipInfo(each.name.decode()), "w", force_zip64=True) as member:
                member.write(each.content)
    return file.getvalue()


def _lying_zips() -> dict[str, bytes]:
    """Locked or damaged ones, and those that are made to do harm."""
    plain, vast = made(_two()), bytes(10**7)
    cat, dog = _two()
    return {
        "locked.zip": made([Member(cat.name, cat.content, flags=1), dog]),
        "one-file-bomb.zip": made([Member(b"cat/1.png", bytes(3 * 10**8))]),
        "many-files-bomb.zip": made([Member(b"cat/%d.png" % n, vast) for n in range(60)]),
        "overlapping-bomb.zip": overlapping(60, Member(b"cat/kernel.png", vast)),
        "same-place-bomb.zip": made([Member(b"cat/1.png", vast, at=0) for _ in range(60)]),
        "says-it-is-small.zip": made([Member(b"cat/1.png", vast, size=100), dog]),
        "says-it-is-vast.zip": made([Member(b"cat/1.png", cat.content, size=2**32 - 2), dog]),
        "says-it-is-larger.zip": made([Member(b"cat/1.png", cat.content, size=5000), dog]),
        "wrong-checksum.zip": made([Member(b"cat/1.png", cat.content, crc=7), dog]),
        "elsewhere.zip": made([Member(b"cat/1.png", cat.content, at=2**31), dog]),
        "too-many.zip": made([Member(b"c/%d" % n, method=0) for n in range(50_001)]),
        "says-it-holds-many.zip": made(_two(), count=65_535),
        "cut-off.zip": plain[: len(plain) // 2],
        "end-missing.zip": plain[:-10],
        "beginning-missing.zip": plain[10:],
    }


def _no_zips() -> dict[str, bytes]:
    """Other files that are called one."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        member = tarfile.TarInfo("cat/1.png")
        member.size = 9
        tar.addfile(member, io.BytesIO(b"a picture"))
    return {
        "tar.zip": file.getvalue(),
        "tgz.zip": gzip.compress(file.getvalue(), mtime=0),
        "7z.zip": b"7z\xbc\xaf\x27\x1c" + bytes(80),
        "rar.zip": b"Rar!\x1a\7\1\0" + bytes(80),
        "pdf.zip": b"%PDF-1.7\n" + bytes(80),
        "picture.zip": written(halves(), "PNG"),
        "text.zip": b"not a zip\n" * 9,
        "empty.zip": b"",
    }


def main() -> None:
    """Write all of them into a folder."""
    folder = Path(sys.argv[1])
    for kind, found in (("pictures", pictures()), ("archives", archives())):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for name, content in found.items():
            (folder / kind / name).write_bytes(content)
        print(f"{len(found)} {kind} in {folder / kind}")


if __name__ == "__main__":
    main()
