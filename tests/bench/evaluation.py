"""Seconds to evaluate a finished training on 300 validation pictures.

From stored features, from the pictures themselves, and as a labelled folder that a person brings;
and what the learning curve takes. Promised: 5 s from stored features, with the model loaded.
"""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import measure
import picture_sets

from gui.core import evaluation as core_evaluation
from gui.core import runs
from gui.core.given import File
from gui.engine import evaluation, given, learning_curve, metrics, processors, weights
from gui.engine.prediction import Predictor

VALIDATION = 300


def main() -> None:
    parser = measure.arguments(__doc__)
    picture_sets.add_arguments(parser)
    parser.add_argument("--image-size", type=int, default=160)
    parser.add_argument("--freeze-point", default="head")
    chosen = parser.parse_args()
    measure.begin(__doc__)
    with measure.scratch() as folder:
        pictures = divided(picture_sets.fetch(chosen, folder), folder / "divided")
        flags = ("--image-size", str(chosen.image_size), "--freeze-point", chosen.freeze_point)
        done = measure.train(pictures, folder / "run", "--epochs", 5, *flags)
        print(f"{chosen.freeze_point}, {chosen.image_size} px: {done.printed.strip()}", flush=True)
        processors.limit_threads()
        clock("importing scikit-learn's measures, Keras being there", metrics.load)
        ask(runs.find(folder / "run"), pictures / "val")


def divided(pictures: Path, into: Path) -> Path:
    """A copy with a few pictures of each class to learn from, and 300 to check with."""
    classes = sorted(each for each in pictures.iterdir() if each.is_dir())
    for number, each in enumerate(classes):
        found = picture_sets.files(each)
        count = (VALIDATION * (number + 1)) // len(classes) - VALIDATION * number // len(classes)
        for place, path in enumerate(found):
            target = into / ("val" if place < count else "train") / each.name / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    return into


def ask(run: runs.Run, folder: Path) -> None:
    """Every way of evaluating."""
    found = weights.find()
    predictor = Predictor(lambda: found)
    clock("loading the model", lambda: predictor.models.load(run))
    loaded = predictor.models.load(run)
    count = len(run.split.validation)

    def again() -> None:
        evaluation.again(run, loaded, lambda: found, lambda *_: None)

    stored_s = clock(f"{count} pictures, from stored features", again)
    kept = core_evaluation.load(run.evaluation("validation"))
    print(f"validation: {kept.metrics.accuracy.text}")
    clock(
        "learning curve, 20 trainings of the head",
        lambda: learning_curve.write(run, loaded, lambda: found, lambda *_: None),
    )
    shutil.rmtree(run.store)
    clock(f"{count} pictures, from the pictures", again)
    files = [
        File(str(path.relative_to(folder)), path, path.parent.name)
        for path in picture_sets.files(folder)
    ]
    clock(
        f"{len(files)} pictures, as a folder",
        lambda: given.evaluate(run, files, predictor, lambda *_: None),
    )
    measure.verdict("evaluation from stored features", stored_s, 5, unit=" s", most=True)


def clock(what: str, work: Callable[[], object]) -> float:
    """Do it and print how long it took."""
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    print(f"{what}: {seconds:.2f} s", flush=True)
    return seconds


if __name__ == "__main__":
    main()
