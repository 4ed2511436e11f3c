"""Which pictures are learned from, which are kept for checking, and which for a last test."""

from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from gui.core import division, files
from gui.core.config import TrainSettings
from gui.core.dataset import (
    SMALLEST_CLASS,
    Dataset,
    Part,
    Picture,
    PictureClass,
    missing,
)
from gui.core.division import Shares
from gui.core.errors import PicturesError, SettingError
from gui.words import say


@dataclass(frozen=True)
class Labelled:
    """One picture with its class.

    Attributes:
        name: Class and picture, "cat/1.jpg".
        sha256: Hex digest of the file's bytes.
        path: The file, relative to the data set's root.
        label: Place of its class in ``Split.labels``, which is the model's output for it.
        original: Hex digest of the person's own file where the browser sent a smaller one; else "".
    """

    name: str
    sha256: str
    path: str
    label: int
    original: str = ""

    @property
    def digests(self) -> frozenset[str]:
        """Every file that is this picture."""
        return frozenset({self.sha256, self.original} - {""})


@dataclass(frozen=True)
class Split:
    """The sides, each in order of class, then name.

    Attributes:
        labels: The class names.
        train: The pictures that are learned from.
        validation: Those that tell which epoch is the best.
        test: Those that no choice ever sees; there may be none.
    """

    labels: tuple[str, ...]
    train: tuple[Labelled, ...]
    validation: tuple[Labelled, ...]
    test: tuple[Labelled, ...] = ()


def divide(dataset: Dataset, share: float = 0.2, seed: int = 0, test_share: float = 0.0) -> Split:
    """Divide each usable class into pictures to learn from, to check with and to test with.

    Which picture goes where hangs on the bytes, the looks and the seed alone, not on a name or a
    place, so adding pictures moves hardly any of the others. Pictures that look almost the same go
    to one side. A class that came divided (train/ and val/, or test/) stays divided so; pictures
    added to it later go by the share. See :func:`gui.core.division.divide`.

    Args:
        dataset: The classes.
        share: For checking, above 0 and below 1; at least one picture of a class, never all.
        seed: Another seed, another division.
        test_share: For testing, 0 or more, and less than what isn't for checking; of small classes
            there may be none. A class that came with test pictures has these and no others.

    Raises:
        PicturesError: When the data set isn't ready, see :func:`gui.core.dataset.missing`.
        SettingError: When a share is out of bounds.
    """
    if not 0 < share < 1:
        raise SettingError(
            say("The share for checking must lie between 0 and 1, not be {share}.", share=share),
            say("Choose 0.2: one picture in five."),
        )
    if not 0 <= test_share < 1 - share:
        raise SettingError(
            say(
                "The share for testing must lie between 0 and {most:g}, not be {share}.",
                most=1 - share,
                share=test_share,
            ),
            say("Choose 0 or 0.2: none, or one picture in five."),
        )
    if (what := missing(dataset)) is not None:
        raise PicturesError(say("The pictures aren't ready to learn from."), what)
    seen: set[str] = set()
    classes = [_distinct(each, seen) for each in dataset.usable]
    sides = division.divide(classes, Shares(share, test_share, seed))
    found: dict[Part, list[Labelled]] = {"train": [], "validation": [], "test": []}
    for label, (each, pictures) in enumerate(zip(dataset.usable, classes, strict=True)):
        for picture in pictures:
            name = f"{each.name}/{picture.name}"
            labelled = Labelled(name, picture.sha256, picture.path, label, picture.original)
            found[sides[picture.sha256]].append(labelled)
    return Split(dataset.labels, *(tuple(side) for side in found.values()))


def by(settings: TrainSettings, dataset: Dataset) -> Split:
    """The data set divided as the settings say, see :func:`divide`.

    Raises:
        PicturesError: When the data set isn't ready.
        SettingError: When the shares leave nothing to learn from.
    """
    return divide(dataset, settings.validation_share, settings.seed, settings.test_share)


class Counts(NamedTuple):
    """How many pictures of a class are on each side."""

    train: int = 0
    validation: int = 0
    test: int = 0


def counts(dataset: Dataset, split: Split) -> dict[str, Counts]:
    """For each class of the data set how many of its pictures are on each side."""
    numbers = [
        Counter(split.labels[each.label] for each in side)
        for side in (split.train, split.validation, split.test)
    ]
    return {each.name: Counts(*(side[each.name] for side in numbers)) for each in dataset.classes}


def to_json(split: Split) -> dict[str, object]:
    """The split as plain values for JSON."""
    return {
        "version": 1,
        "labels": list(split.labels),
        "train": [asdict(each) for each in split.train],
        "validation": [asdict(each) for each in split.validation],
        "test": [asdict(each) for each in split.test],
    }


def from_json(value: object) -> Split:
    """The split that :func:`to_json` wrote.

    Raises:
        PicturesError: When the value is anything else.
    """
    with files.checked():
        stored = files.version_1(value)
        labels = tuple(files.text(each) for each in stored["labels"])
        train, validation, test = (
            tuple(_labelled(each, len(labels)) for each in side)
            for side in (stored["train"], stored["validation"], stored.get("test", []))
        )
    return Split(labels, train, validation, test)


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
    if sum(picture.part != "test" for picture in pictures) < SMALLEST_CLASS:
        raise PicturesError(
            say("The pictures of “{name}” are all the same one.", name=each.name),
            say("Add different pictures to it."),
        )
    return pictures


def _labelled(value: Any, classes: int) -> Labelled:  # noqa: ANN401 - what JSON holds
    label = value["label"]
    if type(label) is not int or not 0 <= label < classes:
        raise ValueError(f"label is {label!r}")
    sha256, path = files.digest(value["sha256"]), files.below(value["path"])
    original = files.digest_or_none(value.get("original", ""))
    return Labelled(files.text(value["name"]), sha256, path, label, original)
