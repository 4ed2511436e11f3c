"""What the head learns, trained anew on a part of the pictures and on all of them.

``learning_curve.json`` of a run holds one; a worker writes it, see ``gui.engine.learning_curve``.
What it says about more pictures is ``core.more_pictures``.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from gui.core import files, run_files
from gui.core.accuracy import Accuracy

SHARES: Final = (0.25, 0.5, 0.75, 1.0)  # of the training pictures of each class

Answers = tuple[tuple[bool, ...], ...]  # for each seed, for each picture: whether it was right


@dataclass(frozen=True)
class Point:
    """What was learned from one share of the pictures.

    Attributes:
        share: Of the training pictures, above 0 and up to 1.
        learned_from: For each class how many pictures that is.
        right: For each seed, for each validation picture, in the order of the split, whether the
            answer was right.
    """

    share: float
    learned_from: tuple[int, ...]
    right: Answers

    @property
    def pictures(self) -> int:
        """How many pictures were learned from."""
        return sum(self.learned_from)

    @property
    def accuracies(self) -> tuple[float, ...]:
        """For each seed the share of validation pictures that were right, 0 to 1."""
        return tuple(fmean(each) for each in self.right)

    @property
    def mean(self) -> float:
        """Mean accuracy over the seeds, 0 to 1."""
        return fmean(self.accuracies)

    @property
    def low(self) -> float:
        """Lower end of the range, 0 to 1: that of the pictures, or the worst seed."""
        return min(_accuracy(self.mean, self._asked, math.floor).low, *self.accuracies)

    @property
    def high(self) -> float:
        """Upper end of the range, 0 to 1: that of the pictures, or the best seed."""
        return max(_accuracy(self.mean, self._asked, math.ceil).high, *self.accuracies)

    @property
    def _asked(self) -> int:
        return len(self.right[0])


@dataclass(frozen=True)
class LearningCurve:
    """What the head learns from fewer pictures than there are.

    Attributes:
        labels: Class names, in the model's order.
        truths: For each validation picture the place of its class.
        points: From the smallest share to all pictures; all are asked the same pictures.
        tuned: Whether VGG16 learned, too, in this training. Then the pictures are seen as the kept
            model sees them, which has learned from all of them; only the head is trained anew, so
            the true curve may be steeper.
    """

    labels: tuple[str, ...]
    truths: tuple[int, ...]
    points: tuple[Point, ...]
    tuned: bool

    def recalls(self, label: int) -> tuple[float | None, ...]:
        """For each point the mean share of a class's pictures that were right, 0 to 1."""
        places = [place for place, truth in enumerate(self.truths) if truth == label]
        if not places:
            return tuple(None for _ in self.points)
        return tuple(
            fmean(each[place] for each in point.right for place in places) for point in self.points
        )


def part(share: float, pictures: int) -> int:
    """How many of a class's pictures a share of them is; one at least where there is one."""
    return math.ceil(share * pictures)


def save(curve: LearningCurve, path: Path) -> None:
    """Write a curve to a JSON file in one step.

    Raises:
        DiskFull: When there is no room; an older file stays.
    """
    files.write_json(path, to_json(curve))


def to_json(curve: LearningCurve) -> dict[str, object]:
    """The curve as plain values for JSON."""
    points = [
        {
            "share": each.share,
            "learned_from": each.learned_from,
            "right": ["".join("01"[one] for one in seed) for seed in each.right],
        }
        for each in curve.points
    ]
    value = {"labels": curve.labels, "truths": curve.truths, "points": points}
    return {"version": 1, **value, "tuned": curve.tuned}


def load(path: Path) -> LearningCurve:
    """The curve in a file that :func:`save` wrote; a stranger's file may hold anything.

    Raises:
        RunError: When it isn't there or holds anything else.
    """
    return from_json(run_files.read(path))


def from_json(value: object) -> LearningCurve:
    """The curve that :func:`to_json` wrote.

    Raises:
        RunError: When the value is anything else.
    """
    with run_files.whole():
        stored = files.version_1(value)
        labels = tuple(files.text(each) for each in stored["labels"])
        truths = tuple(_count(each) for each in stored["truths"])
        points = tuple(_point(each, len(labels), len(truths)) for each in stored["points"])
        shares = [each.share for each in points]
        if max(truths) >= len(labels) or len(points) < 2 or shares != sorted(set(shares)):
            raise ValueError("no curve")
        return LearningCurve(labels, truths, points, stored["tuned"] is True)


def _point(stored: dict[str, Any], classes: int, pictures: int) -> Point:
    share = float(stored["share"])
    learned_from = tuple(_count(each) for each in stored["learned_from"])
    right = tuple(tuple("01".index(one) == 1 for one in seed) for seed in stored["right"])
    whole = right and all(len(each) == pictures for each in right)
    if not 0 < share <= 1 or len(learned_from) != classes or not whole:
        raise ValueError("no point of a curve")
    return Point(share, learned_from, right)


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!r} is no count")
    return value


def _accuracy(share: float, pictures: int, rounded: Any) -> Accuracy:  # noqa: ANN401 - floor, ceil
    """The accuracy with a whole number of right pictures."""
    # The mean of whole numbers may be missed by a hair in floats.
    return Accuracy(rounded(round(share * pictures, 6)), pictures)
