"""One pass over a batch that is checked gives its loss and the answers themselves.

Keras's ``test_on_batch`` gives the loss only, and asking again for the answers would be a second
pass over every picture.
"""

from collections.abc import Callable

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gui.engine.model import Model

Check = Callable[[NDArray[np.float32], NDArray[np.int64]], tuple[float, NDArray[np.float32]]]


def checking(learner: Model) -> Check:
    """A function from a batch and its labels to its mean loss and float32 (n, classes) answers.

    Nothing is learned and dropout is off. The loss is the one that the learner was compiled with,
    in a graph, as Keras does: there it is taken before the softmax, which loses no small number.
    """

    @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]
    def judged(fed: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        answers = learner(fed, training=False)
        return learner.compute_loss(fed, labels, answers, training=False), answers

    def check(
        fed: NDArray[np.float32], labels: NDArray[np.int64]
    ) -> tuple[float, NDArray[np.float32]]:
        loss, answers = judged(tf.convert_to_tensor(fed), tf.convert_to_tensor(labels))
        return float(loss), np.asarray(answers)

    return check
