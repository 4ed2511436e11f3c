"""Twelve of the pictures kept for checking, whose answers are told after every epoch.

Which ones they are follows from the split alone, so a run needs to keep the answers only.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gui.core.events import Epoch
from gui.core.split import Labelled, Split

MOST = 12


@dataclass(frozen=True)
class Answer:
    """What a pinned picture was called after an epoch.

    Attributes:
        epoch: Counted from 1.
        label: Place in the split's labels.
        confidence: Its probability, 0 to 1.
    """

    epoch: int
    label: int
    confidence: float


@dataclass(frozen=True)
class Pinned:
    """A pinned picture with its answers, an epoch each, in order."""

    picture: Labelled
    answers: tuple[Answer, ...]

    def right(self, epoch: int) -> bool:
        """Whether it was called what it is after that epoch; False when nothing is known of it."""
        return any(
            each.epoch == epoch and each.label == self.picture.label for each in self.answers
        )


def places(split: Split) -> NDArray[np.int64]:
    """Places of the pinned pictures among the split's validation pictures, class by class.

    Every class in turn gives one more until there are twelve. Within a class the digest decides:
    neighbours by name are often the same thing twice. Stored answers hang on this order, so it must
    never change.
    """
    waiting: dict[int, list[int]] = defaultdict(list)
    pictures = split.validation
    for place in sorted(range(len(pictures)), key=lambda each: pictures[each].sha256, reverse=True):
        waiting[pictures[place].label].append(place)
    chosen: list[int] = []
    while len(chosen) < MOST and any(waiting.values()):
        for label in sorted(waiting):
            if waiting[label] and len(chosen) < MOST:
                chosen.append(waiting[label].pop())
    chosen.sort(key=lambda each: (pictures[each].label, pictures[each].sha256))
    return np.array(chosen, np.int64)


def told(probabilities: NDArray[np.float32]) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """The answers and their confidences, as an epoch's event holds them.

    Args:
        probabilities: float32 (pinned, classes), in the order of :func:`places`.
    """
    answers = probabilities.argmax(axis=1)
    sure = np.clip(probabilities.max(axis=1), 0.0, 1.0)
    return tuple(map(int, answers)), tuple(round(float(each), 4) for each in sure)


def followed(split: Split, epochs: Sequence[Epoch]) -> tuple[Pinned, ...]:
    """The pinned pictures of a run with their answers; none when no epoch tells any."""
    pictures = [split.validation[place] for place in places(split)]
    known = [each for each in epochs if _fits(each, len(pictures), len(split.labels))]
    if not known:
        return ()
    return tuple(
        Pinned(
            picture,
            tuple(
                Answer(each.epoch, each.answers[place], each.confidences[place]) for each in known
            ),
        )
        for place, picture in enumerate(pictures)
    )


def _fits(epoch: Epoch, pictures: int, classes: int) -> bool:
    """Whether an epoch's answers are for these pictures; a stranger's file may say anything."""
    return (
        len(epoch.answers) == len(epoch.confidences) == pictures > 0
        and all(0 <= each < classes for each in epoch.answers)
        and all(0 <= each <= 1 for each in epoch.confidences)
    )
