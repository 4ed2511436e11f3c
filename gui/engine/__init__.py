"""Everything with Keras. Imported by worker processes and the command line only, never by the page.

Importing this package sets what TensorFlow reads from the environment before it starts, and then
imports TensorFlow without its start-up notes, and without what nothing here asks of Keras.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

# Keras imports them where they are, to wrap its models for the one and to read tables of the other.
# Without them each process is ready after two thirds of the processor time, and is 90 MB smaller.
UNUSED: Final = ("pandas", "sklearn")


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Have no module of these names for a while, unless it is loaded already.

    Source: https://docs.python.org/3/reference/import.html#the-module-cache.
    """
    absent = [name for name in names if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def _import_tensorflow() -> None:
    """Import TensorFlow; what it writes to standard error is shown only if the import fails.

    Its notes on missing CUDA drivers come from C++ before any setting is read, and are no help to
    anyone here. Source: https://github.com/tensorflow/tensorflow/issues/100442
    """
    with tempfile.TemporaryFile() as held:
        standard_error = os.dup(2)
        os.dup2(held.fileno(), 2)
        try:
            with without(*UNUSED):
                import keras  # noqa: F401
                import tensorflow  # noqa: F401
        except BaseException:
            held.seek(0)
            os.write(standard_error, held.read())
            raise
        finally:
            os.dup2(standard_error, 2)
            os.close(standard_error)


_import_tensorflow()
