"""How far a run is, in words for a person. Pure: a history in, a sentence out."""

from dataclasses import dataclass
from typing import Literal, assert_never

from gui.core.ended import compared, score, why_kept
from gui.core.events import Batch, CacheProgress
from gui.core.history import History
from gui.core.time_span import duration
from gui.core.turns import Standing
from gui.words import again, joined, say

State = Literal["running", "waiting", "done", "stopped", "failed"]

_FEW = 20  # pictures; one of them is 5 % or more
_PHASE_WORDS = {
    "head": "Now the new head learns.",
    "fine": "Now VGG16 learns too, from the freeze point on.",
}
_CACHING_WORDS = {
    "reading": "Reading pictures: {done} of {total}",
    "caching": "Looking at your pictures once with the frozen part: {done} of {total}",
    "checking": "Checking the best epoch: {done} of {total} pictures",
}
_ENDED_WORDS = {
    "epochs": "All epochs are done.",
    "early_stopping": "It stopped early: on the pictures kept for checking it didn't get better "
    "any more.",
    "stopped": "You stopped it.",
    "diverged": "The loss was not a number any more: a lower learning rate would go further.",
}


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


def describe(
    history: History, standing: Standing | None, *, stopping: bool = False, lost: bool = False
) -> Progress:
    """How far a run is.

    Args:
        history: What has happened so far.
        standing: Where it stands in the queue, or None.
        stopping: Whether someone has asked it to stop.
        lost: Whether it runs as far as is written down, but nobody is at it.
    """
    match history.state:
        case "waiting":
            return _waiting(standing)
        case "running" if lost:
            detail = say(
                "Free some space on the disk, or check it: as soon as it can be written to, you "
                "can go on here."
            )
            text = say("It broke off, and the disk didn't even take a note of that.")
            return Progress(text, None, "failed", detail)
        case "running" if stopping:
            detail = say("It ends after the batch under way and keeps the best epoch so far.")
            return Progress(say("Stopping"), None, "running", detail)
        case "running":
            return _running(history)
        case "finished" | "stopped":
            return _done(history)
        case "failed":
            what = history.failed.what if history.failed else ""
            hint = history.failed.hint if history.failed else ""
            return Progress(again(what), None, "failed", again(hint))
        case _:
            assert_never(history.state)


def _waiting(standing: Standing | None) -> Progress:
    if standing is None:
        return Progress(say("Waiting to start"), None, "waiting")
    place, eta_s = standing.place, standing.eta_s
    if place == 1 and eta_s is None:
        text = say("Next in the queue: it starts as soon as a place is free")
    elif place == 1:
        text = say("Next in the queue: it starts in about {time}", time=duration(eta_s or 0.0))
    elif eta_s is None:
        text = say("Waiting: place {place} in the queue", place=place)
    else:
        text = say(
            "Waiting: place {place} in the queue, it starts in about {time}",
            place=place,
            time=duration(eta_s),
        )
    return Progress(text, None, "waiting", say("You can close this page; it starts by itself."))


def _running(history: History) -> Progress:
    if history.cache:
        return _caching(history, history.cache)
    if history.batch:
        return _learning(history, history.batch)
    began_at = history.started.at if history.started else 0.0
    last = history.epochs[-1] if history.epochs else None
    checked = history.evaluated is not None and history.evaluated.at >= began_at
    if checked or (last and last.epoch >= history.epochs_planned):
        return Progress(say("Checking the best epoch and saving the model"), None, "running")
    if last and last.at >= began_at:
        total = history.epochs_planned
        text = say("Epoch {epoch} of {total} is done", epoch=last.epoch, total=total)
        return Progress(text, last.epoch / history.epochs_planned, "running")
    return Progress(say("Getting ready"), None, "running", _expected(history))


def _expected(history: History) -> str:
    """How long it will take, as it was planned."""
    if history.planned is None:
        return ""
    return say("About {time} in all, as planned.", time=duration(history.planned.seconds()))


def _caching(history: History, cache: CacheProgress) -> Progress:
    left = say("about {time} left", time=duration(cache.eta_s)) if cache.eta_s else ""
    fraction = cache.done / cache.total if cache.total else None
    text = say(_CACHING_WORDS[cache.what], done=cache.done, total=cache.total)
    text = f"{text} · {left}" if left else text
    if cache.what != "caching":
        return Progress(text, fraction, "running")
    views = history.started.views if history.started else 1
    if views == 1:
        detail = say("Done once for each picture, so that the epochs after it are quick.")
    else:
        detail = say(
            "Done once, so that the epochs after it are quick: {views} views of each picture to "
            "learn from, one of each to check with.",
            views=views,
        )
    return Progress(text, fraction, "running", detail)


def _learning(history: History, batch: Batch) -> Progress:
    phase = history.phases[-1] if history.phases else None
    first = phase is not None and phase.last_epoch < history.epochs_planned
    text = say(
        "Epoch {epoch} of {total} · batch {batch} of {batches}",
        epoch=batch.epoch,
        total=history.epochs_planned,
        batch=batch.batch,
        batches=batch.batches,
    )
    if batch.eta_s:
        left = say(
            "about {time} left in this phase" if first else "about {time} left",
            time=duration(batch.eta_s),
        )
        text = f"{text} · {left}"
    detail = say(_PHASE_WORDS[phase.phase if phase else "head"])
    if history.started and phase and phase.phase == "fine" and not history.started.cached:
        early = say(
            "This early a freeze point gains nothing from caching: it learns from pictures."
        )
        detail = joined(detail, early)
    within = batch.batch / batch.batches if batch.batches else 0.0
    whole_epochs = max(history.epochs_planned, batch.epoch, 1)
    fraction = (batch.epoch - 1 + within) / whole_epochs  # of all epochs: the bar only grows
    return Progress(text, fraction, "running", detail)


def _done(history: History) -> Progress:
    stopped = history.state == "stopped"
    if history.evaluated is None or history.finished is None:
        told = history.failed
        if told is None:
            return Progress(say("Finished"), 1.0, "done")
        return Progress(again(told.what), None, "stopped", again(told.hint))
    evaluated, reason = history.evaluated, history.finished.reason
    text = say("{score}, on pictures it never learned from", score=score(evaluated))
    chosen = say("It was chosen by these same pictures, so expect a little less on new ones.")
    few = ""
    if evaluated.pictures < _FEW:
        few = say("{n} pictures are few: the number is only a rough guess.", n=evaluated.pictures)
    ended = say(_ENDED_WORDS[reason])
    detail = joined(ended, why_kept(history), chosen, few, compared(history))
    return Progress(text, 1.0, "stopped" if stopped else "done", detail)
