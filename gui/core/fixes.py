"""What a person has put right since a training, and what learning it again would change."""

from dataclasses import dataclass
from pathlib import Path

from gui.core import files
from gui.core.dataset import Dataset
from gui.core.runs import Run
from gui.core.split import Labelled, Split
from gui.words import say


@dataclass(frozen=True)
class Fix:
    """One picture that stands elsewhere now than when the training began.

    Attributes:
        picture: As the training knows it.
        was: The class that it was learned or checked as.
        to: The class that it belongs to now; None when it is left out.
    """

    picture: Labelled
    was: str
    to: str | None

    @property
    def sentence(self) -> str:
        """What was decided."""
        return say("Left out") if self.to is None else say("It is really “{label}”", label=self.to)


def pending(dataset: Dataset, split: Split) -> tuple[Fix, ...]:
    """The fixes of a data set that a training of it doesn't know yet, in the order they came."""
    known = {each.sha256: each for each in (*split.train, *split.validation)}
    return tuple(
        Fix(picture, split.labels[picture.label], edit.to)
        for edit in dataset.edits
        if (picture := known.get(edit.sha256)) and split.labels[picture.label] != edit.to
    )


def count(number: int) -> str:
    """So many fixes, in words."""
    return say("1 fix" if number == 1 else "{n} fixes", n=number)


def belongs(run: Run, dataset: Dataset | None) -> bool:
    """Whether these are the pictures that a training learned from."""
    return dataset is not None and _place(dataset.root) == _place(run.pictures_root)


@files.once
def _place(folder: Path) -> Path:
    """A folder by its real name."""
    return folder.resolve()
