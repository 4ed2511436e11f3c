"""``predict``: what pictures show, by a model that was trained."""

import argparse
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from gui.commands import progress
from gui.core import answer_table, ingest, runs
from gui.core.prediction import Prediction


def predict(chosen: argparse.Namespace) -> int:
    """Print what each picture shows, as CSV or JSON; 1 when one can't be read."""
    run = runs.find(chosen.run)
    from gui.engine import processors, weights
    from gui.engine.prediction import Predictor

    processors.limit_threads()
    predictor = Predictor(lambda: weights.find(chosen.weights))
    answers = list(predictor.predict(run, [(str(path), path) for path in _pictures(chosen.files)]))
    if chosen.format == "json":
        shown = [_as_json(each) for each in answers]
        print(json.dumps(shown, ensure_ascii=False, indent=1))  # noqa: T201
    else:
        print(answer_table.as_csv(answers, run.split.labels), end="")  # noqa: T201
    for each in answers:
        if each.problem:
            progress.say(f"{each.name}: {each.problem}")
    return 1 if any(each.problem for each in answers) else 0


def _pictures(given: Iterable[Path]) -> Iterator[Path]:
    """The files, and for a folder all that lie in it, in name order."""
    for path in given:
        yield from (each.path for each in ingest.walk(path)) if path.is_dir() else (path,)


def _as_json(answer: Prediction) -> dict[str, object]:
    if answer.problem:
        return {"file": answer.name, "problem": answer.problem}
    label, probability = answer.best
    return {
        "file": answer.name,
        "label": label,
        "probability": probability,
        "probabilities": dict(answer.probabilities),
        "none_of_these": answer.unlike,
        "distance": answer.look.distance if answer.look else None,
        "threshold": answer.look.threshold if answer.look else None,
    }
