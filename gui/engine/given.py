"""Evaluate a model on a labelled folder that a person brought."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gui.core import given, met
from gui.core.errors import RunError
from gui.core.evaluation import Answered
from gui.core.given import File, Files, Given, NotScored
from gui.core.met import How
from gui.core.runs import Run
from gui.engine import evaluation
from gui.engine.prediction import Predictor
from gui.words import mark

_BATCH = 16

Progress = Callable[[int, int], None]  # pictures answered, pictures in all


@dataclass(frozen=True)
class _Counted:
    """A picture that counts; ``checking``: the best epoch was chosen on it."""

    name: str
    path: Path
    digest: str
    truth: int
    checking: bool


def evaluate(run: Run, files: Files, predictor: Predictor, progress: Progress) -> Given:
    """Answer every picture whose folder is named as one of the run's classes.

    A picture that the model has learned from doesn't count, nor does one that comes twice, nor one
    that can't be read. Nothing is written into the run.

    Args:
        run: A run with at least one whole epoch.
        files: The pictures.
        predictor: Answers.
        progress: Called as pictures are answered.

    Raises:
        RunError: When the run has no whole epoch yet.
    """
    divided, kept = run.split, run.history.kept
    known, unknown = given.sort(files, divided.labels)
    counted, problems = _sorted_out(known, met.before(divided))
    answered, checking = list[Answered](), 0
    for start in range(0, len(counted), _BATCH):
        batch = counted[start : start + _BATCH]
        told = predictor.predict(run, [(each.name, each.path) for each in batch])
        for each, answer in zip(batch, told, strict=True):
            if answer.problem:
                problems.append(NotScored(each.name, answer.problem))
                continue
            shares = evaluation.plain(share for _, share in answer.probabilities)
            path = _below(each.name)
            answered.append(Answered(each.name, each.digest, path, each.truth, shares))
            checking += each.checking
        progress(start + len(batch), len(counted))
    if kept is None:
        raise RunError(
            mark("This training hasn't finished an epoch yet."),
            mark("Wait for the first epoch to end."),
        )
    told_of = evaluation.measured("given", kept.epoch, divided, answered) if answered else None
    return Given(told_of, tuple(unknown), tuple(problems), checking)


def _sorted_out(
    known: Iterable[tuple[File, int]], before: Mapping[str, How]
) -> tuple[list[_Counted], list[NotScored]]:
    """The pictures that count, and why others don't.

    Args:
        known: Each with its class.
        before: What the training has met before, see :func:`gui.core.met.before`.
    """
    seen: dict[str, str] = {}
    counted, problems = list[_Counted](), list[NotScored]()
    for file, truth in known:
        digest = met.digest(file.path)
        digests = {digest, file.original} - {""}
        how = met.how(before, digests)
        if reason := _reason(digests, how, seen):
            problems.append(NotScored(file.name, reason))
            continue
        seen |= dict.fromkeys(digests, file.name)
        counted.append(_Counted(file.name, file.path, digest, truth, how == "checked"))
    return counted, problems


def _reason(digests: Iterable[str], how: How | None, seen: Mapping[str, str]) -> str:
    """Why a picture doesn't count; "" when it does."""
    if how == "learned":
        return mark("The model has learned from it, so it tells nothing about new pictures.")
    if names := [seen[digest] for digest in digests if digest in seen]:
        return mark("It is the same picture as “{name}”, so it counts once.", name=names[0])
    return ""


def _below(name: str) -> str:
    """A path for a picture that is in no run's folder: its name, without what leads elsewhere."""
    parts = [each for each in PurePosixPath(name).parts if each not in ("/", "..", ".")]
    return "/".join(parts) or "picture"
