"""The finished model as TensorFlow's SavedModel, zipped."""

import errno
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import tensorflow as tf

from gui.engine.model import Model


def write(model: Model, path: Path, extra: Mapping[str, str]) -> None:
    """Write the zip: a folder ``savedmodel`` that ``tf.saved_model.load`` takes.

    Keras's own export writes every weight twice; here each is in it once.

    Args:
        model: From pictures of any size, float32 (n, rows, columns, 3), RGB 0-255, to
            probabilities, float32 (n, classes). That is what ``serve`` and "serving_default" do.
        path: The zip.
        extra: Text files by name, for the folder's ``assets.extra``, which is made for them.
            Source: https://www.tensorflow.org/guide/saved_model, "The SavedModel format on disk".

    Raises:
        OSError: When it can't be written.
    """
    module = tf.Module()
    module.weights = [each.value for each in model.variables]
    module.serve = tf.function(
        lambda pictures: model(pictures, training=False),
        input_signature=[tf.TensorSpec((None, None, None, 3), tf.float32, name="pictures")],
    )
    named = tf.function(
        lambda pictures: {"probabilities": module.serve(pictures)},
        input_signature=module.serve.input_signature,
    )
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        saved = Path(folder, "savedmodel")
        _save(module, saved, named)
        (saved / "assets.extra").mkdir()
        for name, text in extra.items():
            (saved / "assets.extra" / name).write_text(text, encoding="utf-8")
        with zipfile.ZipFile(path, "w") as archive:
            for each in sorted(saved.rglob("*")):
                archive.write(each, each.relative_to(folder))


def _save(module: tf.Module, folder: Path, answer: object) -> None:
    """Save it; TensorFlow's own error for a full disk becomes the system's."""
    try:
        tf.saved_model.save(module, str(folder), signatures={"serving_default": answer})
    except tf.errors.ResourceExhaustedError as error:
        full = os.strerror(errno.ENOSPC)
        if full in str(error):
            raise OSError(errno.ENOSPC, full) from error
        raise
