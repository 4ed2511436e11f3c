"""What programs and libraries say when they are given no memory."""

import re
from typing import Final

# Each as its source prints it: the C++ runtime; the C library, whose loader maps libraries; Python
# and NumPy; TensorFlow and ONNX Runtime; OpenBLAS and the runtime of OpenMP, which start threads;
# HDF5. A thread that can't be started lacks room for its stack.
_SAID: Final = re.compile(
    r"bad_alloc|bad allocation"
    r"|out of memory|cannot allocate|failed to map segment|cannot map zero-fill"
    r"|MemoryError|unable to allocate|can't start new thread"
    r"|OOM when|failed to allocate|ResourceExhausted|RESOURCE_EXHAUSTED"
    r"|memory allocation (?:still )?failed|pthread_create\S* failed|thread creation failed",
    re.IGNORECASE,
)


def said(text: str) -> bool:
    """Whether a message, or the end of what a process has printed, says that memory was lacking."""
    return _SAID.search(text) is not None
