"""A labelled folder that a person brought to test a model with, evaluated in full."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from gui.core import evaluation, files, met, run_files
from gui.core.evaluation import Evaluation
from gui.words import joined, listed, say


class File(NamedTuple):
    """One picture of the folder.

    Attributes:
        name: Its name for the person.
        path: Where it is.
        folder: The name of the folder that it lies in.
        original: Hex digest of the person's own file where the browser sent a smaller one; else "".
    """

    name: str
    path: Path
    folder: str
    original: str = ""


Files = Sequence[File]


@dataclass(frozen=True)
class NotScored:
    """A picture that doesn't count, and why, in an English sentence."""

    name: str
    reason: str


@dataclass(frozen=True)
class Given:
    """What came of a folder.

    Attributes:
        evaluation: Of the pictures that count; None when there is none.
        unknown: Names of folders that are no class of the model; their pictures aren't looked at.
        problems: Pictures that don't count: unreadable, learned from, or the same once more.
        checking: How many of those that count the training was checked with: its best epoch was
            chosen on them.
    """

    evaluation: Evaluation | None
    unknown: tuple[str, ...]
    problems: tuple[NotScored, ...]
    checking: int = 0

    @property
    def sentence(self) -> str:
        """What the score leaves aside and what flatters it, for a person; "" when nothing does."""
        scored = self.evaluation.metrics.pictures if self.evaluation else 0
        said = [met.chosen(self.checking, scored)]
        if self.unknown:
            said.append(
                say(
                    "The model knows no class {names}, so the pictures of this folder are not "
                    "scored."
                    if len(self.unknown) == 1
                    else "The model knows no class {names}, so the pictures of these folders are "
                    "not scored.",
                    names=listed(say("“{name}”", name=each) for each in self.unknown),
                )
            )
        if count := len(self.problems):
            said.append(
                say(
                    "{count:,} picture is not scored; each is listed with the reason."
                    if count == 1
                    else "{count:,} pictures are not scored; each is listed with the reason.",
                    count=count,
                )
            )
        return joined(*said)


def sort(given: Files, labels: Sequence[str]) -> tuple[list[tuple[File, int]], list[str]]:
    """Which files belong to which class, by the names of their folders.

    "Cat" is a folder of the class "cat", unless there is a class "Cat", too.

    Returns:
        Each file with its class's place in ``labels``, and the names that are no class.
    """
    places = {_spelled(label).casefold(): place for place, label in enumerate(labels)}
    places |= {_spelled(label): place for place, label in enumerate(labels)}

    def place_of(folder: str) -> int | None:
        spelled = _spelled(folder)
        return places.get(spelled, places.get(spelled.casefold()))

    found = [(each, place_of(each.folder)) for each in given]
    known = [(each, place) for each, place in found if place is not None]
    return known, sorted({each.folder for each, place in found if place is None})


def to_json(given: Given) -> dict[str, object]:
    """The value as plain values for JSON."""
    return {
        "version": 1,
        "evaluation": evaluation.to_json(given.evaluation) if given.evaluation else None,
        "unknown": list(given.unknown),
        "problems": [asdict(each) for each in given.problems],
        "checking": given.checking,
    }


def from_json(value: object) -> Given:
    """What :func:`to_json` wrote.

    Raises:
        RunError: When the value is anything else.
    """
    with run_files.whole():
        stored = files.version_1(value)
        told = stored["evaluation"]
        found = None if told is None else evaluation.from_json(told)
        return Given(
            found,
            tuple(map(files.text, stored["unknown"])),
            tuple(_not_scored(stored["problems"])),
            _checking(stored.get("checking", 0), found),
        )


def _not_scored(stored: Iterable[Any]) -> Iterable[NotScored]:
    for each in stored:
        yield NotScored(files.text(each["name"]), files.text(each["reason"]))


def _checking(count: object, found: Evaluation | None) -> int:
    """So many of the pictures that count; ValueError when it can't be."""
    if type(count) is not int or not 0 <= count <= (found.metrics.pictures if found else 0):
        raise ValueError(f"checking is {count!r}")
    return count


def _spelled(name: str) -> str:
    """A name as it is compared: systems spell the same letters in two ways."""
    return unicodedata.normalize("NFC", name)
