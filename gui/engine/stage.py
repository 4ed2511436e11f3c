"""One phase, ready to learn: the part of the model that is run, and what it is fed with."""

from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from gui.core import vgg16
from gui.core.events import Phase
from gui.core.runs import Run
from gui.engine import features
from gui.engine.features import Frozen, Views
from gui.engine.job import Job, Part
from gui.engine.journal import Countdown
from gui.engine.model import Model, after, freeze


@dataclass(frozen=True)
class Stage:
    """What a phase trains.

    Attributes:
        learner: A compiled model that shares the job's weights; it begins at the freeze point, or
            with the pictures when nothing is cached.
        rate: Its learning rate.
        train: What it learns from.
        validation: What it is checked with: plain views only.
    """

    learner: Model
    rate: float
    train: Views
    validation: Views


def prepare(job: Job, phase: Phase) -> Stage:
    """Cache what the phase needs, freeze, and compile.

    Raises:
        DiskFull: When there is no room for the cache.
        Stopped: When someone asked to stop meanwhile.
    """
    model, train = job.config.model, job.config.train
    point = vgg16.HEAD_ONLY if phase == "head" else vgg16.first_learning(model.freeze_point)
    rate = train.head_rate if phase == "head" else train.fine_rate
    if phase == "fine" and not features.worth_caching(model.freeze_point):
        learner = job.model
        fed = Views((job.train.images,)), Views((job.validation.images,))
    else:
        fed = _cached(job, phase, point)
        learner = after(job.model, point, model.image_size)
    freeze(job.model, vgg16.HEAD_ONLY if phase == "head" else model.freeze_point)
    learner.compile(
        keras.optimizers.Adam(rate),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
    )
    learner.optimizer.build(learner.trainable_variables)
    return Stage(learner, rate, *fed)


def _cached(job: Job, phase: Phase, point: str) -> tuple[Views, Views]:
    epochs = job.config.train.head_epochs if phase == "head" else job.config.train.epochs
    if point == vgg16.first_learning(job.config.model.freeze_point):
        epochs = job.config.train.epochs  # the only phase: the head has all epochs
    wanted = [(job.train, view) for view in range(min(job.config.train.views, epochs))]
    wanted.append((job.validation, 0))
    total = sum(
        len(part.images)
        for part, view in wanted
        for place in _places(job, point)
        if not _path(job.run, part, place, view).exists()
    )
    countdown = Countdown(job.journal, "caching", total)
    frozen = Frozen(job.model, job.config.model.image_size, job.config.train.seed)

    def progress(amount: int) -> None:
        job.stop_if_asked()
        countdown.advance(amount)

    def reaching(part: Part, view: int) -> NDArray[np.float16]:
        first, *rest = _places(job, point)
        path = _path(job.run, part, first, view)
        found = frozen.from_pictures(path, part.images, first, view, progress)
        for place in rest:
            path = _path(job.run, part, place, view)
            found = frozen.onwards(path, found, first, place, progress)
        return found

    found = [reaching(part, view) for part, view in wanted]
    return Views(tuple(found[:-1])), Views((found[-1],))


def _places(job: Job, point: str) -> list[str]:
    """Where outputs are stored on the way to ``point``: at the freeze point first, if cached."""
    own = vgg16.first_learning(job.config.model.freeze_point)
    return [own, point] if features.worth_caching(own) and own != point else [point]


def _path(run: Run, part: Part, point: str, view: int) -> Path:
    return run.features / f"{part.name}-{point}-{view}.npy"
