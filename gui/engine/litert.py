"""The finished model as a LiteRT file, its numbers as short as asked."""

import io
import warnings
import zipfile
from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gui.core import vgg16
from gui.engine.model import Model, after

Precision = Literal["float32", "float16", "int8"]


def build(
    model: Model, size_px: int, precision: Precision, examples: Iterable[NDArray[np.uint8]] = ()
) -> bytes:
    """The file's content.

    Args:
        model: A finished model of the functional style, from pictures to probabilities.
        size_px: Side of the square that every picture has been squeezed into.
        precision: How the numbers are kept. "float16" computes in float32 all the same; "int8"
            computes in whole numbers throughout and takes and gives float32.
        examples: For "int8": pictures, uint8 (size_px, size_px, 3), RGB 0-255, that tell how large
            the values get between the layers.

    Returns:
        A model from float32 (1, size_px, size_px, 3), RGB 0-255, to float32 (1, classes),
        probabilities. Its signature, "serving_default", calls them "pictures" and "probabilities".
    """
    module = _module(model, size_px)
    answer = module.answer.get_concrete_function()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([answer], module)
    if precision != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if precision == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if precision == "int8":
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.representative_dataset = lambda: (
            [each[None].astype(np.float32)] for each in examples
        )
    with warnings.catch_warnings():
        # It warns that no statistics were given by hand: the examples make them.
        warnings.simplefilter("ignore")
        content: bytes = converter.convert()
    return content


def with_files(content: bytes, files: dict[str, str]) -> bytes:
    """The same file with text files in it.

    They are a zip behind the model, which LiteRT never reads and any zip program opens.
    Source: https://ai.google.dev/edge/litert/models/metadata, "Zip the associated files".
    """
    whole = io.BytesIO(content)
    with zipfile.ZipFile(whole, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return whole.getvalue()


def _module(model: Model, size_px: int) -> Any:
    """The model for one picture.

    Its weights are left variables: had they been made constants, the converter would take twice the
    memory and nearly three times as long.
    """
    learner = after(model, vgg16.NAMES[0], size_px)
    mean = np.array(vgg16.MEAN_BGR, np.float32)
    shape = tf.TensorSpec((1, size_px, size_px, 3), tf.float32, name="pictures")

    module = tf.Module()
    module.weights = [each.value for each in learner.variables]
    module.answer = tf.function(
        lambda pictures: {"probabilities": learner(pictures[..., ::-1] - mean, training=False)},
        input_signature=[shape],
    )
    return module
