"""The head by itself, trained again and again on what reaches it, each time from the beginning."""

import math
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gui.core.config import Config, TrainSettings
from gui.engine.model import head_layers, set_chance
from gui.engine.optimizer import Adam

Rows = NDArray[np.floating]  # (n, numbers), what reaches the head's first layer with weights
Labels = NDArray[np.int64]  # (n,)


@dataclass(frozen=True)
class Known:
    """What the head is given.

    Attributes:
        views: Of the training pictures, the plain view first.
        labels: Of the training pictures.
        validation: Of the validation pictures.
        truths: Of the validation pictures.
    """

    views: tuple[Rows, ...]
    labels: Labels
    validation: Rows
    truths: Labels


class Learner:
    """One head, trained again and again from another beginning; it is traced once."""

    def __init__(self, config: Config, classes: int, known: Known) -> None:
        self._head, self._classes = config.model.head, classes
        self._settings: TrainSettings = config.train
        self._known = known
        self._model = self._new(config.train.seed)
        self._optimizer: Any = Adam(config.train.head_rate)
        self._optimizer.build(self._model.trainable_variables)
        self._loss = keras.losses.SparseCategoricalCrossentropy()
        width = known.validation.shape[1]
        fed = (tf.TensorSpec((None, width), tf.float32), tf.TensorSpec((None,), tf.int64))
        self._learn = tf.function(self._steps, input_signature=fed)
        self._check = tf.function(self._checked, input_signature=fed)

    def train(self, chosen: NDArray[np.int64], seed: int) -> NDArray[np.bool_]:
        """Train on some of the pictures, from the beginning; see ``training.train``.

        Returns:
            Which validation pictures the best epoch has right.
        """
        self._begin(seed)
        known, given = self._known, self._settings
        checked = known.validation.astype(np.float32), known.truths
        stretch = self._steps_of(len(known.labels)) / self._steps_of(len(chosen))
        epochs, patience = round(given.epochs * stretch), round(given.patience * stretch)
        best, best_epoch, right = math.inf, 0, np.zeros(len(known.truths), np.bool_)
        for epoch in range(1, epochs + 1):
            order = chosen[np.random.default_rng((seed, epoch)).permutation(len(chosen))]
            set_chance(self._model, seed, epoch)
            self._learn(self._fed(order, epoch), known.labels[order])
            loss, answers = self._check(*checked)
            if float(loss) < best:
                best, best_epoch = float(loss), epoch
                right = answers.numpy().argmax(axis=1) == known.truths
            elif patience and epoch - best_epoch >= patience:
                break
        return right

    def release(self) -> None:
        """Give back the memory that only training needs."""
        self._optimizer.release()

    def _begin(self, seed: int) -> None:
        """The weights that this seed begins with, and an optimizer that has seen nothing."""
        self._model.set_weights(self._new(seed).get_weights())
        for each in self._optimizer.variables:
            if each is not self._optimizer.learning_rate:
                each.assign(tf.zeros_like(each.value))

    def _new(self, seed: int) -> Any:
        inputs = keras.Input((self._known.validation.shape[1],))
        return keras.Sequential([inputs, *head_layers(self._head, self._classes, seed)[1:]])

    def _steps_of(self, pictures: int) -> int:
        return math.ceil(pictures / self._settings.batch_size)

    def _fed(self, order: NDArray[np.int64], epoch: int) -> NDArray[np.float32]:
        """Each picture in the view that is its turn in this epoch, as in ``stage.Views``."""
        views = self._known.views
        fed = np.empty((len(order), views[0].shape[1]), np.float32)
        for view, rows in enumerate(views):
            places = np.flatnonzero((epoch + order) % len(views) == view)
            fed[places] = rows[order[places]]
        return fed

    def _steps(self, fed: Any, labels: Any) -> None:
        """One epoch: fed float32 (n, numbers), labels int64 (n,)."""
        size, variables = self._settings.batch_size, self._model.trainable_variables
        for start in tf.range(0, tf.shape(fed)[0], size):
            with tf.GradientTape() as tape:
                answers = self._model(fed[start : start + size], training=True)
                loss = self._loss(labels[start : start + size], answers)
            self._optimizer.apply(tape.gradient(loss, variables), variables)

    def _checked(self, fed: Any, labels: Any) -> tuple[Any, Any]:
        answers = self._model(fed, training=False)
        return self._loss(labels, answers), answers
