"""An evaluation's measures as the values that the page's tables take."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gui.core import trust
from gui.core.accuracy import Accuracy
from gui.core.metrics import ClassScore, Metrics
from gui.words import say


def table(metrics: Metrics, *, opens: bool) -> dict[str, Any]:
    """The value of the table of classes; with ``opens``, each can show its training pictures."""
    rows = [_row(place, each) for place, each in enumerate(metrics.classes)]
    return {"scores": rows, "opens": opens}


def cells(metrics: Metrics, chosen: Sequence[int] | None = None) -> dict[str, Any]:
    """The value of the table of what was taken for what."""
    labels = [each.label for each in metrics.classes]
    value = {"labels": labels, "counts": [list(row) for row in metrics.confusion]}
    return {**value, "chosen": list(chosen)} if chosen else value


def share(told: Accuracy, text: str) -> dict[str, Any]:
    """A share with its range, as the tables draw it."""
    return {
        "share": told.share,
        "low": told.low,
        "high": told.high,
        "text": text,
        "low_text": told.low_text,
        "high_text": told.high_text,
    }


def _row(place: int, score: ClassScore) -> dict[str, Any]:
    recall, precision = score.recall_range, score.precision_range
    found, believed = trust.found(score), trust.believed(score)
    return {
        "id": place,
        "name": score.label,
        "learned": score.learned_from,
        "checked": score.pictures,
        "found": share(recall, found) if recall else found,
        "believed": share(precision, believed) if precision else believed,
        "balance": _balance(score),
    }


def _balance(score: ClassScore) -> dict[str, Any] | str:
    ends = score.f1_range
    if score.f1 is None or ends is None:
        return say("It was neither there nor named.")
    low, high = ends
    return {
        "share": score.f1,
        "low": low,
        "high": high,
        "text": _percent(math.floor(1000 * score.f1 + 1e-9)),
        "low_text": _percent(math.floor(1000 * low)),
        "high_text": _percent(math.ceil(1000 * high)),
    }


def _percent(per_mille: int) -> str:
    return f"{per_mille / 10:.1f} %"
