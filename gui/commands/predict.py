"""``predict``: what pictures show, by a model that was trained."""

import argparse
import csv
import json
import sys
from collections.abc import Sequence

from gui.commands import progress
from gui.core import runs
from gui.core.prediction import Prediction


def predict(chosen: argparse.Namespace) -> int:
    """Print what each picture shows, as CSV or JSON; 1 when one can't be read."""
    run = runs.find(chosen.run)
    from gui.engine import processors, weights
    from gui.engine.prediction import Predictor

    processors.limit_threads()
    predictor = Predictor(lambda: weights.find(chosen.weights))
    answers = list(predictor.predict(run, [(str(path), path) for path in chosen.files]))
    if chosen.format == "json":
        shown = [_as_json(each) for each in answers]
        print(json.dumps(shown, ensure_ascii=False, indent=1))  # noqa: T201
    else:
        _write_csv(answers, run.split.labels)
    for each in answers:
        if each.problem:
            progress.say(f"{each.name}: {each.problem}")
    return 1 if any(each.problem for each in answers) else 0


def _as_json(answer: Prediction) -> dict[str, object]:
    if answer.problem:
        return {"file": answer.name, "problem": answer.problem}
    label, probability = answer.best
    return {
        "file": answer.name,
        "label": label,
        "probability": probability,
        "probabilities": dict(answer.probabilities),
    }


def _write_csv(answers: Sequence[Prediction], labels: Sequence[str]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["file", "label", "probability", *labels])
    for each in answers:
        if each.problem:
            writer.writerow([each.name, "", "", *("" for _ in labels)])
        else:
            label, probability = each.best
            values = [f"{value:.9g}" for _, value in each.probabilities]
            writer.writerow([each.name, label, f"{probability:.9g}", *values])
