"""Adam, with one fused operation a variable.

Keras's own Adam writes its moments and the update as a dozen operations, each with a copy of the
variable: with the 151 million weights of the classic head that is most of a step, and gigabytes.
TensorFlow has the same formula as one operation that works in place.
"""

from typing import Any

import keras
import tensorflow as tf


class Adam(keras.optimizers.Adam):  # type: ignore[misc]
    """Keras's Adam with its state, its names and its numbers; only the arithmetic is fused.

    Source: tensorflow/core/kernels/training_ops.cc, ApplyAdam; the formula before section 2.1 of
    https://arxiv.org/abs/1412.6980, which Keras uses, too.
    """

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Correct one variable, as Keras's own method does."""
        kind = variable.dtype
        place = self._get_variable_index(variable)
        step = tf.cast(self.iterations + 1, kind)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[place].value.handle,
            v=self._velocities[place].value.handle,
            beta1_power=tf.cast(self.beta_1, kind) ** step,
            beta2_power=tf.cast(self.beta_2, kind) ** step,
            lr=tf.cast(learning_rate, kind),
            beta1=tf.cast(self.beta_1, kind),
            beta2=tf.cast(self.beta_2, kind),
            epsilon=tf.cast(self.epsilon, kind),
            grad=tf.cast(gradient, kind),
        )

    def release(self) -> None:
        """Give the memory of both moments back; the optimizer is of no use any more.

        TensorFlow keeps every traced function for the life of the process, and with it the
        variables that it reads. Source: tests/engine/test_optimizer.py shows it.
        """
        for moment in (*self._momentums, *self._velocities):
            tf.raw_ops.AssignVariableOp(
                resource=moment.value.handle, value=tf.zeros(0, moment.dtype), validate_shape=False
            )
