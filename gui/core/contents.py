"""What a project file says, taken apart without trusting it: each part, and that they fit together.

Nothing is written here, and no array is read: weights are checked in a worker.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from gui.core import evaluation, events, files, learning_curve, project, record, sealed, split
from gui.core.config import Config
from gui.core.dataset import Dataset, fit_name
from gui.core.entry import class_name, steers
from gui.core.errors import FreezepointError
from gui.core.evaluation import Evaluation, Side
from gui.core.events import Event
from gui.core.history import History, fold
from gui.core.learning_curve import LearningCurve
from gui.core.metrics import ClassScore
from gui.core.project import CURVE, NAMES, PICTURES, SIDES, pictures_of
from gui.core.runs import About
from gui.core.sealed import Sealed
from gui.core.split import Split

_MOST_CLASSES: Final = 1000
_MOST_EVENTS: Final = 200_000
_MOST_EPOCHS: Final = 10_000
_LONGEST_TITLE: Final = 1000
_LONGEST_NAME: Final = 5000  # of a picture or a file that is left out, folders and all
_MOST_LEFT_OUT: Final = 50_000
_SAME: Final = 1e-6  # shares that differ by less are one
_RUN: Final = re.compile(r"[0-9a-f]{16}")  # what a run of somebody's is called
_LAST_S: Final = 1e11  # seconds since 1970 until the year 5138


@dataclass(frozen=True)
class Contents:
    """What a project file says, taken apart and found to fit together.

    Attributes:
        about: Title and time.
        retrained_from: Id of the run whose pictures were mended for this one. Only who has that
            run, too, can see before and after.
        config: Every setting.
        split: Its paths are those of ``pictures``.
        events: All that happened.
        evaluations: By side.
        learning_curve: What fewer pictures would have given, where that was found out.
        dataset: Its root has no meaning yet.
        pictures: Names of the files below ``pictures/``.
    """

    about: About
    retrained_from: str | None
    config: Config
    split: Split
    events: tuple[Event, ...]
    evaluations: dict[Side, Evaluation]
    learning_curve: LearningCurve | None
    dataset: Dataset
    pictures: tuple[str, ...]


def read(found: Sealed) -> Contents:
    """All that the file says about its run; nothing is written.

    Raises:
        ArchiveError: When a part is missing, can't be read, or doesn't fit to the others.
    """
    try:
        return _read(found)
    except (FreezepointError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise sealed.damaged(found.shown) from error
    except (RecursionError, OverflowError) as error:
        raise sealed.damaged(found.shown) from error


def _read(found: Sealed) -> Contents:
    pictures = tuple(
        name.removeprefix(PICTURES) for name in found.members if name.startswith(PICTURES)
    )
    config = Config.from_json(files.version_1(found.json("config.json")))
    divided = _checked(split.from_json(found.json("split.json")), pictures)
    happened = tuple(_events(found.read("events.jsonl").decode("utf-8")))
    history = _whole(fold(happened), divided)
    told = ((side, f"evaluation{'' if side == 'validation' else '-test'}.json") for side in SIDES)
    evaluations = {
        side: _fitting(evaluation.from_json(found.json(name)), side, history, divided)
        for side, name in told
        if name in found.members
    }
    data = record.from_json(found.json("dataset.json"), Path())
    for each in (picture for kind in data.classes for picture in kind.pictures):
        if each.path not in pictures or PurePosixPath(each.path).stem != each.sha256:
            raise ValueError(f"{each.path} isn't there")
    if any(fit_name(each.name) != each.name for each in data.classes):
        raise ValueError("a class without a proper name")
    if len(data.classes) > _MOST_CLASSES or len(data.left_out) > _MOST_LEFT_OUT:
        raise ValueError("more than any page can show")
    _check_names(each.name for kind in data.classes for each in kind.pictures)
    _check_names(text for each in data.left_out for text in (each.name, each.reason))
    if not set(NAMES) <= found.members.keys():
        raise ValueError("weights are missing")
    stored = files.version_1(found.json("run.json"))
    about, before = _about(stored), _before(stored)
    curve = _curve(found, divided, config)
    return Contents(about, before, config, divided, happened, evaluations, curve, data, pictures)


def _about(stored: Mapping[str, object]) -> About:
    title, created_at = files.text(stored["title"]), float(str(stored["created_at"]))
    if not 0 <= created_at < _LAST_S or len(title) > _LONGEST_TITLE:
        raise ValueError("no title or time")
    _check_names([title])
    return About(class_name(title) or "?", created_at)


def _before(stored: Mapping[str, object]) -> str | None:
    """The run that this one was made from; files of before don't name it."""
    before = stored.get("retrained_from")
    if before is not None and not _RUN.fullmatch(files.text(before)):
        raise ValueError("the name of no run")
    return None if before is None else files.text(before)


def _curve(found: Sealed, divided: Split, config: Config) -> LearningCurve | None:
    """The learning curve of just this run; files of before have none."""
    if CURVE not in found.members:
        return None
    curve = learning_curve.from_json(found.json(CURVE))
    if not project.fits(curve, divided, config):
        raise ValueError("a learning curve of something else")
    return curve


def _events(text: str) -> Iterator[Event]:
    lines = text.splitlines(keepends=True)
    if len(lines) > _MOST_EVENTS:
        raise ValueError(f"{len(lines)} events")
    for line in lines:
        event = events.from_line(line) if line.endswith("\n") else None
        if event is None or not 0 <= event.at < _LAST_S:
            raise ValueError("a line that is no event")
        yield event


def _whole(history: History, divided: Split) -> History:
    """The history of a finished run, as only a training makes it."""
    told, epochs = history.evaluated, history.epochs
    if history.busy or not history.finished or not history.started or told is None:
        raise ValueError("it isn't finished")
    numbers = [each.epoch for each in epochs]
    if numbers != list(range(1, len(epochs) + 1)) or told.epoch not in numbers:
        raise ValueError("epochs are missing")
    losses = [value for each in epochs for value in (each.loss, each.val_loss, each.seconds)]
    shares = [value for each in epochs for value in (each.accuracy, each.val_accuracy)]
    if not all(map(math.isfinite, [*losses, told.loss])):
        raise ValueError("a loss that is no number")
    if not all(0 <= each <= 1 for each in [*shares, told.accuracy]):
        raise ValueError("an accuracy that is no share")
    if max(len(epochs), history.epochs_planned) > _MOST_EPOCHS:
        raise ValueError("more epochs than anyone trains")
    if told.pictures != len(divided.validation):
        raise ValueError("checked with other pictures")
    files.digest(history.started.weights_sha256)
    return history


def _checked(divided: Split, pictures: Sequence[str]) -> Split:
    """A split of just these pictures, each on one side."""
    labels, listed = divided.labels, pictures_of(divided)
    if not 2 <= len(labels) <= _MOST_CLASSES or len(set(labels)) < len(labels):
        raise ValueError(f"{len(labels)} classes")
    if any(fit_name(each) != each for each in labels):
        raise ValueError("a class without a proper name")
    if not divided.train or not divided.validation:
        raise ValueError("a side without pictures")
    if any(PurePosixPath(each.path).stem != each.sha256 for each in listed):
        raise ValueError("a picture under another name")
    _check_names(each.name for each in listed)
    if len({each.sha256 for each in listed}) < len(listed):
        raise ValueError("a picture on two sides")
    if sorted(each.path for each in listed) != sorted(pictures):
        raise ValueError("other pictures than the split has")
    return divided


def _fitting(told: Evaluation, side: Side, history: History, divided: Split) -> Evaluation:
    """An evaluation of just this run, whose measures are those of its answers."""
    asked = divided.validation if side == "validation" else divided.test
    answered = [(each.name, each.sha256, each.path, each.truth) for each in told.answers]
    if sorted(answered) != sorted(
        (each.name, each.sha256, each.path, each.label) for each in asked
    ):
        raise ValueError("answers to other pictures")
    if told.side != side or told.labels != divided.labels:
        raise ValueError("an evaluation of something else")
    if history.evaluated is None or told.epoch != history.evaluated.epoch:
        raise ValueError("an evaluation of another epoch")
    _check_measures(told, Counter(each.label for each in divided.train))
    return told


def _check_measures(told: Evaluation, learned_from: Mapping[int, int]) -> None:
    """Prove that the measures are those of the answers; ValueError when they aren't."""
    metrics, places = told.metrics, range(len(told.labels))
    pairs = Counter((each.truth, each.answer) for each in told.answers)
    right = sum(count for (truth, answer), count in pairs.items() if truth == answer)
    if metrics.confusion != tuple(tuple(pairs[truth, each] for each in places) for truth in places):
        raise ValueError("counts of other answers")
    if (metrics.right, metrics.pictures) != (right, len(told.answers)):
        raise ValueError("an accuracy of other answers")
    for place, score in enumerate(metrics.classes):
        answered = sum(row[place] for row in metrics.confusion)
        counts = (learned_from.get(place, 0), sum(metrics.confusion[place]), answered)
        if (score.learned_from, score.pictures, score.answered) != counts:
            raise ValueError("a class with the counts of others")
        if score.right != pairs[place, place] or not _has_its_shares(score):
            raise ValueError("a class with the scores of others")
    bins = metrics.calibration
    drawn = (sum(each.right for each in bins), sum(each.pictures for each in bins))
    if not math.isfinite(metrics.loss) or (bins and drawn != (right, len(told.answers))):
        raise ValueError("a loss or bins of other answers")


def _has_its_shares(score: ClassScore) -> bool:
    """Whether precision, recall and F1 are what the counts make; none where there is no count."""
    wholes = (score.answered, score.pictures, (score.answered + score.pictures) / 2)
    shares = (score.precision, score.recall, score.f1)
    return all(
        share is None
        if not whole
        else share is not None and abs(share - score.right / whole) < _SAME
        for share, whole in zip(shares, wholes, strict=True)
    )


def _check_names(names: Iterable[str]) -> None:
    """Prove that names can be written and shown as they are; ValueError when one can't."""
    for each in names:
        each.encode()  # half a character can't be
        if any(map(steers, each)):
            raise ValueError("a name that steers the text around it")
        if len(each) > _LONGEST_NAME:
            raise ValueError(f"a name of {len(each)} letters")
