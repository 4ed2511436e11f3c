"""Small whole files of every kind, for fuzzing to begin with."""

import io
import tarfile
import zipfile

import numpy as np
from PIL import Image

from tests.corpus import HEIC, halves, noise, written


def pictures() -> list[bytes]:
    """A picture in each format that is read, in its main variants; all small."""
    small, loud = halves(), noise((40, 30))
    frames = {"save_all": True, "append_images": [Image.new("RGB", (64, 32), "lime")]}
    clear = Image.new("RGBA", (20, 16), (10, 200, 30, 90))
    deep = Image.fromarray(np.arange(0, 65536, 257, dtype=np.uint16).reshape(16, 16))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x9286] = 6, "a cat", "x" * 300
    found = [
        written(loud, "JPEG"), written(small, "JPEG", progressive=True, exif=exif),
        written(small.convert("CMYK"), "JPEG"), written(small.convert("L"), "JPEG"),
        written(small, "MPO", **frames), written(small, "JPEG", icc_profile=b"junk" * 60),
        written(small, "WEBP"), written(loud, "WEBP", lossless=True, exif=exif),
        written(clear, "WEBP"), written(small, "WEBP", **frames),
        written(small, "GIF"), written(small, "GIF", **frames), written(small, "BMP"),
        written(small.convert("1"), "BMP"), written(small.quantize(8), "BMP"),
        written(small, "TIFF"), written(deep, "TIFF"), written(clear, "TIFF"),
        *(written(loud, "TIFF", compression=each)
          for each in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg")),
        written(small.convert("1"), "TIFF", compression="group4"),
        written(small, "TIFF", exif=exif), written(small, "TIFF", **frames),
        written(small, "AVIF"), written(clear, "AVIF"), written(small, "AVIF", **frames), HEIC,
        written(small, "PPM"), written(small.convert("L"), "PPM"), written(deep, "PPM"),
        b"P3 2 1 255 1 2 3 4 5 6\n", b"P1 4 2 1 0 1 0 1 1 1 1\n",
        b"PF 1 1 -1.0\n" + b"\0\0\x80?" * 3,
        b"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n123",
    ]  # fmt: skip
    return [*found, *pngs()]


def pngs() -> list[bytes]:
    """The variants of PNG."""
    small, exif = halves(), Image.Exif()
    exif[0x0112] = 3
    deep = Image.fromarray(np.arange(0, 65536, 257, dtype=np.uint16).reshape(16, 16))
    frames = {"save_all": True, "append_images": [Image.new("RGB", (64, 32), "lime")]}
    return [
        written(noise((40, 30)), "PNG", exif=exif, icc_profile=b"junk" * 60),
        written(Image.new("RGBA", (20, 16), (10, 200, 30, 90)), "PNG"),
        written(Image.new("LA", (20, 16), (10, 90)), "PNG"),
        written(small.quantize(8), "PNG", transparency=1),
        written(small.quantize(8), "PNG", transparency=b"\x00\x80"),
        written(deep, "PNG"), written(small.convert("1"), "PNG"), written(small, "PNG", **frames),
    ]  # fmt: skip


def zips() -> list[bytes]:
    """Zips of a few small files: stored, deflated, with a comment, with 64-bit sizes."""
    found = []
    for kind in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", kind) as archive:
            archive.writestr("cat/1.png", written(halves(), "PNG"))
            archive.writestr("dog/猫.gif", written(halves(), "GIF"))
            with archive.open("dog/2.bmp", "w", force_zip64=True) as member:
                member.write(b"\0" * 5000)
            archive.comment = b"taken in spring"
        found.append(file.getvalue())
    return found


def tarballs() -> list[bytes]:
    """Packed tars, old and new, and one that isn't packed."""
    found = []
    for mode, form in (("w:gz", tarfile.PAX_FORMAT), ("w:gz", tarfile.GNU_FORMAT), ("w", 1)):
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode=mode, format=form) as tar:
            for name in ("flower_photos/daisy/1.jpg", "x" * 150 + "/猫.jpg", "LICENSE.txt"):
                member = tarfile.TarInfo(name)
                member.size = 3000
                tar.addfile(member, io.BytesIO(b"\xff\xd8\xff" * 1000))
        found.append(file.getvalue())
    return found
