"""Evaluate a model on a labelled folder that a person brought."""

import hashlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from gui.core import given
from gui.core.errors import RunError
from gui.core.evaluation import Answered
from gui.core.given import Files, Given, NotScored
from gui.core.runs import Run
from gui.engine import evaluation
from gui.engine.prediction import Predictor
from gui.words import mark

_BATCH = 16

Progress = Callable[[int, int], None]  # pictures answered, pictures in all


def evaluate(run: Run, files: Files, predictor: Predictor, progress: Progress) -> Given:
    """Answer every picture whose folder is named as one of the run's classes.

    A picture that the model has learned from doesn't count, nor does one that comes twice, nor one
    that can't be read. Nothing is written into the run.

    Args:
        run: A run with at least one whole epoch.
        files: Each picture's name for the person, where it is, and the name of its folder.
        predictor: Answers.
        progress: Called as pictures are answered.

    Raises:
        RunError: When the run has no whole epoch yet.
    """
    divided, kept = run.split, run.history.kept
    known, unknown = given.sort(files, divided.labels)
    learned = {digest for each in divided.train for digest in each.digests}
    seen: dict[str, str] = {}
    counted: list[tuple[str, Path, str, int]] = []  # name, place, digest, class
    problems: list[NotScored] = []
    for name, path, truth in known:
        digest = _digest(path)
        if reason := _reason(digest, learned, seen):
            problems.append(NotScored(name, reason))
        else:
            seen[digest] = name
            counted.append((name, path, digest, truth))
    answered = []
    for start in range(0, len(counted), _BATCH):
        batch = counted[start : start + _BATCH]
        told = predictor.predict(run, [(name, path) for name, path, *_ in batch])
        for (name, _, digest, truth), answer in zip(batch, told, strict=True):
            if answer.problem:
                problems.append(NotScored(name, answer.problem))
            else:
                shares = evaluation.plain(share for _, share in answer.probabilities)
                answered.append(Answered(name, digest, _below(name), truth, shares))
        progress(start + len(batch), len(counted))
    if kept is None:
        raise RunError(
            mark("This training hasn't finished an epoch yet."),
            mark("Wait for the first epoch to end."),
        )
    told_of = evaluation.measured("given", kept.epoch, divided, answered) if answered else None
    return Given(told_of, tuple(unknown), tuple(problems))


def _reason(digest: str, learned: set[str], seen: dict[str, str]) -> str:
    """Why a picture doesn't count; "" when it does."""
    if digest in learned:
        return mark("The model has learned from it, so it tells nothing about new pictures.")
    if digest in seen:
        return mark("It is the same picture as “{name}”, so it counts once.", name=seen[digest])
    return ""


def _digest(path: Path) -> str:
    """Hex digest of a file's bytes; of none when it can't be read, which is told later."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return hashlib.sha256(str(path).encode()).hexdigest()


def _below(name: str) -> str:
    """A path for a picture that is in no run's folder: its name, without what leads elsewhere."""
    parts = [each for each in PurePosixPath(name).parts if each not in ("/", "..", ".")]
    return "/".join(parts) or "picture"
