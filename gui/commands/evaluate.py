"""``evaluate``: how good a training is, on the pictures kept out of learning or on a folder."""

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from gui.commands import progress
from gui.core import evaluation, ingest, runs
from gui.core.accuracy import Accuracy
from gui.core.answer_table import harmless
from gui.core.errors import PicturesError, RunError
from gui.core.evaluation import Evaluation
from gui.core.given import File, Files, Given
from gui.core.metrics import ClassScore
from gui.core.runs import Run


def evaluate(chosen: argparse.Namespace) -> int:
    """Print an evaluation as text, JSON or CSV; 1 when some pictures of a folder don't count."""
    run = runs.find(chosen.run)
    if chosen.folder is None:
        _write(_of(run, chosen.side, chosen.weights), chosen.format)
        return 0
    if chosen.side is not None:
        raise RunError("--side is for the training's own pictures.", "Leave it out, or the folder.")
    told = _given(run, _files(chosen.folder), chosen.weights)
    for each in told.problems:
        progress.say(f"Not scored: {each.name}: {each.reason}")
    if told.sentence:
        progress.say(told.sentence)
    if told.evaluation is None:
        raise PicturesError(
            f"No picture in “{chosen.folder}” can be scored.",
            f"Put pictures into folders named {', '.join(run.split.labels)}.",
        )
    _write(told.evaluation, chosen.format)
    return 1 if told.problems else 0


def _of(run: Run, side: evaluation.Side | None, weights: Path | None) -> Evaluation:
    """What stands in the run; worked out and written there when it doesn't yet."""
    side = side or "validation"
    if side == "test" and not run.split.test:
        raise RunError(
            "This training has no test pictures.", "Use --side validation, or give a folder."
        )
    told = run.history.evaluated
    path = run.evaluation(side)
    if not path.exists() or (told and evaluation.load(path).epoch != told.epoch):
        from gui.engine import evaluation as engine
        from gui.engine import processors
        from gui.engine.loaded import Models
        from gui.engine.weights import find

        processors.limit_threads()
        models = Models(lambda: find(weights))
        engine.again(run, models.load(run), lambda: find(weights), _tell)
    return evaluation.load(path)


def _given(run: Run, files: Files, weights: Path | None) -> Given:
    from gui.engine import given, processors
    from gui.engine.prediction import Predictor
    from gui.engine.weights import find

    processors.limit_threads()
    return given.evaluate(run, files, Predictor(lambda: find(weights)), _tell)


def _files(folder: Path) -> Files:
    """Every picture of a folder with the name of the folder that it lies in."""
    if not folder.is_dir():
        raise PicturesError(
            f"“{folder}” is no folder.", "Give a folder with a sub-folder for each class."
        )
    found = [File(each.rel, each.path, each.path.parent.name) for each in ingest.walk(folder)]
    if not found:
        raise PicturesError(f"“{folder}” is empty.", "Give a folder with pictures.")
    return found


def _tell(done: int, total: int) -> None:
    progress.say(f"checking {done} of {total}")


def _write(told: Evaluation, form: str) -> None:
    if form == "json":
        value = evaluation.to_json(told)
        print(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False))  # noqa: T201
    elif form == "csv":
        _write_csv(told)
    else:
        print("\n".join(_lines(told)))  # noqa: T201


def _write_csv(told: Evaluation) -> None:
    """A line a picture; a text that a spreadsheet would run gets an apostrophe before it."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    labels = [harmless(each) for each in told.labels]
    writer.writerow(["file", "truth", "label", "probability", *labels])
    for each in told.answers:
        values = [f"{value:.9g}" for value in each.probabilities]
        named = labels[each.truth], labels[each.answer]
        writer.writerow([harmless(each.name), *named, f"{each.confidence:.9g}", *values])


def _lines(told: Evaluation) -> list[str]:
    accuracy = told.metrics.accuracy
    lines = [
        f"{told.side} pictures, epoch {told.epoch}",
        f"accuracy: {accuracy.text}, most likely {accuracy.low_text} to {accuracy.high_text}",
        f"loss: {told.metrics.loss:.4f}",
        "",
    ]
    if told.side == "validation":
        lines.insert(1, "The best epoch was chosen on these pictures.")
    scores = [_scores(each) for each in told.metrics.classes]
    lines += _table([("class", "precision", "recall", "F1"), *scores])
    lines += ["", "true class (row) and answer (column):"]
    counts = zip(told.labels, told.metrics.confusion, strict=True)
    lines += _table([("", *told.labels), *((name, *map(str, row)) for name, row in counts)])
    return lines


def _scores(score: ClassScore) -> tuple[str, ...]:
    either = score.pictures + score.answered - score.right
    f1 = "-"
    if score.f1 is not None and score.f1_range:
        low, high = score.f1_range
        f1 = f"{score.f1:.3f} ({low:.3f} to {high:.3f}, n={either})"
    return score.label, _share(score.precision_range), _share(score.recall_range), f1


def _share(told: Accuracy | None) -> str:
    if told is None:
        return "-"
    return f"{told.share:.3f} ({told.low:.3f} to {told.high:.3f}, n={told.pictures})"


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows with their columns below each other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
