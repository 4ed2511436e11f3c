"""What a ladder says, in words for a person. Pure: rungs in, sentences out.

A winner is claimed only where its range lies wholly above the range of every other rung. That is
stricter than it need be (ranges may overlap a little and still differ), which errs on the honest
side: four freeze points are four chances to look good by luck.
"""

from collections.abc import Sequence
from dataclasses import replace

from gui.core import progress
from gui.core.ladder import Rung
from gui.core.progress import Progress

_SAME_PICTURES = (
    "Each kept epoch was the best on these same pictures, so expect a little less on new ones."
)


def verdict(rungs: Sequence[Rung]) -> str:
    """Which freeze point is best, as far as the pictures kept for checking can tell.

    Args:
        rungs: In the order of the ladder, the one that learns least first.
    """
    done = [each for each in rungs if each.done]
    busy = sum(each.busy for each in rungs)
    if len(done) < 2:
        return _too_few(done, busy)
    said = [_compared(done)]
    if busy:
        come = "1 is" if busy == 1 else f"{busy} are"
        said.insert(0, f"{come} still to come, so this may change.")
    return " ".join([*said, *_remarks(rungs, done), _SAME_PICTURES])


def winner(rungs: Sequence[Rung]) -> Rung | None:
    """The rung whose range lies wholly above all others', once all are over; or None."""
    done = [each for each in rungs if each.done]
    level = _level(done)
    return (
        level[0]
        if len(done) > 1 and len(level) == 1 and not any(each.busy for each in rungs)
        else None
    )


def describe(rungs: Sequence[Rung], place: int | None, *, stopping: bool = False) -> Progress:
    """How far a ladder is.

    Args:
        rungs: In the order of the ladder.
        place: Place in the queue of its next rung, 1 for the next, or None.
        stopping: Whether someone has asked the rung under way to stop.
    """
    running = [each for each in rungs if each.history and each.history.state == "running"]
    at_work = running or [each for each in rungs if each.busy]
    if not at_work or at_work[0].history is None:
        return _over(rungs)
    current, told = at_work[0], at_work[0].history
    line = progress.describe(told, place, stopping=stopping)
    over, learned = sum(not each.busy for each in rungs), 0.0
    if told.epochs_planned:
        learned = len(told.epochs) / told.epochs_planned
    whole = (over + (line.fraction or learned if told.batch else learned)) / len(rungs)
    number = f"{rungs.index(current) + 1} of {len(rungs)}"
    return replace(
        line,
        text=f"Freeze point {number}, {current.name}: {line.text}",
        fraction=whole or None if running else None,  # of all of them: it only grows
    )


def _over(rungs: Sequence[Rung]) -> Progress:
    done = sum(each.done for each in rungs)
    if done == len(rungs):
        return Progress(f"All {done} freeze points are done", 1.0, "done")
    text = f"{done} of {len(rungs)} freeze points are done"
    detail = "Open one of the others to see what happened, or go on with the rest."
    return Progress(text, None, "stopped", detail)


def _too_few(done: Sequence[Rung], busy: int) -> str:
    if busy:
        return "The answer stands here as soon as two freeze points are done."
    told = done[0].accuracy if done else None
    if told is None:
        return "No freeze point was trained to its end, so there is nothing to compare."
    return (
        f"Only {done[0].name} was trained to its end ({told.text}), so there is nothing to "
        "compare it with."
    )


def _compared(done: Sequence[Rung]) -> str:
    """The comparison itself, of two rungs or more that are done."""
    known = [(each, each.accuracy) for each in done if each.accuracy]
    best, top = max(known, key=lambda pair: pair[1].share)  # the first of equals learns least
    level = _level(done)
    pictures = min(told.pictures for _, told in known)
    if len(level) == 1:
        others = "the other" if len(known) == 2 else "every other"
        return (
            f"{_sentence(best.name)} is the best of these: {top.text}, and its range "
            f"({top.low_text} to {top.high_text}) lies above that of {others}."
        )
    lower = [each.name for each, _ in known if each not in level]
    behind = "is clearly behind: its range lies"
    if len(lower) > 1:
        behind = "are clearly behind: their ranges lie"
    worse = f" {_sentence(_list(lower))} {behind} below that of {best.name}." if lower else ""
    return (
        f"With {pictures} picture{'s' if pictures != 1 else ''} to check with, "
        f"{_list([each.name for each in level])} can't be told apart: their ranges overlap."
        f"{worse} {_advice(level)} More pictures would tell more."
    )


def _level(done: Sequence[Rung]) -> list[Rung]:
    """Those that can't be told apart from the best, itself among them, in order."""
    known = [(each, each.accuracy) for each in done if each.accuracy]
    low = max(known, key=lambda pair: pair[1].share)[1].low if known else 0.0
    return [each for each, told in known if told.high >= low]


def _advice(level: Sequence[Rung]) -> str:
    """The rung that learns least of those that can't be told apart."""
    cheapest = level[0]
    quickest = all(cheapest.seconds <= each.seconds for each in level)
    why = "it was the quickest and has" if quickest else "it has"
    return f"Take {cheapest.name}: {why} the least to learn."


def _remarks(rungs: Sequence[Rung], done: Sequence[Rung]) -> list[str]:
    """What makes the comparison less than whole or less than fair."""
    said = []
    missing = [each.name for each in rungs if not each.done and not each.busy]
    if missing:
        said.append(f"Without a result: {_list(missing)}.")
    early = [
        each.name
        for each in done
        if each.history and each.history.finished and each.history.finished.reason == "stopped"
    ]
    if early:
        said.append(f"Stopped before the end, so it might do better: {_list(early)}.")
    planned = [each.history.epochs_planned for each in done if each.history]
    if longer := [each.name for each, n in zip(done, planned, strict=True) if n > min(planned)]:
        said.append(f"Trained for more epochs than the others: {_list(longer)}.")
    return said


def _list(names: Sequence[str]) -> str:
    """Names as people list them: "a, b and c"."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def _sentence(text: str) -> str:
    """At the beginning of a sentence; a layer's name stays as it is."""
    return text.replace("head only", "Head only", 1) if text.startswith("head only") else text
