"""What an evaluation is worth, in sentences that a person understands who never heard of any of it.

All of these stand on the page; no number in them is rounded in the model's favour.
"""

import math
from collections.abc import Sequence

from gui.core.accuracy import Accuracy
from gui.core.comparing import RISK, sign_test
from gui.core.evaluation import Evaluation
from gui.core.metrics import Bin, ClassScore, Metrics
from gui.core.retraining import BeforeAfter

CHOSEN = (
    "The epoch that is kept was chosen on these same pictures, so expect a little less on new ones."
)
_FEW = 20  # pictures; one of them is 5 % or more


def headline(evaluation: Evaluation) -> str:
    """How often it is right, with the range and the number of pictures."""
    told = evaluation.metrics.accuracy
    if evaluation.side == "test":
        begin = f"On the {_pictures(told.pictures, 'test picture')}, which no choice has seen:"
        return f"{begin} {told.share_text}, most likely {told.range_text} ({_right(told)})."
    where = "kept for checking" if evaluation.side == "validation" else "that you gave"
    was = "was" if told.pictures == 1 else "were"
    return (
        f"{told.share_text}, most likely {told.range_text}: {told.right} of "
        f"{_pictures(told.pictures)} {where} {was} right."
    )


def caution(evaluation: Evaluation) -> str:
    """What to think of beside the number; "" when there is nothing."""
    notes = [CHOSEN] if evaluation.side == "validation" else []
    if evaluation.metrics.pictures < _FEW:
        few = _pictures(evaluation.metrics.pictures)
        notes.append(f"With only {few} the number is a rough guess: that is why the range is wide.")
    return " ".join(notes)


def found(score: ClassScore) -> str:
    """How many of a class's pictures were called so: its recall."""
    if not score.pictures:
        return "None of its pictures was checked."
    was = "was" if score.right == 1 else "were"
    return f"Of {score.pictures} “{score.label}”, {score.right} {was} called “{score.label}”."


def believed(score: ClassScore) -> str:
    """How many that were called so really are: its precision."""
    if not score.answered:
        return f"Nothing was called “{score.label}”."
    was = "was" if score.right == 1 else "were"
    return f"Of {score.answered} called “{score.label}”, {score.right} {was}."


def surer_than_right(metrics: Metrics) -> str:
    """Whether it is as often right as it is sure: its calibration, for a twelve-year-old."""
    told, sure = metrics.accuracy, _mean_confidence(metrics.calibration)
    if sure is None:
        return ""
    share = f"{math.floor(100 * min(sure, 0.999))} % sure"
    begin = f"On average it was {share} of its answers, and {told.share_text} of them were right"
    if sure > told.high:
        return (
            f"{begin} (most likely {told.range_text}): it is **surer than it should be**. "
            "Don't take its per cents at their word."
        )
    if sure < told.low:
        return (
            f"{begin} (most likely {told.range_text}): it is **more careful than it needs to be**. "
            "You can trust it a bit more than it does itself."
        )
    if told.pictures < _FEW:
        return f"{begin}. So few pictures can't tell whether that fits together."
    return (
        f"{begin}: **as often right as it is sure**, as far as {_pictures(told.pictures)} can tell."
    )


def changed(told: BeforeAfter) -> str:
    """Whether mending pictures helped, as far as the same pictures can tell."""
    mended, spoiled = len(told.mended), len(told.spoiled)
    same = f"the same {_pictures(told.pictures)} kept for checking"
    if not mended and not spoiled:
        return f"On {same} no answer became right or wrong."
    counts = f"Of {same}, {mended} became right and {spoiled} became wrong"
    if sign_test(mended, spoiled) >= RISK:
        return f"{counts}. That may be chance: so few pictures can't tell whether it is better."
    better = "your fixes helped" if mended > spoiled else "it is worse now"
    return f"{counts}. That is more than chance would bring: {better}."


def _mean_confidence(bins: Sequence[Bin]) -> float | None:
    """How sure the answers were on average, 0 to 1; None without any."""
    pictures = sum(each.pictures for each in bins)
    if not pictures:
        return None
    return sum(each.confidence * each.pictures for each in bins) / pictures


def _right(told: Accuracy) -> str:
    return f"{told.right} of {told.pictures} right"


def _pictures(number: int, what: str = "picture") -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
