"""A data set: classes of pictures, as a person named them, and the files left out of it.

What was given is never changed; what a person corrects is kept beside it, as edits.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from gui.core.entry import class_name, unique
from gui.core.errors import PicturesError
from gui.words import say

Part = Literal["train", "validation", "test"]

SMALLEST_CLASS = 2  # pictures: one to learn from and one to check with
LONGEST_NAME = 200  # letters in the name of a class


@dataclass(frozen=True)
class Picture:
    """One usable picture.

    Attributes:
        name: As the person knows it: the relative path inside the class folder, "/" separated.
        sha256: Hex digest of the file's bytes; two pictures with the same digest are one picture.
        path: The file on disk, relative to ``Dataset.root``.
        part: "train", "validation" or "test" when the folder was already divided, else None.
        likeness: What it looks like, see :mod:`gui.core.likeness`; "" when nobody has looked.
        original: Hex digest of the person's own file where the browser sent a smaller one; else "".
    """

    name: str
    sha256: str
    path: str
    part: Part | None = None
    likeness: str = ""
    original: str = ""


@dataclass(frozen=True)
class PictureClass:
    """One class: its name, its pictures in name order, and whether it takes part."""

    name: str
    pictures: tuple[Picture, ...]
    included: bool = True

    @property
    def to_divide(self) -> tuple[Picture, ...]:
        """The pictures to learn from and to check with: all but those that came to test with."""
        return tuple(each for each in self.pictures if each.part != "test")


@dataclass(frozen=True)
class Edit:
    """What a person decided about one picture: the class it belongs to; None leaves it out."""

    sha256: str
    to: str | None


@dataclass(frozen=True)
class LeftOut:
    """A file that isn't used, and why, in an English sentence."""

    name: str
    reason: str


@dataclass(frozen=True)
class Dataset:
    """Classes of pictures.

    Attributes:
        root: Where the files are.
        classes: In name order, with their pictures as they were given.
        left_out: Files that aren't used.
        edits: What a person decided since, one for each picture at most.
    """

    root: Path
    classes: tuple[PictureClass, ...]
    left_out: tuple[LeftOut, ...] = field(default=())
    edits: tuple[Edit, ...] = field(default=())

    @cached_property
    def conflicts(self) -> Mapping[str, tuple[str, ...]]:
        """Digests of the pictures that several classes have, with the names of these classes.

        Classes that are left out have no say, and what a person decided about is no conflict.
        """
        owners: dict[str, dict[str, None]] = defaultdict(dict)
        for each in self.classes:
            for picture in each.pictures if each.included else ():
                owners[picture.sha256][each.name] = None
        decided = {edit.sha256 for edit in self.edits}
        return {
            digest: tuple(names)
            for digest, names in owners.items()
            if len(names) > 1 and digest not in decided
        }

    @cached_property
    def corrected(self) -> tuple[PictureClass, ...]:
        """The classes with every edit applied, and without the pictures that are in conflict."""
        decided: dict[str, str | None] = {each.sha256: each.to for each in self.edits}
        decided.update(dict.fromkeys(self.conflicts))
        if not decided:
            return self.classes
        moved: dict[str | None, dict[str, Picture]] = defaultdict(dict)
        for each in self.classes:
            for picture in each.pictures:
                if picture.sha256 in decided:
                    known = moved[decided[picture.sha256]]
                    if picture.sha256 not in known or decided[picture.sha256] == each.name:
                        known[picture.sha256] = picture
        return tuple(
            replace(each, pictures=_joined(each, decided, moved[each.name].values()))
            for each in self.classes
        )

    @property
    def usable(self) -> tuple[PictureClass, ...]:
        """The classes that take part, corrected: included and large enough to divide."""
        return tuple(
            each
            for each in self.corrected
            if each.included and len(each.to_divide) >= SMALLEST_CLASS
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
        raise PicturesError(
            say("There is no class called “{name}”.", name=name), say("Choose one from the table.")
        )


def missing(dataset: Dataset | None) -> str | None:
    """What is missing before a model can be trained, as one sentence; None when nothing is."""
    if dataset is None or not dataset.classes:
        return say(
            "No pictures yet: drop a folder with one sub-folder for each class, or press “New "
            "class”."
        )
    if torn := len(dataset.conflicts):
        return say(
            "{torn:,} picture stands in two classes: decide first which one it belongs to, or "
            "leave it out."
            if torn == 1
            else "{torn:,} pictures stand in two classes: decide first which one each belongs to, "
            "or leave them out.",
            torn=torn,
        )
    if len(dataset.usable) == 1:
        return say(
            "Only one class (“{name}”) is ready: a model needs at least two to tell apart, each "
            "with {fewest} pictures or more. Press “New class”, or drop a folder that has a folder "
            "for each class.",
            name=dataset.labels[0],
            fewest=SMALLEST_CLASS,
        )
    if not dataset.usable:
        return say(
            "No class has {fewest} pictures or more yet: add pictures to two classes.",
            fewest=SMALLEST_CLASS,
        )
    return None


def fit_name(given: object) -> str:
    """What a person typed as the name of a class, tidied by :func:`gui.core.entry.class_name`.

    Raises:
        PicturesError: When it is no text, empty or too long.
    """
    if not isinstance(given, str):
        raise PicturesError(say("The name of the class is no text."), say("Type a name."))
    name = class_name(given)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise PicturesError(
            say(
                "A class name has 1 to {longest} letters, not {letters}.",
                longest=LONGEST_NAME,
                letters=len(name),
            ),
            say("Type a shorter or longer name."),
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
        raise PicturesError(
            say("There is already a class called “{name}”.", name=new), say("Choose another name.")
        )
    edits = tuple(replace(each, to=new) if each.to == old else each for each in dataset.edits)
    return replace(_with(dataset, target, replace(target, name=new)), edits=edits)


def include(dataset: Dataset, name: str, *, included: bool) -> Dataset:
    """The data set with one class left out or taken back in; no picture is lost.

    Raises:
        PicturesError: When there is no such class.
    """
    target = dataset.named(name)
    return _with(dataset, target, replace(target, included=included))


def _joined(
    target: PictureClass, decided: Mapping[str, str | None], joining: Iterable[Picture]
) -> tuple[Picture, ...]:
    """The pictures of a class that nobody decided about, and those that belong to it now."""
    staying = [each for each in target.pictures if each.sha256 not in decided]
    taken = {each.name for each in staying}
    joined = [replace(each, name=unique(each.name, taken)) for each in joining]
    return tuple(sorted([*staying, *joined], key=lambda each: each.name))


def _with(dataset: Dataset, old: PictureClass, new: PictureClass) -> Dataset:
    classes = [new if each is old else each for each in dataset.classes]
    return replace(dataset, classes=tuple(sorted(classes, key=lambda each: each.name)))
