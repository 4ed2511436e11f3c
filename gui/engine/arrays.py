"""Arrays on disk: .npy files that are whole or absent, and archives of named arrays."""

import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gui.core.errors import RunError, disk_full

Shape = tuple[int, ...]


@contextmanager
def create(
    path: Path, shape: Shape, dtype: np.dtype[Any]
) -> Iterator[Callable[[NDArray[Any]], None]]:
    """Write a .npy file row by row; it gets its name only when every row is in.

    Rows are written, not memory-mapped: on a full disk a write fails with an error that can be
    told, a mapped page kills the process.

    Yields:
        A function that appends rows of shape (k, *shape[1:]).

    Raises:
        DiskFull: When there is no room.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    try:
        with disk_full():
            with temporary.open("wb") as file:
                header = {
                    "descr": np.lib.format.dtype_to_descr(dtype),
                    "fortran_order": False,
                    "shape": shape,
                }
                np.lib.format.write_array_header_1_0(file, header)
                yield lambda rows: _write(file, np.ascontiguousarray(rows, dtype))
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _write(file: Any, rows: NDArray[Any]) -> None:
    file.write(rows.data)


def open_array(path: Path, shape: Shape) -> NDArray[Any]:
    """Open a .npy file, memory-mapped and read-only.

    Raises:
        RunError: When its shape is another one.
    """
    array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    if array.shape != shape:
        raise RunError(f"“{path.name}” holds {array.shape}, not {shape}.", "Start a new training.")
    return array


def save(path: Path, named: Mapping[str, NDArray[Any]]) -> None:
    """Write named arrays to one .npz file, in one step.

    Raises:
        DiskFull: When there is no room.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        with disk_full():
            with temporary.open("wb") as file:
                np.savez(file, allow_pickle=False, **named)
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def load(path: Path, only: Collection[str] | None = None) -> dict[str, NDArray[Any]]:
    """Read what :func:`save` wrote, or only some of it.

    Raises:
        RunError: When the file is damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in only or stored.files}
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise RunError(f"“{path.name}” is damaged.", "Start a new training.") from error
