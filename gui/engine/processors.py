"""What this process computes with: how many processors, or a graphics processor if there is one.

All that differs with a GPU hangs on what is decided here: half precision, larger passes, TensorFlow
for the frozen part. How several of them share the work is in ``devices``. There was none to test
it on, so it is what Keras and TensorFlow recommend.
"""

import keras
import tensorflow as tf

from gui.core.machine import processors as usable
from gui.engine import devices

__all__ = ["has_gpu", "limit_threads", "together", "usable"]


def limit_threads() -> None:
    """Let TensorFlow use as many threads as there are usable processors, always computing alike.

    On a GPU, it takes memory as it needs it and multiplies in half precision.
    Source: https://www.tensorflow.org/guide/gpu and keras.io/api/mixed_precision.

    Raises:
        RuntimeError: When TensorFlow has computed something already.
    """
    tf.get_logger().setLevel("ERROR")  # warns of a second batch size, which every last batch has
    tf.config.threading.set_intra_op_parallelism_threads(usable())
    tf.config.threading.set_inter_op_parallelism_threads(2)
    tf.config.experimental.enable_op_determinism()  # same seed, same curve
    for device in tf.config.list_physical_devices("GPU"):
        tf.config.experimental.set_memory_growth(device, enable=True)
        keras.mixed_precision.set_global_policy("mixed_float16")


def has_gpu() -> bool:
    """Whether TensorFlow sees a graphics processor that it can compute on."""
    return bool(tf.config.list_physical_devices("GPU"))


def together() -> int:
    """How many pictures pass the frozen part between two looks at whether someone said stop."""
    return (64 if has_gpu() else 8) * len(devices.found())
