"""What a model answered to every picture of one side, and what that is worth.

``evaluation.json`` (validation pictures) and ``evaluation-test.json`` (test pictures) of a run hold
one each; a worker writes them, everything else reads them.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from gui.core import files, run_files
from gui.core.metrics import Bin, ClassScore, Metrics

Side = Literal["validation", "test", "given"]  # "given": pictures that a person brought to test

_MOST: Final = 2**53  # no count is more: a float holds it exactly up to here


@dataclass(frozen=True)
class Answered:
    """One picture and what the model said.

    Attributes:
        name: Class and picture, "cat/1.jpg", or the name that a person knows it by.
        sha256: Hex digest of the file's bytes.
        path: The file, relative to the run's ``pictures_root``; of dropped pictures that are kept,
            relative to their trial's folder.
        truth: Place of its true class in ``Evaluation.labels``.
        probabilities: One for each class, in the model's order; sum 1.
    """

    name: str
    sha256: str
    path: str
    truth: int
    probabilities: tuple[float, ...]

    @property
    def answer(self) -> int:
        """Place of the most probable class, the first of equals."""
        return max(range(len(self.probabilities)), key=lambda each: self.probabilities[each])

    @property
    def confidence(self) -> float:
        """Probability of the class that was answered, 0 to 1."""
        return self.probabilities[self.answer]

    @property
    def right(self) -> bool:
        """Whether the true class was answered."""
        return self.answer == self.truth


@dataclass(frozen=True)
class Evaluation:
    """Every picture of one side with its answer, and the measures of all of them.

    Attributes:
        side: Which pictures. The kept epoch was chosen on those of "validation", on no other.
        epoch: The epoch whose weights answered.
        labels: Class names, in the model's order.
        answers: In the order of the split.
        metrics: What they are worth.
    """

    side: Side
    epoch: int
    labels: tuple[str, ...]
    answers: tuple[Answered, ...]
    metrics: Metrics

    @property
    def mistakes(self) -> tuple[Answered, ...]:
        """The wrong answers, the surest first."""
        wrong = (each for each in self.answers if not each.right)
        return tuple(sorted(wrong, key=lambda each: (-each.confidence, each.name)))

    def cell(self, truth: int, answer: int) -> tuple[Answered, ...]:
        """The pictures of one cell of the confusion matrix, the surest first."""
        found = (each for each in self.answers if (each.truth, each.answer) == (truth, answer))
        return tuple(sorted(found, key=lambda each: (-each.confidence, each.name)))


def save(evaluation: Evaluation, path: Path) -> None:
    """Write an evaluation to a JSON file in one step.

    Raises:
        DiskFull: When there is no room; an older file stays.
    """
    files.write_json(path, to_json(evaluation))


def to_json(evaluation: Evaluation) -> dict[str, object]:
    """The evaluation as plain values for JSON."""
    return {
        "version": 1,
        **vars(evaluation),
        "answers": [dict(vars(each)) for each in evaluation.answers],  # asdict copies each number
        "metrics": asdict(evaluation.metrics),
    }


def load(path: Path) -> Evaluation:
    """The evaluation in a file that :func:`save` wrote; a stranger's file may hold anything.

    Raises:
        RunError: When it isn't there or holds anything else.
    """
    with run_files.whole():
        told = files.stat(path)
    return _loaded(path, told.st_ino, told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=4)  # one look of a page asks several times; of many pictures it takes seconds
def _loaded(path: Path, inode: int, changed_ns: int, size_bytes: int) -> Evaluation:
    del inode, changed_ns, size_bytes
    return from_json(run_files.read(path))


def from_json(value: object) -> Evaluation:
    """The evaluation that :func:`to_json` wrote.

    Raises:
        RunError: When the value is anything else.
    """
    with run_files.whole():
        return _read(files.version_1(value))


def _read(stored: dict[str, Any]) -> Evaluation:
    labels = tuple(files.text(each) for each in stored["labels"])
    side: Side = stored["side"]
    if side not in get_args(Side):
        raise ValueError(f"side is {side!r}")
    answers = tuple(_answered(each, len(labels)) for each in stored["answers"])
    return Evaluation(
        side, _count(stored["epoch"]), labels, answers, _metrics(stored["metrics"], labels)
    )


def _answered(stored: dict[str, Any], classes: int) -> Answered:
    probabilities = tuple(_share(each) for each in stored["probabilities"])
    truth = _count(stored["truth"])
    if len(probabilities) != classes or truth >= classes:
        raise ValueError("an answer of another number of classes")
    return Answered(
        files.text(stored["name"]),
        files.digest(stored["sha256"]),
        files.below(stored["path"]),
        truth,
        probabilities,
    )


def _metrics(stored: dict[str, Any], labels: tuple[str, ...]) -> Metrics:
    classes = tuple(_class_score(each) for each in stored["classes"])
    confusion = tuple(tuple(map(_count, row)) for row in stored["confusion"])
    square = len(confusion) == len(labels) and all(len(row) == len(labels) for row in confusion)
    if tuple(each.label for each in classes) != labels or not square:
        raise ValueError("measures of other classes")
    bins = tuple(
        Bin(_share(each["confidence"]), *_part_of(each["right"], each["pictures"]))
        for each in stored["calibration"]
    )
    loss = float(stored["loss"])
    return Metrics(*_part_of(stored["right"], stored["pictures"]), loss, classes, confusion, bins)


def _class_score(stored: dict[str, Any]) -> ClassScore:
    counts = (stored[name] for name in ("learned_from", "pictures", "answered", "right"))
    shares = _optional(stored[name] for name in ("precision", "recall", "f1"))
    score = ClassScore(files.text(stored["label"]), *map(_count, counts), *shares)
    if score.right > min(score.pictures, score.answered):
        raise ValueError("more right answers than answers")
    return score


def _optional(values: Iterator[object]) -> Iterator[float | None]:
    return (None if each is None else _share(each) for each in values)


def _part_of(right: object, pictures: object) -> tuple[int, int]:
    if not 0 <= _count(right) <= _count(pictures) or not _count(pictures):
        raise ValueError(f"{right!r} of {pictures!r} pictures")
    return _count(right), _count(pictures)


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value < _MOST:
        raise ValueError(f"{value!r} is no count")
    return value


def _share(value: object) -> float:
    if type(value) is not float and type(value) is not int:
        raise ValueError(f"{value!r} is no share")
    share = float(value)
    if not 0 <= share <= 1:
        raise ValueError(f"{value!r} is no share")
    return share
