"""A data set: classes of pictures, as a person named them, and the files left out of it."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from gui.core.entry import class_name
from gui.core.errors import PicturesError

Part = Literal["train", "validation"]

SMALLEST_CLASS = 2  # pictures: one to learn from and one to check with
LONGEST_NAME = 200  # letters in the name of a class


@dataclass(frozen=True)
class Picture:
    """One usable picture.

    Attributes:
        name: As the person knows it: the relative path inside the class folder, "/" separated.
        sha256: Hex digest of the file's bytes; two pictures with the same digest are one picture.
        path: The file on disk, relative to ``Dataset.root``.
        part: "train" or "validation" when the folder was already divided, else None.
    """

    name: str
    sha256: str
    path: str
    part: Part | None = None


@dataclass(frozen=True)
class PictureClass:
    """One class: its name, its pictures in name order, and whether it takes part."""

    name: str
    pictures: tuple[Picture, ...]
    included: bool = True


@dataclass(frozen=True)
class LeftOut:
    """A file that isn't used, and why, in a sentence for the page."""

    name: str
    reason: str


@dataclass(frozen=True)
class Dataset:
    """Classes in name order with their pictures; ``root`` is where the files are."""

    root: Path
    classes: tuple[PictureClass, ...]
    left_out: tuple[LeftOut, ...] = field(default=())

    @property
    def usable(self) -> tuple[PictureClass, ...]:
        """The classes that take part: included and large enough to divide."""
        return tuple(
            each for each in self.classes if each.included and len(each.pictures) >= SMALLEST_CLASS
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the usable classes, in the order of the model's outputs."""
        return tuple(each.name for each in self.usable)

    def named(self, name: str) -> PictureClass:
        """The class of that name.

        Raises:
            PicturesError: When there is none.
        """
        for each in self.classes:
            if each.name == name:
                return each
        raise PicturesError(f"There is no class called “{name}”.", "Choose one from the table.")


def missing(dataset: Dataset | None) -> str | None:
    """What is missing before a model can be trained, as one sentence; None when nothing is."""
    if dataset is None or not dataset.classes:
        return "No pictures yet: drop a folder with one sub-folder for each class."
    if len(dataset.usable) == 1:
        return (
            f"Only one class (“{dataset.labels[0]}”) is ready: a model needs at least two to tell "
            f"apart, each with {SMALLEST_CLASS} pictures or more. Press “Add a class”, or drop a "
            "folder that has a folder for each class."
        )
    if not dataset.usable:
        return f"No class has {SMALLEST_CLASS} pictures or more yet: add pictures to two classes."
    return None


def fit_name(given: object) -> str:
    """What a person typed as the name of a class, tidied by :func:`gui.core.entry.class_name`.

    Raises:
        PicturesError: When it is no text, empty or too long.
    """
    if not isinstance(given, str):
        raise PicturesError("The name of the class is no text.", "Type a name.")
    name = class_name(given)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise PicturesError(
            f"A class name has 1 to {LONGEST_NAME} letters, not {len(name)}.",
            "Type a shorter or longer name.",
        )
    return name


def rename(dataset: Dataset, old: str, new: str) -> Dataset:
    """The data set with one class renamed.

    Raises:
        PicturesError: When the new name is no text, empty, too long or already taken.
    """
    new = fit_name(new)
    target = dataset.named(old)
    if new == old:
        return dataset
    if any(each.name == new for each in dataset.classes):
        raise PicturesError(f"There is already a class called “{new}”.", "Choose another name.")
    return _with(dataset, target, replace(target, name=new))


def include(dataset: Dataset, name: str, *, included: bool) -> Dataset:
    """The data set with one class left out or taken back in; no picture is lost.

    Raises:
        PicturesError: When there is no such class.
    """
    target = dataset.named(name)
    return _with(dataset, target, replace(target, included=included))


def _with(dataset: Dataset, old: PictureClass, new: PictureClass) -> Dataset:
    classes = [new if each is old else each for each in dataset.classes]
    return replace(dataset, classes=tuple(sorted(classes, key=lambda each: each.name)))
