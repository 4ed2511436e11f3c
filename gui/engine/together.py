"""Several devices take a step together, and it is the step that one of them would have taken.

Keras's own steps under a ``tf.distribute`` strategy leave a device without pictures when a batch is
short, and let each device draw its own chance. Here:

- A batch is dealt out in equal shares. What lacks is filled up with copies of its last row, which
  count nothing: every row has a weight, 1/n of the batch's n rows and 0 of a copy. So the loss and
  the gradients, summed over the devices, are means over the whole batch, whatever its size.
- Chance is drawn for the whole batch. Augmentation, which is far less work than the layers after
  it, is done before the batch is dealt out; each device draws what dropout takes from all rows and
  uses its own share of that.
- Gradients are summed before anyone looks at whether they are numbers, so that with half precision
  all devices take a step, or none does.
"""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gui.core import vgg16
from gui.engine.model import Model

_SUM = tf.distribute.ReduceOp.SUM


class Together:
    """The steps of one model whose variables are on every device."""

    def __init__(self, learner: Model, strategy: Any) -> None:
        self._learner, self._strategy = learner, strategy
        names = [each.name for each in learner.layers]
        prepares = vgg16.PREPARATION in names
        self._prepare: Any = learner.get_layer(vgg16.PREPARATION) if prepares else None
        self._dealt = _dealt(learner, self._prepare)
        self._prepared = tf.function(self._whole, reduce_retracing=True)
        self._learned = tf.function(self._step, reduce_retracing=True)
        self._checked = tf.function(self._judge, reduce_retracing=True)

    def learn(self, fed: NDArray[np.float32], labels: NDArray[np.int64]) -> Mapping[str, float]:
        """Learn from a batch; its mean loss, and the share of it that was answered right."""
        loss, right = self._learned(*self._deal(fed, labels, training=True))
        return {"loss": float(loss), "accuracy": float(right)}

    def check(
        self, fed: NDArray[np.float32], labels: NDArray[np.int64]
    ) -> tuple[float, NDArray[np.float32]]:
        """The mean loss of a batch and its answers, float32 (n, classes); nothing is learned."""
        loss, answers = self._checked(*self._deal(fed, labels, training=False))
        return float(loss), np.asarray(answers)[: len(labels)]

    def _whole(self, fed: tf.Tensor, training: bool) -> tf.Tensor:
        return self._prepare(fed, training=training)

    def _deal(
        self, fed: NDArray[Any], labels: NDArray[np.int64], *, training: bool
    ) -> tuple[Any, ...]:
        """Each device's share of a batch, of its labels, and of what each row counts."""
        if self._prepare is not None:
            fed = self._prepared(tf.convert_to_tensor(fed), training).numpy()
        count = self._strategy.num_replicas_in_sync
        rows = -(-len(labels) // count)
        lacking = rows * count - len(labels)
        counts = np.full(len(labels), 1 / len(labels), np.float32)

        def shares(values: NDArray[Any], filling: NDArray[Any]) -> Any:
            if lacking:
                values = np.concatenate([values, np.repeat(filling, lacking, axis=0)])
            with tf.device("CPU"):  # from there each goes to its own device
                parts = [tf.constant(values[n * rows : (n + 1) * rows]) for n in range(count)]
            return self._strategy.experimental_distribute_values_from_function(
                lambda context: parts[context.replica_id_in_sync_group]
            )

        nothing = np.zeros(1, np.float32)
        return shares(fed, fed[-1:]), shares(labels, labels[-1:]), shares(counts, nothing)

    def _step(self, fed: Any, labels: Any, counts: Any) -> tuple[tf.Tensor, tf.Tensor]:
        optimizer, variables = self._learner.optimizer, self._learner.trainable_variables

        def share(fed: tf.Tensor, labels: tf.Tensor, counts: tf.Tensor) -> Any:
            with tf.GradientTape() as tape:
                loss, answers = self._answer(fed, labels, counts, training=True)
                scaled = optimizer.scale_loss(loss)
            device = tf.distribute.get_replica_context()
            gradients = device.all_reduce(_SUM, tape.gradient(scaled, variables))
            optimizer.apply_gradients(zip(gradients, variables, strict=True))
            right = tf.equal(tf.argmax(answers, axis=1), labels)
            return loss, tf.reduce_sum(tf.cast(right, tf.float32) * counts)

        told = self._strategy.run(share, args=(fed, labels, counts))
        loss, right = (self._strategy.reduce(_SUM, each, axis=None) for each in told)
        return loss, right

    def _judge(self, fed: Any, labels: Any, counts: Any) -> tuple[tf.Tensor, tf.Tensor]:
        def share(fed: tf.Tensor, labels: tf.Tensor, counts: tf.Tensor) -> Any:
            return self._answer(fed, labels, counts, training=False)

        losses, answers = self._strategy.run(share, args=(fed, labels, counts))
        each = self._strategy.experimental_local_results(answers)
        return self._strategy.reduce(_SUM, losses, axis=None), tf.concat(each, axis=0)

    def _answer(
        self, fed: tf.Tensor, labels: tf.Tensor, counts: tf.Tensor, *, training: bool
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """What a device's share adds to the loss of the batch, and its answers."""
        answers = self._dealt(fed, training=training)
        losses = keras.losses.sparse_categorical_crossentropy(labels, answers)
        return tf.reduce_sum(losses * counts), answers


def _dealt(learner: Model, prepare: Model | None) -> Model:
    """The layers that each device runs on its own share, with the learner's weights."""
    before = prepare.output if prepare else learner.input
    values = given = keras.Input(before.shape[1:])
    for layer in learner.layers:
        if layer is not prepare and not isinstance(layer, keras.layers.InputLayer):
            dropped = isinstance(layer, keras.layers.Dropout)
            values = (_Share(layer) if dropped else layer)(values)
    return keras.Model(given, values)


class _Share(keras.layers.Layer):  # type: ignore[misc]
    """What a dropout layer does to a whole batch, done to one device's share of it."""

    def __init__(self, whole: Any) -> None:
        super().__init__(name=whole.name, dtype=whole.dtype_policy)
        self._whole = whole

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
        if not training:
            return inputs
        device, rows = tf.distribute.get_replica_context(), tf.shape(inputs)[0]
        kept = tf.ones((rows * device.num_replicas_in_sync, *inputs.shape[1:]), inputs.dtype)
        kept = self._whole(kept, training=True)  # 0, or what the others are multiplied by instead
        first = rows * device.replica_id_in_sync_group
        return inputs * kept[first : first + rows]
