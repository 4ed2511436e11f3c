import tensorflow as tf

from gui.engine import processors


def test_tensorflow_is_told() -> None:
    assert tf.config.threading.get_intra_op_parallelism_threads() == processors.usable()
    # Source: tensorflow/python/framework/config.py, the getter beside enable_op_determinism.
    from tensorflow.python.framework import config

    assert config.is_op_determinism_enabled()
