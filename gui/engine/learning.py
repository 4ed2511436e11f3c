"""A step of learning and a check, on the one device there is or on all of them together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gui.engine import devices, together
from gui.engine.checking import Check, checking
from gui.engine.model import Model
from gui.engine.optimizer import Adam, Summed

Learn = Callable[[NDArray[np.float32], NDArray[np.int64]], Mapping[str, float]]


@dataclass(frozen=True)
class Steps:
    """What can be done with a batch and its labels, whatever it is computed on.

    Attributes:
        learn: Takes a step; gives "loss" and "accuracy", means over this batch.
        check: Changes nothing; gives the loss and the answers.
    """

    learn: Learn
    check: Check


def compiled(learner: Model, rate: float) -> Steps:
    """Make a model ready to learn at a rate: its optimizer, and what takes its steps.

    Args:
        learner: Its variables come from ``devices.built``; which of them learn is settled.
        rate: The learning rate.
    """
    loss, several = "sparse_categorical_crossentropy", devices.several()
    with devices.scope():
        adam = Summed(rate) if several else Adam(rate)
        learner.compile(adam, loss, metrics=["accuracy"], jit_compile=False)
        learner.optimizer.build(learner.trainable_variables)
    if several:
        dealt = together.Together(learner, devices.mirrored())
        return Steps(dealt.learn, dealt.check)
    return Steps(
        lambda fed, labels: learner.train_on_batch(fed, labels, return_dict=True),
        checking(learner),
    )
