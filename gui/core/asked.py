"""A training that somebody has asked for: whose it is, and what it is a rung of."""

from contextlib import suppress
from dataclasses import dataclass

from gui.core.errors import FreezepointError
from gui.core.runs import Run


@dataclass(frozen=True)
class Asked:
    """A training that somebody has asked for.

    Attributes:
        run: Which.
        who: The person's folder: the queue needs no more of them.
        ladder: Id of the ladder that it is a rung of, or None.
        rank: Grows with every training that is asked for, and every one that ends.
        seconds: How long it is thought to take; None when nobody can say.
    """

    run: Run
    who: str
    ladder: str | None
    rank: int
    seconds: float | None = None


def of(run: Run, rank: int, seconds: float | None = None) -> Asked:
    """A run as one that was asked for.

    Args:
        run: Which; a folder that can't be read is a training of its own, which nobody can foresee.
        rank: See :class:`Asked`.
        seconds: How long it is thought to take, where its plan doesn't tell.
    """
    with suppress(FreezepointError):
        if seconds is None and (planned := run.history.planned):
            seconds = planned.seconds()
    return Asked(run, who(run), _ladder(run), rank, seconds)


def who(run: Run) -> str:
    """The folder of the person whose run it is."""
    return str(run.path.parent.parent)


def _ladder(run: Run) -> str | None:
    with suppress(FreezepointError):
        return run.ladder.id if run.ladder else None
    return None
