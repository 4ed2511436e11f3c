"""Adam, with one fused operation a variable.

Keras's own Adam writes its moments and the update as a dozen operations, each with a copy of the
variable: with the 151 million weights of the classic head that is most of a step, and gigabytes.
TensorFlow has the same formula as one operation that works in place.
"""

import math
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from gui.engine import devices


class Adam(keras.optimizers.Adam):  # type: ignore[misc]
    """Keras's Adam with its state, its names and its numbers; only the arithmetic is fused.

    Source: tensorflow/core/kernels/training_ops.cc, ApplyAdam; the formula before section 2.1 of
    https://arxiv.org/abs/1412.6980, which Keras uses, too.
    """

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Correct one variable, as Keras's own method does."""
        kind = variable.dtype
        # The kernel subtracts the rounded betas from 1, Keras rounds what is left: 5e-5 apart for
        # the second one. The moments carry a constant factor for that, which is taken out here.
        first = (1 - float(np.float32(self.beta_1))) / float(np.float32(1 - self.beta_1))
        second = math.sqrt(
            (1 - float(np.float32(self.beta_2))) / float(np.float32(1 - self.beta_2))
        )
        place = self._get_variable_index(variable)
        step = tf.cast(self.iterations + 1, kind)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[place].value.handle,
            v=self._velocities[place].value.handle,
            beta1_power=tf.cast(self.beta_1, kind) ** step,
            beta2_power=tf.cast(self.beta_2, kind) ** step,
            lr=tf.cast(learning_rate, kind) * tf.cast(second / first, kind),
            beta1=tf.cast(self.beta_1, kind),
            beta2=tf.cast(self.beta_2, kind),
            epsilon=tf.cast(self.epsilon * second, kind),
            grad=tf.cast(gradient, kind),
        )

    def release(self) -> None:
        """Give the memory of both moments back; the optimizer is of no use any more.

        TensorFlow keeps every traced function for the life of the process, and with it the
        variables that it reads. Source: tests/engine/test_optimizer.py shows it.
        """
        for moment in (*self._momentums, *self._velocities):
            for copy in devices.copies(moment):
                tf.raw_ops.AssignVariableOp(
                    resource=copy.handle, value=tf.zeros(0, moment.dtype), validate_shape=False
                )


class Summed(Adam):
    """For several devices and gradients that are summed over them already.

    Keras sums only after it has looked at whether they are numbers, on the first device alone.
    """

    def _all_reduce_sum_gradients(self, grads_and_vars: Any) -> list[Any]:
        return list(grads_and_vars)
