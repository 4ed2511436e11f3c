"""What an evaluation is worth, in sentences that a person understands who never heard of any of it.

All of these stand on the page; no number in them is rounded in the model's favour.
"""

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from gui.core.comparing import RISK, sign_test
from gui.core.evaluation import Evaluation, Side
from gui.core.met import CHOSEN
from gui.core.metrics import Bin, ClassScore, Metrics
from gui.core.retraining import BeforeAfter
from gui.words import joined, say

_FEW = 20  # pictures; one of them is 5 % or more
# For each side, of one picture and of several.
_HEADLINE_WORDS: Final[Mapping[Side, tuple[str, str]]] = MappingProxyType(
    {
        "test": (
            "On the 1 test picture, which no choice has seen: {share}, most likely {range} "
            "({right} of {n} right).",
            "On the {n} test pictures, which no choice has seen: {share}, most likely {range} "
            "({right} of {n} right).",
        ),
        "validation": (
            "{share}, most likely {range}: {right} of 1 picture kept for checking was right.",
            "{share}, most likely {range}: {right} of {n} pictures kept for checking were right.",
        ),
        "given": (
            "{share}, most likely {range}: {right} of 1 picture that you gave was right.",
            "{share}, most likely {range}: {right} of {n} pictures that you gave were right.",
        ),
    }
)
_SURE_WORDS: Final = {
    "surer": "On average it was {sure} % sure of its answers, and {share} of them were right (most "
    "likely {range}): it is **surer than it should be**. Don't take its per cents at their word.",
    "careful": "On average it was {sure} % sure of its answers, and {share} of them were right "
    "(most likely {range}): it is **more careful than it needs to be**. You can trust it a bit "
    "more than it does itself.",
    "few": "On average it was {sure} % sure of its answers, and {share} of them were right. So few "
    "pictures can't tell whether that fits together.",
    "fits": "On average it was {sure} % sure of its answers, and {share} of them were right: **as "
    "often right as it is sure**, as far as {n} pictures can tell.",
}


def headline(evaluation: Evaluation) -> str:
    """How often it is right, with the range and the number of pictures."""
    told = evaluation.metrics.accuracy
    one, several = _HEADLINE_WORDS[evaluation.side]
    template = one if told.pictures == 1 else several
    return say(
        template,
        share=told.share_text,
        range=told.range_text,
        right=told.right,
        n=told.pictures,
    )


def caution(evaluation: Evaluation) -> str:
    """What to think of beside the number; "" when there is nothing."""
    chosen = say(CHOSEN) if evaluation.side == "validation" else ""
    pictures, few = evaluation.metrics.pictures, ""
    if pictures < _FEW:
        few = say(
            "With only 1 picture the number is a rough guess: that is why the range is wide."
            if pictures == 1
            else "With only {n} pictures the number is a rough guess: that is why the range is "
            "wide.",
            n=pictures,
        )
    return joined(chosen, few)


def found(score: ClassScore) -> str:
    """How many of a class's pictures were called so: its recall."""
    if not score.pictures:
        return say("None of its pictures was checked.")
    return say(
        "Of {n} “{label}”, {right} was called “{label}”."
        if score.right == 1
        else "Of {n} “{label}”, {right} were called “{label}”.",
        n=score.pictures,
        label=score.label,
        right=score.right,
    )


def believed(score: ClassScore) -> str:
    """How many that were called so really are: its precision."""
    if not score.answered:
        return say("Nothing was called “{label}”.", label=score.label)
    return say(
        "Of {n} called “{label}”, {right} was."
        if score.right == 1
        else "Of {n} called “{label}”, {right} were.",
        n=score.answered,
        label=score.label,
        right=score.right,
    )


def surer_than_right(metrics: Metrics) -> str:
    """Whether it is as often right as it is sure: its calibration, for a twelve-year-old."""
    told, sure = metrics.accuracy, _mean_confidence(metrics.calibration)
    if sure is None:
        return ""
    if sure > told.high:
        how = "surer"
    elif sure < told.low:
        how = "careful"
    else:
        how = "few" if told.pictures < _FEW else "fits"
    return say(
        _SURE_WORDS[how],
        sure=math.floor(100 * min(sure, 0.999)),
        share=told.share_text,
        range=told.range_text,
        n=told.pictures,
    )


def changed(told: BeforeAfter) -> str:
    """Whether mending pictures helped, as far as the same pictures can tell."""
    mended, spoiled = len(told.mended), len(told.spoiled)
    one = told.pictures == 1
    if not mended and not spoiled:
        return say(
            "On the same 1 picture kept for checking no answer became right or wrong."
            if one
            else "On the same {n} pictures kept for checking no answer became right or wrong.",
            n=told.pictures,
        )
    counts = say(
        "Of the same 1 picture kept for checking, {mended} became right and {spoiled} became wrong."
        if one
        else "Of the same {n} pictures kept for checking, {mended} became right and {spoiled} "
        "became wrong.",
        n=told.pictures,
        mended=mended,
        spoiled=spoiled,
    )
    if sign_test(mended, spoiled) >= RISK:
        worth = say("That may be chance: so few pictures can't tell whether it is better.")
    else:
        worth = say(
            "That is more than chance would bring: your fixes helped."
            if mended > spoiled
            else "That is more than chance would bring: it is worse now."
        )
    return joined(counts, worth)


def _mean_confidence(bins: Sequence[Bin]) -> float | None:
    """How sure the answers were on average, 0 to 1; None without any."""
    pictures = sum(each.pictures for each in bins)
    if not pictures:
        return None
    return sum(each.confidence * each.pictures for each in bins) / pictures
