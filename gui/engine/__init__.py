"""Everything with Keras. Imported by worker processes and the command line only, never by the page.

Importing this package sets what TensorFlow reads from the environment before it starts, and then
imports TensorFlow without its start-up notes.
"""

import os
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")


def _import_tensorflow() -> None:
    """Import TensorFlow; what it writes to standard error is shown only if the import fails.

    Its notes on missing CUDA drivers come from C++ before any setting is read, and are no help to
    anyone here. Source: https://github.com/tensorflow/tensorflow/issues/100442
    """
    with tempfile.TemporaryFile() as held:
        standard_error = os.dup(2)
        os.dup2(held.fileno(), 2)
        try:
            import tensorflow  # noqa: F401
        except BaseException:
            held.seek(0)
            os.write(standard_error, held.read())
            raise
        finally:
            os.dup2(standard_error, 2)
            os.close(standard_error)


_import_tensorflow()
