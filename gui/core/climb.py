"""How far a ladder is, in words for a person. Pure: rungs in, a sentence out."""

from collections.abc import Sequence
from dataclasses import replace

from gui.core import progress
from gui.core.history import History
from gui.core.progress import Progress
from gui.core.rung import Rung
from gui.core.turns import Standing
from gui.words import listed, say


def describe(
    rungs: Sequence[Rung], standing: Standing | None, *, stopping: bool = False
) -> Progress:
    """How far a ladder is.

    Args:
        rungs: In the order of the ladder.
        standing: Where its next rung stands in the queue, or None when nobody else has to end
            before it.
        stopping: Whether someone has asked the rung under way to stop.
    """
    running = [each for each in rungs if each.history and each.history.state == "running"]
    at_work = running or [each for each in rungs if each.busy]
    if not at_work or at_work[0].history is None:
        return _over(rungs)
    current, told = at_work[0], at_work[0].history
    before = rungs.index(current)  # what was taken out of the queue behind it is not over
    over = sum(not each.busy and (each.done or at < before) for at, each in enumerate(rungs))
    whole = (over + _learned(told, stopping=stopping)) / len(rungs)
    line = progress.describe(told, standing, stopping=stopping)
    line = replace(line, fraction=whole or None)  # of all of them: it only grows
    if told.state == "waiting" and standing is None:
        soon = say(
            "The next freeze point starts in a moment."
            if over
            else "The first freeze point starts in a moment."
        )
        return replace(line, text=soon, detail="")
    text = say(
        "Freeze point {number}, {name}: {text}",
        number=number(rungs),
        name=current.name,
        text=line.text,
    )
    return replace(line, text=text)


def number(rungs: Sequence[Rung]) -> str:
    """Which of them is under way, or the next to be: "2 of 3"; "" when all are over."""
    busy = [each for each in rungs if each.busy]
    running = [each for each in busy if each.history and each.history.state == "running"]
    if not busy:
        return ""
    place = rungs.index((running or busy)[0]) + 1
    return say("{place} of {count}", place=place, count=len(rungs))


def _learned(told: History, *, stopping: bool) -> float:
    """Share of the rung under way that is done, 0 to 1; it never falls, stopped or not."""
    if told.state != "running" or not told.epochs_planned:
        return 0.0
    if batch := told.batch:
        within = batch.batch / batch.batches if batch.batches else 0.0
        return min(1.0, (batch.epoch - 1 + within) / told.epochs_planned)
    began_at = told.started.at if told.started else 0.0
    checked = told.evaluated is not None and told.evaluated.at >= began_at
    if stopping or checked or (told.cache and told.cache.what == "checking"):
        return 1.0  # nothing is left but to save
    return min(1.0, len(told.epochs) / told.epochs_planned)


def _over(rungs: Sequence[Rung]) -> Progress:
    whole, count = sum(each.whole for each in rungs), len(rungs)
    if whole == count:
        return Progress(say("All {n} freeze points are done", n=count), 1.0, "done")
    text = say(
        "{whole} of {count} freeze points was trained to its end."
        if whole == 1
        else "{whole} of {count} freeze points were trained to their end.",
        whole=whole,
        count=count,
    )
    stopped = [each for each in rungs if each.history and each.history.state == "stopped"]
    if stopped and rungs[-1] in stopped:
        text = say("You stopped the comparison: {text}", text=text)
    elif stopped:
        names = listed(each.name for each in stopped)
        text = say("You stopped {names}: {text}", names=names, text=text)
    lacking = any(each.history and not each.whole for each in rungs)
    detail = say("Press “Go on with the rest” to train the others to their end.")
    return Progress(text, None, "stopped", detail if lacking else "")
