"""Which pictures are learned from and which are kept for checking."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gui.core import files
from gui.core.dataset import Dataset, Picture, PictureClass, missing
from gui.core.errors import PicturesError, SettingError


@dataclass(frozen=True)
class Labelled:
    """One picture with its class.

    Attributes:
        name: Class and picture, "cat/1.jpg".
        sha256: Hex digest of the file's bytes.
        path: The file, relative to the data set's root.
        label: Place of its class in ``Split.labels``, which is the model's output for it.
    """

    name: str
    sha256: str
    path: str
    label: int


@dataclass(frozen=True)
class Split:
    """Both sides, each in order of class, then name; ``labels`` are the class names."""

    labels: tuple[str, ...]
    train: tuple[Labelled, ...]
    validation: tuple[Labelled, ...]


def divide(dataset: Dataset, share: float = 0.2, seed: int = 0) -> Split:
    """Divide each usable class into pictures to learn from and pictures to check with.

    Which picture goes where hangs on its bytes and the seed alone, not on its name or place, so
    adding pictures moves hardly any of the others. A class that came divided (train/ and val/)
    stays divided so; pictures added to it later go by the share.

    Args:
        dataset: The classes.
        share: For checking, above 0 and below 1; at least one picture of a class, never all.
        seed: Another seed, another division.

    Raises:
        PicturesError: When the data set isn't ready, see :func:`gui.core.dataset.missing`.
        SettingError: When the share is out of bounds.
    """
    if not 0 < share < 1:
        raise SettingError(
            f"The share for checking must lie between 0 and 1, not be {share}.",
            "Choose 0.2: one picture in five.",
        )
    if (what := missing(dataset)) is not None:
        raise PicturesError("The pictures aren't ready to learn from.", what)
    train: list[Labelled] = []
    validation: list[Labelled] = []
    seen: set[str] = set()
    for label, each in enumerate(dataset.usable):
        pictures = _distinct(each, seen)
        checking = _for_checking(pictures, share, seed)
        for picture in pictures:
            name = f"{each.name}/{picture.name}"
            side = validation if picture.sha256 in checking else train
            side.append(Labelled(name, picture.sha256, picture.path, label))
    return Split(dataset.labels, tuple(train), tuple(validation))


def counts(dataset: Dataset, split: Split) -> dict[str, tuple[int, int]]:
    """For each class of the data set its pictures (to learn from, to check with)."""
    learning = Counter(split.labels[each.label] for each in split.train)
    checking = Counter(split.labels[each.label] for each in split.validation)
    return {each.name: (learning[each.name], checking[each.name]) for each in dataset.classes}


def to_json(split: Split) -> dict[str, object]:
    """The split as plain values for JSON."""
    return {
        "version": 1,
        "labels": list(split.labels),
        "train": [asdict(each) for each in split.train],
        "validation": [asdict(each) for each in split.validation],
    }


def from_json(value: object) -> Split:
    """The split that :func:`to_json` wrote.

    Raises:
        PicturesError: When the value is anything else.
    """
    with files.checked():
        stored = files.version_1(value)
        labels = tuple(files.text(each) for each in stored["labels"])
        train, validation = (
            tuple(_labelled(each, len(labels)) for each in stored[side])
            for side in ("train", "validation")
        )
    return Split(labels, train, validation)


def save(split: Split, path: Path) -> None:
    """Write the split to a JSON file in one step.

    Raises:
        DiskFull: When there is no room; an older file stays.
    """
    files.write_json(path, to_json(split))


def load(path: Path) -> Split:
    """The split in a file that :func:`save` wrote.

    Raises:
        PicturesError: When the file isn't there or holds anything else.
    """
    return from_json(files.read_json(path))


def _distinct(each: PictureClass, seen: set[str]) -> list[Picture]:
    """The pictures in name order, none of whose bytes were seen before; notes them as seen."""
    pictures: list[Picture] = []
    for picture in sorted(each.pictures, key=lambda picture: picture.name):
        if picture.sha256 not in seen:
            seen.add(picture.sha256)
            pictures.append(picture)
    if len(pictures) < 2:
        raise PicturesError(
            f"The pictures of “{each.name}” are all the same one.", "Add different pictures to it."
        )
    return pictures


def _for_checking(pictures: Sequence[Picture], share: float, seed: int) -> set[str]:
    """The digests of the pictures kept for checking."""
    parts = {picture.part for picture in pictures}
    free, checking, fewest = list(pictures), set[str](), 1
    if {"train", "validation"} <= parts:
        checking = {each.sha256 for each in pictures if each.part == "validation"}
        free, fewest = [each for each in pictures if each.part is None], 0
    most = len(free) - fewest
    number = min(max(round(len(free) * share), fewest), most)
    drawn = sorted(
        free, key=lambda each: hashlib.sha256(f"{seed}:{each.sha256}".encode()).hexdigest()
    )
    return checking | {each.sha256 for each in drawn[:number]}


def _labelled(value: Any, classes: int) -> Labelled:  # noqa: ANN401 - what JSON holds
    label = value["label"]
    if type(label) is not int or not 0 <= label < classes:
        raise ValueError(f"label is {label!r}")
    sha256, path = files.digest(value["sha256"]), files.below(value["path"])
    return Labelled(files.text(value["name"]), sha256, path, label)
