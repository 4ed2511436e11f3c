"""How good the kept model is, on the pictures that were kept for checking."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gui.core import caching, vgg16
from gui.core.duration import CHECKED
from gui.engine.job import Job
from gui.engine.model import Model, after

_BATCH = 16
# Probabilities of the stored features and of the pictures themselves may differ by as much: the
# features are rounded to half precision, which moves a probability by a thousandth or two.
_TOLERANCE = 0.02

Answers = NDArray[np.float32]  # (n, classes), probabilities


def evaluate(job: Job, progress: Callable[[int], None] = lambda _: None) -> tuple[float, float]:
    """Mean cross-entropy and share of right answers on the validation pictures.

    The pictures have passed the frozen part already, so the answers come from what is stored. That
    the whole model says the same is checked on some of the pictures themselves; should it not, the
    whole model answers for every picture, and that counts.

    Args:
        job: Its model has the weights that are kept.
        progress: Called with the number of pictures that have just been answered.

    Returns:
        Loss (nats, 0 or more) and accuracy (0 to 1).
    """
    pictures, labels = job.validation.pictures, job.validation.labels
    if caching.worth_caching(job.config.model.freeze_point):
        answers = from_features(job)
        # They are in order of class: spread over all of them, so that each class is seen.
        some = np.linspace(0, len(pictures) - 1, min(CHECKED, len(pictures))).round().astype(int)
        checked = from_pictures(job, some.tolist(), progress)
        if np.abs(answers[some] - checked).max() <= _TOLERANCE:
            if left := len(pictures) - len(checked):
                progress(left)
            return score(answers, labels)
    return score(from_pictures(job, range(len(pictures)), progress), labels)


def from_features(job: Job) -> Answers:
    """What the learning part answers to the stored features of the validation pictures."""
    settings, pictures = job.config.model, job.validation.pictures
    place = vgg16.first_learning(settings.freeze_point)
    rows = job.features.rows(pictures, 0, place)
    learner = after(job.model, place, settings.image_size)
    return _answers(learner, rows.take, range(len(pictures)))


def from_pictures(job: Job, which: Sequence[int], progress: Callable[[int], None]) -> Answers:
    """What the whole model answers to some of the validation pictures, by their places."""

    def read(chosen: Sequence[int]) -> NDArray[np.uint8]:
        progress(len(chosen))
        return job.features.pixels([job.validation.pictures[place] for place in chosen])

    return _answers(job.model, read, which)


def score(answers: Answers, labels: NDArray[np.int64]) -> tuple[float, float]:
    """Loss and accuracy of answers."""
    truth = answers[np.arange(len(answers)), labels]
    # Source: keras.losses clips at this epsilon before the logarithm.
    loss = -np.log(np.clip(truth, 1e-7, 1.0)).mean()
    return float(loss), float((answers.argmax(axis=1) == labels).mean())


def _answers(
    model: Model, read: Callable[[Sequence[int]], NDArray[Any]], which: Sequence[int]
) -> Answers:
    found = []
    for start in range(0, len(which), _BATCH):
        batch = read(which[start : start + _BATCH]).astype(np.float32)
        found.append(model.predict_on_batch(batch))
    return np.concatenate(found)
