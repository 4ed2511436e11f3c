"""Arrays on disk: rows of .npy files, memory-mapped, and archives of named arrays."""

import mmap
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from gui.core.errors import RunError, disk_full
from gui.words import mark

_READ_BYTES = 2**20

Shape = tuple[int, ...]


def write_header(file: BinaryIO, shape: Shape, dtype: np.dtype[Any]) -> None:
    """Write what a .npy file begins with; as long for any number of rows.

    Source: numpy.lib.format leaves room for 21 digits of the first axis.
    """
    descr = np.lib.format.dtype_to_descr(dtype)
    header = {"descr": descr, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, header)


def is_whole(path: Path, shape: Shape) -> bool:
    """Whether a .npy file is there, of that shape, and as long as it has to be.

    Raises:
        OSError: When nobody can say, as it can't be read now.
    """
    try:
        with path.open("rb") as file:
            stored, dtype, start = read_header(file)
        whole = start + int(np.prod(stored)) * dtype.itemsize
        return stored == shape and path.stat().st_size == whole
    except (FileNotFoundError, ValueError, SyntaxError):
        return False


def crc32(path: Path) -> int:
    """Checksum of the bytes of a .npy file's rows.

    Raises:
        OSError or ValueError: When it can't be read.
    """
    found = 0
    with path.open("rb") as file:
        read_header(file)
        while content := file.read(_READ_BYTES):
            found = zlib.crc32(content, found)
    return found


class Mapped:
    """A .npy file, memory-mapped and read-only."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            shape, dtype, start = read_header(file)
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        count = int(np.prod(shape))
        self._rows = np.frombuffer(self._map, dtype, count, start).reshape(shape)

    def row(self, place: int) -> NDArray[Any]:
        """A row, not copied."""
        return np.asarray(self._rows[place])

    def let_go(self) -> None:
        """Hold no page any more; the system keeps them as long as there is room.

        Linux maps up to 2 MB around each place that is read: over an epoch, the whole file.
        """
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)


def read_header(file: IO[bytes]) -> tuple[Shape, np.dtype[Any], int]:
    """Shape, dtype and where the rows begin; ValueError for any other kind of file."""
    version = np.lib.format.read_magic(file)
    if version != (1, 0):
        raise ValueError(f"version {version}")
    shape, fortran, dtype = np.lib.format.read_array_header_1_0(file)
    if fortran:
        raise ValueError("columns first")
    return shape, dtype, file.tell()


def save(path: Path, named: Iterable[tuple[str, Callable[[], NDArray[Any]]]]) -> None:
    """Write named arrays to one .npz file, in one step, with one of them in memory at a time.

    Args:
        path: The file.
        named: Each array's name, and what gives the array.

    Raises:
        DiskFull: When there is no room.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        with disk_full():
            with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
                for name, give in named:
                    with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                        np.lib.format.write_array(file, give(), allow_pickle=False)
            with temporary.open("rb") as file:
                os.fsync(file.fileno())  # a power cut must not leave the name without the content
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def is_sound(path: Path) -> bool:
    """Whether every array in a .npz file is as it was written."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error):
        return False


@contextmanager
def load(path: Path) -> Iterator[Callable[[str], NDArray[Any]]]:
    """Open what :func:`save` wrote.

    Yields:
        A function that reads one array by its name.

    Raises:
        RunError: When the file is damaged, or has no array of a name that is asked for.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            yield stored.__getitem__
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise RunError(
            mark("“{name}” is damaged.", name=path.name), mark("Start a new training.")
        ) from error
