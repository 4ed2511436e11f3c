"""How far a ladder is, in words for a person. Pure: rungs in, a sentence out."""

from collections.abc import Sequence
from dataclasses import replace

from gui.core import progress
from gui.core.history import History
from gui.core.progress import Progress
from gui.core.rung import Rung


def describe(rungs: Sequence[Rung], place: int | None, *, stopping: bool = False) -> Progress:
    """How far a ladder is.

    Args:
        rungs: In the order of the ladder.
        place: Place in the queue of its next rung, 1 for the next, or None when nobody else has
            to end before it.
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
    line = progress.describe(told, place, stopping=stopping)
    line = replace(line, fraction=whole or None)  # of all of them: it only grows
    if told.state == "waiting" and place is None:
        return replace(line, text=f"The {_which(over)} freeze point starts in a moment.", detail="")
    return replace(line, text=f"Freeze point {number(rungs)}, {current.name}: {line.text}")


def number(rungs: Sequence[Rung]) -> str:
    """Which of them is under way, or the next to be: "2 of 3"; "" when all are over."""
    busy = [each for each in rungs if each.busy]
    running = [each for each in busy if each.history and each.history.state == "running"]
    return f"{rungs.index((running or busy)[0]) + 1} of {len(rungs)}" if busy else ""


def _which(over: int) -> str:
    return "next" if over else "first"


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
        return Progress(f"All {count} freeze points are done", 1.0, "done")
    were = "was trained to its end" if whole == 1 else "were trained to their end"
    text = f"{whole} of {count} freeze points {were}."
    stopped = [each for each in rungs if each.history and each.history.state == "stopped"]
    if stopped:
        what = "the comparison" if rungs[-1] in stopped else ", ".join(map(_name, stopped))
        text = f"You stopped {what}: {text}"
    lacking = any(each.history and not each.whole for each in rungs)
    detail = "Press “Go on with the rest” to train the others to their end." if lacking else ""
    return Progress(text, None, "stopped", detail)


def _name(rung: Rung) -> str:
    return rung.name
