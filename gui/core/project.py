"""A project file: all of a finished training in one zip, that opens again on another computer.

::

    run.json                  title, when it was asked for, the run whose pictures were mended
    config.json, split.json, events.jsonl         as in the run's folder
    evaluation.json, evaluation-test.json, learning_curve.json    as far as they are there
    best.npz, checkpoint.npz  the weights that learned, and where to go on from
    novelty.npz               what its pictures look like to it, if that is known
    dataset.json              the data set, with what was changed about it
    pictures/<sha256>.<ending>    every picture that the run is made with

It is a ``core.sealed`` zip. No path of this computer is in it, and no ``model.keras``: that is
built again from the settings and the weights where it is opened. ``core.contents`` reads what it
says, ``core.opening`` opens it.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from pathlib import Path, PurePosixPath
from typing import Final

from gui.core import (
    evaluation,
    events,
    learning_curve,
    record,
    sealed,
    sealing,
    split,
    take_home,
    vgg16,
)
from gui.core.config import Config
from gui.core.dataset import Dataset, Part, Picture, PictureClass
from gui.core.errors import FreezepointError, RunError
from gui.core.evaluation import Evaluation, Side
from gui.core.learning_curve import LearningCurve
from gui.core.pictures import PICTURE_SUFFIXES
from gui.core.retraining import retrained_from
from gui.core.runs import Run
from gui.core.sealed import Limits, Sealed
from gui.core.sealing import Progress
from gui.core.split import Labelled, Split
from gui.words import say

PICTURES: Final = "pictures/"
ARRAYS: Final = ("best.npz", "checkpoint.npz", "novelty.npz")
CURVE: Final = "learning_curve.json"
SIDES: Final[tuple[Side, ...]] = ("validation", "test")

NAMES: Final = (  # of what can't be missing
    *("best.npz", "checkpoint.npz"),
    *("run.json", "config.json", "split.json", "events.jsonl", "dataset.json"),
)
_PICTURE: Final = r"[0-9a-f]{64}(\.[a-z0-9]{1,5})?"
_LIMITS: Final = Limits(
    members=50_000,
    total_bytes=40 * 10**9,  # a classic head with its optimizer takes 2, the pictures the rest
    name=re.compile(
        "|".join(
            [
                *map(re.escape, [*NAMES, CURVE]),
                r"novelty\.npz|evaluation(-test)?\.json",
                PICTURES + _PICTURE,
            ]
        )
    ),
)


def pack(run: Run, path: Path, progress: Progress) -> None:
    """Write the project file of a finished run, in one step.

    Args:
        run: It may be evaluated meanwhile, but not trained.
        path: The file.
        progress: Called with (members done, in all).

    Raises:
        RunError: When it isn't finished, or one of its pictures is gone or changed.
        DiskFull: When there is no room.
    """
    of, divided, root = take_home.stamp(run), run.split, run.pictures_root
    names = _names(divided)
    told: dict[str, object] = {
        "run.json": {"version": 1, **asdict(run.about), "retrained_from": retrained_from(run)},
        "config.json": run.config.to_json(),
        "split.json": split.to_json(_moved(divided, names)),
        "dataset.json": record.to_json(_dataset(run, divided, names)),
    }
    for side in SIDES:
        at, kept = run.evaluation(side), run.history.evaluated
        if at.exists() and kept and (found := evaluation.load(at)).epoch == kept.epoch:
            told[at.name] = evaluation.to_json(_moved_answers(found, names))
    if run.learning_curve.exists():
        curve = learning_curve.load(run.learning_curve)
        if fits(curve, divided, run.config):
            told[CURVE] = learning_curve.to_json(curve)
    members: list[tuple[str, bytes | Path]] = [(name, _json(each)) for name, each in told.items()]
    happened = "".join(map(events.to_line, events.read(run.path / "events.jsonl")))
    members.append(("events.jsonl", happened.encode()))
    members += [(each, run.path / each) for each in ARRAYS if _is_there(run, each)]
    for each in pictures_of(divided):
        _check_same(each, root)
        members.append((PICTURES + names[each.sha256], root / each.path))
    try:
        sealing.write(path, members, progress)
    except FileNotFoundError as error:
        raise RunError(
            say("A file of this training is gone."), say("Train again with the pictures there are.")
        ) from error
    if run.history.busy or take_home.stamp(run) != of:
        path.unlink(missing_ok=True)
        raise RunError(
            say("It was trained further meanwhile."), say("Wait for its end, then try again.")
        )


def opened(path: Path, shown: str) -> AbstractContextManager[Sealed]:
    """A project file, open: see :func:`gui.core.sealed.opened`."""
    return sealed.opened(path, shown, _LIMITS)


def fits(curve: LearningCurve, divided: Split, config: Config) -> bool:
    """Whether a learning curve can be that of the run with this split and these settings."""
    learned = Counter(each.label for each in divided.train)
    counts = [learned[place] for place in range(len(divided.labels))]
    parts = all(
        list(each.learned_from) == [learning_curve.part(each.share, count) for count in counts]
        for each in curve.points
    )
    truths = tuple(each.label for each in divided.validation)
    asked = (curve.labels, curve.truths) == (divided.labels, truths)
    seeds = {len(each.right) for each in curve.points}
    drawn = len(seeds) == 1 and curve.points[-1].share == 1
    tuned = vgg16.first_learning(config.model.freeze_point) != vgg16.HEAD_ONLY
    return parts and asked and drawn and curve.tuned == tuned


def _is_there(run: Run, name: str) -> bool:
    return name in NAMES or (run.path / name).exists()


def pictures_of(divided: Split) -> tuple[Labelled, ...]:
    """Every picture of a split."""
    return (*divided.train, *divided.validation, *divided.test)


def _names(divided: Split) -> dict[str, str]:
    """For each digest the name of its file: with the ending that the person knows."""
    names: dict[str, str] = {}
    for each in pictures_of(divided):
        ending = PurePosixPath(each.name).suffix.lower()
        names[each.sha256] = each.sha256 + (ending if ending in PICTURE_SUFFIXES else "")
    return names


def _moved(divided: Split, names: Mapping[str, str]) -> Split:
    sides = (
        tuple(replace(each, path=names[each.sha256]) for each in side)
        for side in (divided.train, divided.validation, divided.test)
    )
    return Split(divided.labels, *sides)


def _moved_answers(told: Evaluation, names: Mapping[str, str]) -> Evaluation:
    answers = tuple(replace(each, path=names[each.sha256]) for each in told.answers)
    return replace(told, answers=answers)


def _dataset(run: Run, divided: Split, names: Mapping[str, str]) -> Dataset:
    """The data set, as far as its pictures go along."""
    root = run.pictures_root
    try:
        listed = root.name == "pictures" and record.load(root.with_name("dataset.json"), root)
    except FreezepointError:
        listed = False
    if not listed:
        return _of_split(divided, names)
    classes = (
        replace(each, pictures=tuple(_kept(each.pictures, names))) for each in listed.classes
    )
    return replace(listed, classes=tuple(classes))


def _kept(pictures: Sequence[Picture], names: Mapping[str, str]) -> Iterator[Picture]:
    for each in pictures:
        if each.sha256 in names:
            yield replace(each, path=names[each.sha256])


def _of_split(divided: Split, names: Mapping[str, str]) -> Dataset:
    """The data set of a run whose pictures are a folder that nobody keeps a list of."""
    sides: tuple[tuple[Part, tuple[Labelled, ...]], ...] = (
        ("train", divided.train),
        ("validation", divided.validation),
        ("test", divided.test),
    )
    found: dict[str, list[Picture]] = {label: [] for label in divided.labels}
    for part, side in sides:
        for each in side:
            label = divided.labels[each.label]
            name = each.name.removeprefix(f"{label}/")
            found[label].append(
                Picture(name, each.sha256, names[each.sha256], part, original=each.original)
            )
    return Dataset(
        Path(),
        tuple(
            PictureClass(label, tuple(sorted(pictures, key=lambda each: each.name)))
            for label, pictures in sorted(found.items())
        ),
    )


def _check_same(picture: Labelled, root: Path) -> None:
    """Refuse to pack another picture than the one that was learned from."""
    try:
        with (root / picture.path).open("rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == picture.sha256
    except OSError:
        same = False
    if not same:
        raise RunError(
            say("The picture “{name}” of this training is gone or has changed.", name=picture.name),
            say("Put it back, or start a new training with the pictures there are."),
        )


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
