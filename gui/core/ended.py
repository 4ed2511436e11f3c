"""What is said of a training that has ended: its score, its epoch, and how long it took."""

import math
from typing import Literal

from gui.core.accuracy import Accuracy
from gui.core.events import Evaluated, Planned
from gui.core.history import History
from gui.core.time_span import duration
from gui.words import say

# For one epoch and for several, each where a second was planned and where more were.
_HELD_WORDS = {
    ("last", True): (
        "For the last epoch, {planned} was planned; it took {took}.",
        "For the last epoch, {planned} were planned; it took {took}.",
    ),
    ("last", False): (
        "For the last {n} epochs, {planned} was planned; it took {took}.",
        "For the last {n} epochs, {planned} were planned; it took {took}.",
    ),
    ("ran", True): (
        "For the one epoch it ran, {planned} was planned; it took {took}.",
        "For the one epoch it ran, {planned} were planned; it took {took}.",
    ),
    ("ran", False): (
        "For the {n} epochs it ran, {planned} was planned; it took {took}.",
        "For the {n} epochs it ran, {planned} were planned; it took {took}.",
    ),
}


def score(evaluated: Evaluated) -> str:
    """An accuracy with its pictures and its range, see :attr:`Accuracy.full_text`."""
    if evaluated.pictures < 1:  # only a damaged file says so
        return say("no pictures checked")
    right = round(min(1.0, max(0.0, evaluated.accuracy)) * evaluated.pictures)
    return Accuracy(right, evaluated.pictures).full_text


def compared(history: History) -> str:
    """What was planned for as many epochs as it went on for, and what it took; "" if unknown."""
    measured, planned = history.measured, history.planned
    if measured is None:
        return ""
    took = duration(measured.seconds)
    if not measured.epochs:
        return say("Checking and saving it took {took}.", took=took)
    if measured.epochs < len(history.epochs):  # it was taken up again, and only that was measured
        if planned:
            return _held_against("last", planned, measured.epochs, took)
        return say(
            "The last epoch took {took}."
            if measured.epochs == 1
            else "The last {n} epochs took {took}.",
            n=measured.epochs,
            took=took,
        )
    if planned is None:
        return say("It took {took}.", took=took)
    if measured.epochs < planned.head_epochs + planned.fine_epochs:
        return _held_against("ran", planned, measured.epochs, took)
    planned_s = duration(planned.seconds())
    return say("Planned: {planned}; it took {took}.", planned=planned_s, took=took)


def why_kept(history: History) -> str:
    """Why that epoch is the one: its loss, and how many more another one had right."""
    told, chosen = history.evaluated, history.kept
    if told is None:
        return ""
    plain = say(
        "Epoch {epoch} is kept: it was least wrong then, counting how sure it was.",
        epoch=told.epoch,
    )
    known = [each for each in history.epochs if math.isfinite(each.val_accuracy)]
    if chosen not in known:
        return plain
    most = max(known, key=lambda each: each.val_accuracy)  # the first of equals
    more = round((most.val_accuracy - chosen.val_accuracy) * told.pictures)
    if more <= 0:
        return plain
    return say(
        "Epoch {epoch} is kept: it was least wrong then, counting how sure it was, though epoch "
        "{other} had {more} more right.",
        epoch=told.epoch,
        other=most.epoch,
        more=more,
    )


def _held_against(which: Literal["last", "ran"], planned: Planned, epochs: int, took: str) -> str:
    """What was planned for so many epochs, and what they took."""
    seconds = planned.seconds(epochs)
    was, were = _HELD_WORDS[which, epochs == 1]
    template = was if seconds < 1.5 else were  # less is told as "1 s"
    return say(template, n=epochs, planned=duration(seconds), took=took)
