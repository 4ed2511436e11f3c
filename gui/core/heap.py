"""Memory that is freed goes back to the system, where glibc is.

It would keep most: each thread gets a heap of its own, of which only the end is ever given back,
and the more was once freed in one piece, the larger the pieces that go onto these heaps. A page
that thirty people use grows by a hundred megabytes in two hours then, with nothing in them.

Source: mallopt(3), malloc_trim(3).
"""

import ctypes
import sys
from typing import Final

_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1  # glibc's malloc.h
_ARENAS: Final = 2
_LARGE_BYTES: Final = 256 * 1024  # a row of a picture or a frame of a chart is less, the rest more


def keep_small() -> bool:
    """Have few heaps, and large pieces outside of them; before there are threads.

    Returns:
        Whether that is so; False where another library than glibc hands out memory.
    """
    set_to = {
        _ARENA_MAX: _ARENAS,
        _MMAP_THRESHOLD: _LARGE_BYTES,
        _TRIM_THRESHOLD: _LARGE_BYTES,
    }
    try:
        mallopt = _library().mallopt
    except (OSError, AttributeError):
        return False
    return all(mallopt(name, value) for name, value in set_to.items())


def give_back() -> bool:
    """Give back what is free in the middle of a heap, too; returns whether there was any."""
    try:
        return bool(_library().malloc_trim(0))
    except (OSError, AttributeError):
        return False


def _library() -> ctypes.CDLL:
    """The library that hands out memory.

    Raises:
        OSError: Where there is none that is known.
    """
    if sys.platform != "linux":
        raise OSError(sys.platform)
    return ctypes.CDLL(None)
