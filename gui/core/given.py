"""A labelled folder that a person brought to test a model with, evaluated in full."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gui.core import evaluation, files, run_files
from gui.core.evaluation import Evaluation
from gui.words import joined, listed, say

Files = Sequence[tuple[str, Path, str]]  # name for the person, where it is, its folder's name


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
    """

    evaluation: Evaluation | None
    unknown: tuple[str, ...]
    problems: tuple[NotScored, ...]

    @property
    def sentence(self) -> str:
        """What was left aside, for a person; "" when nothing was."""
        said = []
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


def sort(given: Files, labels: Sequence[str]) -> tuple[list[tuple[str, Path, int]], list[str]]:
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

    found = [(name, path, folder, place_of(folder)) for name, path, folder in given]
    known = [(name, path, place) for name, path, _, place in found if place is not None]
    return known, sorted({folder for *_, folder, place in found if place is None})


def to_json(given: Given) -> dict[str, object]:
    """The value as plain values for JSON."""
    return {
        "version": 1,
        "evaluation": evaluation.to_json(given.evaluation) if given.evaluation else None,
        "unknown": list(given.unknown),
        "problems": [asdict(each) for each in given.problems],
    }


def from_json(value: object) -> Given:
    """What :func:`to_json` wrote.

    Raises:
        RunError: When the value is anything else.
    """
    with run_files.whole():
        stored = files.version_1(value)
        told = stored["evaluation"]
        return Given(
            None if told is None else evaluation.from_json(told),
            tuple(map(files.text, stored["unknown"])),
            tuple(_not_scored(stored["problems"])),
        )


def _not_scored(stored: Iterable[Any]) -> Iterable[NotScored]:
    for each in stored:
        yield NotScored(files.text(each["name"]), files.text(each["reason"]))


def _spelled(name: str) -> str:
    """A name as it is compared: systems spell the same letters in two ways."""
    return unicodedata.normalize("NFC", name)
