"""Pictures that a training has answered: its own, or those that a person has dropped to test it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gui.core import evaluation, scaled, thumbnails, trial
from gui.core.dataset import Dataset, Picture
from gui.core.errors import NotYours, RunError, UnreadablePicture
from gui.core.evaluation import Evaluation, Side
from gui.core.gallery import Shown
from gui.core.owner import Owner
from gui.core.runs import Run
from gui.core.testing import open_run
from gui.words import say

_OWN: Final[tuple[Side, ...]] = ("validation", "test")  # sides that a training has of its own


@dataclass(frozen=True)
class Judged:
    """What a training answered to some pictures, and where these are.

    Attributes:
        of: What the page calls them: a side of the training, or the id of a trial.
        run: The training.
        told: Its answers.
        root: The folder that the answers' paths start from.
    """

    of: str
    run: Run
    told: Evaluation
    root: Path

    def thumbnail(self, shown: Shown) -> str:
        """A small square of one of the pictures, "" when it is gone."""
        if self.told.side != "given":
            return thumbnail(self.run, shown.name, shown.sha256, shown.path)
        try:  # nothing is kept of a picture that is only there to test with
            return scaled.data_uri(scaled.thumbnail(self.root / shown.path))
        except (UnreadablePicture, OSError):
            return ""


Find = Callable[[Owner, str], Judged | None]  # by what the page calls them


def of_run(owner: Owner, of: str) -> Judged | None:
    """A side of the open run; None when there is none of that name, or it isn't evaluated."""
    run = owner.open_run
    side = next((each for each in _OWN if each == of), None)
    told = known(run, side) if side else None
    return Judged(of, run, told, run.pictures_root) if run and told else None


def of_trial(owner: Owner, of: str) -> Judged | None:
    """Pictures that this person has dropped; None as long as they aren't evaluated.

    Raises:
        NotYours: When they are gone, or were never this person's.
    """
    run, taken = open_run(owner), trial.load(owner, of)
    trial.touch(owner, taken)
    told = trial.evaluated(owner, taken, run.id)
    return Judged(taken.id, run, told, taken.entries[0].path.parent) if told else None


def evaluated(run: Run | None) -> Evaluation | None:
    """What a run's kept model answered to its validation pictures, if that is known."""
    return known(run, "validation")


def known(run: Run | None, side: Side) -> Evaluation | None:
    """What a run's kept model answered to a side, if that is known and still holds."""
    history = run.history if run else None
    told = history.evaluated if history else None
    if run is None or history is None or told is None or history.busy or not history.finished:
        return None
    try:
        read = evaluation.load(run.evaluation(side))
    except RunError:
        return None
    of_now = read.epoch == told.epoch  # else it is of before more training
    return read if of_now and read.labels == run.split.labels else None


def opened(owner: Owner) -> tuple[Run, Evaluation]:
    """The open run and its evaluation.

    Raises:
        NotYours: When there is none.
    """
    run = owner.open_run
    told = evaluated(run)
    if run is None or told is None:
        raise NotYours(say("There are no results to show."), say("Go to Results again."))
    return run, told


def thumbnail(run: Run, name: str, sha256: str, path: str) -> str:
    """A small square of one of a run's pictures, "" when it is gone."""
    return thumbnails.thumbnail(Dataset(run.pictures_root, ()), Picture(name, sha256, path))
