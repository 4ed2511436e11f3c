"""One phase, ready to learn: the part of the model that is run, and what it is fed with."""

from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gui.core import caching, vgg16
from gui.core.events import Phase
from gui.engine import learning
from gui.engine.job import Job, Part
from gui.engine.learning import Steps
from gui.engine.model import Model, after, freeze
from gui.engine.shelf import Rows


@dataclass(frozen=True)
class Views:
    """What the learning part is trained on: rows for each view, in the order of the split.

    Attributes:
        rows: View 0 (plain) first; float16 of what reaches the freeze point, or uint8 pictures when
            nothing is cached.
    """

    rows: tuple[Rows, ...]

    def batch(self, indices: NDArray[np.int64], epoch: int) -> NDArray[np.float32]:
        """The rows of a batch, float32; which view each comes from changes with the epoch."""
        shown = (epoch + indices) % len(self.rows)  # for each row of the batch its view
        batch: NDArray[np.float32] | None = None
        for view, rows in enumerate(self.rows):
            places = np.flatnonzero(shown == view)
            if len(places):
                found = rows.take(indices[places])
                if batch is None:
                    batch = np.empty((len(indices), *found.shape[1:]), np.float32)
                batch[places] = found
        if batch is None:
            raise ValueError("a batch without rows")
        return batch


@dataclass(frozen=True)
class Stage:
    """What a phase trains.

    Attributes:
        learner: A compiled model that shares the job's weights; it begins at the freeze point, or
            with the pictures when nothing is cached.
        rate: Its learning rate.
        train: What it learns from.
        validation: What it is checked with: plain views only.
        steps: What it does with a batch of these.
    """

    learner: Model
    rate: float
    train: Views
    validation: Views
    steps: Steps

    @property
    def sound(self) -> bool:
        """Whether everything that learns is still a number.

        The loss alone doesn't tell: on some processors TensorFlow's fused layers make 0 of what is
        no number, and a network that has lost all it knew seems to go on.
        """
        return all(
            bool(tf.math.is_finite(tf.reduce_sum(each.value)))
            for each in self.learner.trainable_variables
        )

    def release(self) -> None:
        """Give back the memory that only training needs; nothing can be learned afterwards."""
        optimizer = self.learner.optimizer
        getattr(optimizer, "inner_optimizer", optimizer).release()  # Keras wraps it on a GPU


def prepare(job: Job, phase: Phase) -> Stage:
    """Freeze, compile, and find what the phase is fed with."""
    model, train = job.config.model, job.config.train
    rate = train.head_rate if phase == "head" else train.fine_rate
    if phase == "fine" and not caching.worth_caching(model.freeze_point):
        learner = job.model
        fed = [
            Views((job.features.pixel_rows(part.pictures),)) for part in (job.train, job.validation)
        ]
    else:
        place = vgg16.HEAD_ONLY if phase == "head" else vgg16.first_learning(model.freeze_point)
        learner = after(job.model, place, model.image_size)
        fed = [
            _views(job, job.train, place, caching.views(job.config)),
            _views(job, job.validation, place, 1),
        ]
    freeze(job.model, vgg16.HEAD_ONLY if phase == "head" else model.freeze_point)
    steps = learning.compiled(learner, rate)
    learned_from, checked_with = fed
    return Stage(learner, rate, learned_from, checked_with, steps)


def _views(job: Job, part: Part, place: str, count: int) -> Views:
    """The stored views of one side of the split at a place, the plain one first."""
    return Views(tuple(job.features.rows(part.pictures, view, place) for view in range(count)))
