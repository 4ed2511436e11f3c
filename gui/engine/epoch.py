"""One epoch: learn from every training picture once, then check."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gui.core.events import Batch
from gui.engine.job import Job
from gui.engine.model import set_chance
from gui.engine.stage import Stage


def learn(job: Job, ready: Stage, epoch: int, last_epoch: int) -> tuple[float, float]:
    """Loss and accuracy while learning, over the views shown in this epoch; dropout is on.

    Raises:
        Stopped: When someone asked to stop.
    """
    size, seed, labels = job.config.train.batch_size, job.config.train.seed, job.train.labels
    order = np.random.default_rng((seed, epoch)).permutation(len(labels))
    batches = math.ceil(len(order) / size)
    set_chance(ready.learner, seed, epoch)
    cold = job.journal.history.phases[-1].epoch == epoch  # its first step also builds what it runs
    timed_from, mean = job.journal.now(), _Mean()
    for batch in range(batches):
        job.stop_if_asked()
        chosen = order[batch * size : (batch + 1) * size]
        fed = ready.train.batch(chosen, epoch)
        mean.add(len(chosen), ready.steps.learn(fed, labels[chosen]))
        now = job.journal.now()
        if cold and not batch:
            timed_from = now
        left = batches * (last_epoch - epoch + 1) - (batch + 1)
        timed = batch + 1 - cold
        eta_s = (now - timed_from) / timed * left if timed else None
        job.journal.write(Batch(now, epoch, batch + 1, batches, eta_s))
    return mean.loss, mean.accuracy


@dataclass(frozen=True)
class Checked:
    """What came of the validation pictures.

    Attributes:
        loss: Mean cross-entropy.
        accuracy: Share of them answered right, 0 to 1.
        probabilities: float32 (n, classes), the answers in the order of the split.
    """

    loss: float
    accuracy: float
    probabilities: NDArray[np.float32]


def check(job: Job, ready: Stage) -> Checked:
    """What it makes of the validation pictures, which are never learned from.

    Raises:
        Stopped: When someone asked to stop.
    """
    size, labels = job.config.train.batch_size, job.validation.labels
    mean, told = _Mean(), list[NDArray[np.float32]]()
    for start in range(0, len(labels), size):
        job.stop_if_asked()
        chosen = np.arange(start, min(start + size, len(labels)))
        fed = ready.validation.batch(chosen, 0)
        loss, probabilities = ready.steps.check(fed, labels[chosen])
        right = float(np.mean(probabilities.argmax(axis=1) == labels[chosen]))
        mean.add(len(chosen), {"loss": loss, "accuracy": right})
        told.append(probabilities)
    return Checked(mean.loss, mean.accuracy, np.concatenate(told))


class _Mean:
    """Loss and accuracy over the pictures of several batches.

    They are told for the one batch only.
    """

    def __init__(self) -> None:
        self._pictures, self._loss, self._right = 0, 0.0, 0.0

    def add(self, pictures: int, batch: Mapping[str, float]) -> None:
        self._pictures += pictures
        self._loss += float(batch["loss"]) * pictures
        self._right += float(batch["accuracy"]) * pictures

    @property
    def loss(self) -> float:
        return self._loss / self._pictures

    @property
    def accuracy(self) -> float:
        return self._right / self._pictures
