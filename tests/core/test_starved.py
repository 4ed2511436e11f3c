"""What is said for want of memory is told from what is said for other reasons."""

import pytest

from gui.core import starved


@pytest.mark.parametrize(
    "text",
    [
        "terminate called after throwing an instance of 'std::bad_alloc'\n  what(): std::bad_alloc",
        "ImportError: /x/onnx_cpp2py_export.so: failed to map segment from shared object",
        "libtensorflow_cc.so.2: cannot allocate memory in static TLS block",
        "OSError: [Errno 12] Cannot allocate memory",
        "numpy._core._exceptions._ArrayMemoryError: Unable to allocate 98.0 MiB for an array",
        "RuntimeError: can't start new thread",
        "F tensorflow/tsl/platform/default/env.cc:74] Check failed: ret == 0 (11 vs. 0)Thread "
        "tf_foreach creation via pthread_create() failed.",
        "OpenBLAS blas_thread_init: pthread_create failed for thread 1 of 2",
        "OpenBLAS error: Memory allocation still failed after 10 retries, giving up.",
        "libgomp: Thread creation failed: Resource temporarily unavailable",
        "OOM when allocating tensor with shape[25088,4096]",
        "[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : bad allocation",
    ],
)
def test_want_of_memory(text: str) -> None:
    assert starved.said(f"something before\n{text}\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ImportError: libGL.so.1: cannot open shared object file: No such file or directory",
        "OSError: [Errno 28] No space left on device",
        "oneDNN custom operations are on. Rebuild with flags to use other memory formats.",
        "ValueError: shapes (3, 4) and (5, 6) not aligned",
    ],
)
def test_other_reasons(text: str) -> None:
    assert not starved.said(text)
