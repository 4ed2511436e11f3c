"""Would more pictures help? What a learning curve says, and what it doesn't dare to say."""

from dataclasses import dataclass
from statistics import fmean
from typing import Final

from gui.core.comparing import RISK, sign_test
from gui.core.learning_curve import LearningCurve, Point
from gui.words import say

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


def headline(curve: LearningCurve) -> str:
    """Whether twice as many pictures made a difference, in a sentence."""
    half, whole = _half(curve), curve.points[-1]
    gain = _gain(curve, None)
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


def sentences(curve: LearningCurve) -> tuple[str, ...]:
    """One for each class; no more is claimed than the pictures allow."""
    gains = [_gain(curve, label) for label in range(len(curve.labels))]
    # As many questions as classes: each may be wrong that much less often.
    sure = [each for each in gains if each.mean > 0 and each.chance < RISK / len(gains)]
    most = max(sure, key=lambda each: each.mean, default=None)
    return tuple(
        _sentence(curve, label, gain, claimed=gain in sure, most=gain is most)
        for label, gain in enumerate(gains)
    )


def _sentence(curve: LearningCurve, label: int, gain: _Gain, *, claimed: bool, most: bool) -> str:
    name, half, whole = curve.labels[label], _half(curve), curve.points[-1]
    few, many = half.learned_from[label], whole.learned_from[label]
    if not gain.pictures:
        return say("“{label}”: none of its pictures was checked, so nobody can say.", label=name)
    if few == many:
        return say("“{label}”: it has too few pictures to learn from a part of them.", label=name)
    if curve.recalls(label)[-2:] == (1, 1):
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


def _half(curve: LearningCurve) -> Point:
    """The point with half of the pictures."""
    return min(curve.points, key=lambda each: abs(each.share - 0.5))


def _gain(curve: LearningCurve, label: int | None) -> _Gain:
    """What all pictures brought over half of them, of a class or of all."""
    half, whole = _half(curve).right, curve.points[-1].right
    gains = [
        fmean(each[place] for each in whole) - fmean(each[place] for each in half)
        for place, truth in enumerate(curve.truths)
        if label in (None, truth)
    ]
    up, down = sum(each > 0 for each in gains), sum(each < 0 for each in gains)
    return _Gain(fmean(gains) if gains else 0.0, len(gains), sign_test(up, down))
