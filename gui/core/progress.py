"""How far a run is, in words for a person. Pure: a history in, a sentence out."""

import math
from dataclasses import dataclass
from typing import Literal, assert_never

from gui.core.events import Batch, CacheProgress, Evaluated, Planned
from gui.core.history import History

State = Literal["running", "waiting", "done", "stopped", "failed"]

_FEW = 20  # pictures; one of them is 5 % or more
_PHASE = {"head": "the new head learns", "fine": "VGG16 learns too, from the freeze point on"}


@dataclass(frozen=True)
class Progress:
    """A line of progress.

    Attributes:
        text: One sentence.
        fraction: Share of the work under way that is done, 0 to 1; None when nobody can say.
        state: How it stands.
        detail: A second, quieter sentence, or "".
    """

    text: str
    fraction: float | None
    state: State
    detail: str = ""


def describe(history: History, place: int | None, *, stopping: bool = False) -> Progress:
    """How far a run is.

    Args:
        history: What has happened so far.
        place: Its place in the queue, 1 for the next, or None.
        stopping: Whether someone has asked it to stop.
    """
    match history.state:
        case "waiting":
            return _waiting(place)
        case "running" if stopping:
            detail = "It ends after the batch under way and keeps the best epoch so far."
            return Progress("Stopping", None, "running", detail)
        case "running":
            return _running(history)
        case "finished" | "stopped":
            return _done(history)
        case "failed":
            what = history.failed.what if history.failed else ""
            hint = history.failed.hint if history.failed else ""
            return Progress(what, None, "failed", hint)
        case _:
            assert_never(history.state)


def duration(seconds: float) -> str:
    """A length of time as people say it: "40 s", "70 min", "1 h 40 min"."""
    if not math.isfinite(seconds):
        return "an unknown time"
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def score(evaluated: Evaluated) -> str:
    """An accuracy with its number of pictures, never rounded up: "38 of 40 right (95.0 %)"."""
    if evaluated.pictures < 1:  # only a damaged file says so
        return "no pictures checked"
    right = round(min(1.0, max(0.0, evaluated.accuracy)) * evaluated.pictures)
    per_mille = 1000 * right // evaluated.pictures
    return f"{right} of {evaluated.pictures} right ({per_mille / 10:.1f} %)"


def compared(history: History) -> str:
    """What was planned for as many epochs as it went on for, and what it took; "" if unknown."""
    measured, planned = history.measured, history.planned
    if measured is None:
        return ""
    took = duration(measured.seconds)
    if not measured.epochs:
        return f"Checking and saving it took {took}."
    if measured.epochs < len(history.epochs):  # it was taken up again, and only that was measured
        last = "last epoch" if measured.epochs == 1 else f"last {measured.epochs} epochs"
        if planned is None:
            return f"The {last} took {took}."
        return f"For the {last}, {_planned(planned, measured.epochs)}; it took {took}."
    if planned is None:
        return f"It took {took}."
    if measured.epochs < planned.head_epochs + planned.fine_epochs:
        ran = "one epoch" if measured.epochs == 1 else f"{measured.epochs} epochs"
        return f"For the {ran} it ran, {_planned(planned, measured.epochs)}; it took {took}."
    return f"Planned: {duration(planned.seconds())}; it took {took}."


def why_kept(history: History) -> str:
    """Why that epoch is the one: its loss, and how many more another one had right."""
    told, chosen = history.evaluated, history.kept
    if told is None:
        return ""
    text = f"Epoch {told.epoch} is kept: its answers were the surest (lowest loss)"
    known = [each for each in history.epochs if math.isfinite(each.val_accuracy)]
    if chosen not in known:
        return f"{text}."
    most = max(known, key=lambda each: each.val_accuracy)  # the first of equals
    more = round((most.val_accuracy - chosen.val_accuracy) * told.pictures)
    return f"{text}, though epoch {most.epoch} had {more} more right." if more > 0 else f"{text}."


def _planned(planned: Planned, epochs: int) -> str:
    seconds = duration(planned.seconds(epochs))
    return f"{seconds} {'was' if seconds == '1 s' else 'were'} planned"


def _waiting(place: int | None) -> Progress:
    if place is None:
        return Progress("Waiting to start", None, "waiting")
    if place == 1:
        text = "Next in the queue: it starts as soon as a place is free"
    else:
        text = f"Waiting: place {place} in the queue"
    return Progress(text, None, "waiting", "You can close this page; it starts by itself.")


def _running(history: History) -> Progress:
    if history.cache:
        return _caching(history, history.cache)
    if history.batch:
        return _learning(history, history.batch)
    began_at = history.started.at if history.started else 0.0
    last = history.epochs[-1] if history.epochs else None
    checked = history.evaluated is not None and history.evaluated.at >= began_at
    if checked or (last and last.epoch >= history.epochs_planned):
        return Progress("Checking the best epoch and saving the model", None, "running")
    if last and last.at >= began_at:
        text = f"Epoch {last.epoch} of {history.epochs_planned} is done"
        return Progress(text, last.epoch / history.epochs_planned, "running")
    return Progress("Getting ready", None, "running", _expected(history))


def _expected(history: History) -> str:
    """How long it will take, as it was planned."""
    planned = history.planned
    return f"About {duration(planned.seconds())} in all, as planned." if planned else ""


def _caching(history: History, cache: CacheProgress) -> Progress:
    left = f" · about {duration(cache.eta_s)} left" if cache.eta_s else ""
    fraction = cache.done / cache.total if cache.total else None
    if cache.what == "reading":
        text = f"Reading pictures: {cache.done} of {cache.total}{left}"
        return Progress(text, fraction, "running")
    if cache.what == "checking":
        text = f"Checking the best epoch: {cache.done} of {cache.total} pictures{left}"
        return Progress(text, fraction, "running")
    views = history.started.views if history.started else 1
    text = f"Passing views through the frozen part: {cache.done} of {cache.total}{left}"
    if views == 1:
        detail = "Done once for each picture, so that the epochs after it are quick."
    else:
        detail = (
            f"Done once, so that the epochs after it are quick: {views} views of each picture to "
            "learn from, one of each to check with."
        )
    return Progress(text, fraction, "running", detail)


def _learning(history: History, batch: Batch) -> Progress:
    phase = history.phases[-1] if history.phases else None
    first = phase is not None and phase.last_epoch < history.epochs_planned
    whole = " in this phase" if first else ""
    left = f" · about {duration(batch.eta_s)} left{whole}" if batch.eta_s else ""
    text = (
        f"Epoch {batch.epoch} of {history.epochs_planned} · batch {batch.batch} of {batch.batches}"
    )
    detail = f"Now {_PHASE[phase.phase if phase else 'head']}."
    if history.started and phase and phase.phase == "fine" and not history.started.cached:
        detail += " This early a freeze point gains nothing from caching: it learns from pictures."
    within = batch.batch / batch.batches if batch.batches else 0.0
    whole_epochs = max(history.epochs_planned, batch.epoch, 1)
    fraction = (batch.epoch - 1 + within) / whole_epochs  # of all epochs: the bar only grows
    return Progress(text + left, fraction, "running", detail)


def _done(history: History) -> Progress:
    stopped = history.state == "stopped"
    if history.evaluated is None or history.finished is None:
        told = history.failed
        if told is None:
            return Progress("Finished", 1.0, "done")
        return Progress(told.what, None, "stopped", told.hint)
    evaluated, reason = history.evaluated, history.finished.reason
    ended = {
        "epochs": "All epochs are done.",
        "early_stopping": "It stopped early, because the validation loss did not improve any more.",
        "stopped": "You stopped it.",
        "diverged": "The loss was not a number any more: a lower learning rate would go further.",
    }[reason]
    text = f"{score(evaluated)}, on pictures it never learned from"
    detail = (
        f"{ended} {why_kept(history)} It was chosen by these same pictures, so expect a little "
        "less on new ones."
    )
    if evaluated.pictures < _FEW:
        detail += f" {evaluated.pictures} pictures are few: the number is only a rough guess."
    if took := compared(history):
        detail += f" {took}"
    return Progress(text, 1.0, "stopped" if stopped else "done", detail)
