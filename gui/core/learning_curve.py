"""Would more pictures help? The head, trained anew on a part of the pictures and on all of them.

``learning_curve.json`` of a run holds one; a worker writes it, see ``gui.engine.learning_curve``.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from gui.core import files, run_files
from gui.core.accuracy import Accuracy
from gui.core.comparing import RISK, sign_test
from gui.words import say

SHARES: Final = (0.25, 0.5, 0.75, 1.0)  # of the training pictures of each class

_HEADLINE_WORDS: Final = {
    "chance": "With {pictures:,} pictures instead of {half:,} to learn from, {now} were right "
    "instead of {before}. That may be chance, so whether more pictures would help is open.",
    "helps": "With {pictures:,} pictures instead of {half:,} to learn from, {now} were right "
    "instead of {before}: more pictures are likely to help further.",
    "useless": "With {pictures:,} pictures instead of {half:,} to learn from, {now} were right "
    "instead of {before}: more pictures of this kind don't help.",
}
_GAIN_WORDS: Final = {
    "more": "from {few} to {many} pictures, on average {number} more of {n} were right",
    "fewer": "from {few} to {many} pictures, on average {number} fewer of {n} were right",
    "same": "from {few} to {many} pictures, on average as many of {n} were right",
}

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

    @property
    def headline(self) -> str:
        """Whether twice as many pictures made a difference, in a sentence."""
        half, whole = self._half, self.points[-1]
        gain = self._gain(None)
        if gain.chance >= RISK:
            worth = "chance"
        elif gain.mean > 0:
            worth = "helps"
        else:
            worth = "useless"
        return say(
            _HEADLINE_WORDS[worth],
            pictures=whole.pictures,
            half=half.pictures,
            now=f"{100 * whole.mean:.1f} %",
            before=f"{100 * half.mean:.1f} %",
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """One for each class; no more is claimed than the pictures allow."""
        gains = [self._gain(label) for label in range(len(self.labels))]
        # As many questions as classes: each may be wrong that much less often.
        sure = [each for each in gains if each.mean > 0 and each.chance < RISK / len(gains)]
        most = max(sure, key=lambda each: each.mean, default=None)
        return tuple(
            self._sentence(label, gain, claimed=gain in sure, most=gain is most)
            for label, gain in enumerate(gains)
        )

    def _sentence(self, label: int, gain: "_Gain", *, claimed: bool, most: bool) -> str:
        name, half, whole = self.labels[label], self._half, self.points[-1]
        few, many = half.learned_from[label], whole.learned_from[label]
        if not gain.pictures:
            return say(
                "“{label}”: none of its pictures was checked, so nobody can say.", label=name
            )
        if few == many:
            return say(
                "“{label}”: it has too few pictures to learn from a part of them.", label=name
            )
        if self.recalls(label)[-2:] == (1, 1):
            return say(
                "“{label}”: all {n} that were checked were right already, so these can't show "
                "whether more would help.",
                label=name,
                n=gain.pictures,
            )
        told = gain.words(few, many)
        if not claimed:
            return say(
                "“{label}”: {told}; that may be chance, too few were checked to tell.",
                label=name,
                told=told,
            )
        return say(
            "More “{label}” pictures help most: {told}."
            if most
            else "More “{label}” pictures help: {told}.",
            label=name,
            told=told,
        )

    @property
    def _half(self) -> Point:
        """The point with half of the pictures."""
        return min(self.points, key=lambda each: abs(each.share - 0.5))

    def _gain(self, label: int | None) -> "_Gain":
        """What all pictures brought over half of them, of a class or of all."""
        half, whole = self._half.right, self.points[-1].right
        gains = [
            fmean(each[place] for each in whole) - fmean(each[place] for each in half)
            for place, truth in enumerate(self.truths)
            if label in (None, truth)
        ]
        up, down = sum(each > 0 for each in gains), sum(each < 0 for each in gains)
        return _Gain(fmean(gains) if gains else 0.0, len(gains), sign_test(up, down))


@dataclass(frozen=True)
class _Gain:
    """What changed from one point to another.

    Attributes:
        mean: Of the share of right answers, over pictures and seeds, -1 to 1.
        pictures: How many were asked.
        chance: How likely chance alone moves as many pictures one way.
    """

    mean: float
    pictures: int
    chance: float

    def words(self, few: int, many: int) -> str:
        """What came of so many pictures instead of so few."""
        number = f"{abs(self.mean) * self.pictures:.1f}".removesuffix(".0")
        if number == "0":
            changed = "same"
        elif self.mean > 0:
            changed = "more"
        else:
            changed = "fewer"
        return say(_GAIN_WORDS[changed], few=few, many=many, number=number, n=self.pictures)


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
