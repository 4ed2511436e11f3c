"""The same engine without the page: ``python -m gui summary|train|ladder|predict``.

Progress goes to standard error, results to standard output. A mistake is one sentence on standard
error and exit code 1.
"""

import argparse
import csv
import json
import os
import secrets
import shutil
import signal
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, assert_never, get_type_hints

from gui.core import archive, forecast, ingest, ladder, machine, outlook, runs, split, verdict
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.dataset import Dataset
from gui.core.errors import (
    DiskFull,
    FreezepointError,
    PicturesError,
    RunError,
    StoppedEarly,
)
from gui.core.events import (
    Batch,
    CacheProgress,
    Epoch,
    Evaluated,
    Event,
    Failed,
    Finished,
    Measured,
    PhaseChanged,
    Planned,
    Queued,
    Started,
)
from gui.core.ladder import Ladder, Rung
from gui.core.machine import Speeds
from gui.core.prediction import Prediction
from gui.core.runs import Run
from gui.core.settings import Settings, about, default, rows

if TYPE_CHECKING:
    from gui.engine.weights import Weights


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        code: int = chosen.command(chosen)
    except FreezepointError as error:
        _say(f"{error.what} {error.hint}")
        return 1
    except OSError as error:
        _say(f"“{error.filename}” can't be used ({error.strerror}). Check the path and its rights.")
        return 1
    except KeyboardInterrupt:
        _say("Stopped at once.")
        return 130  # as shells have it: 128 + SIGINT
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m gui", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(required=True, metavar="command")

    summary = commands.add_parser("summary", help="print the model as Keras does")
    summary.set_defaults(command=_summary)
    summary.add_argument("--classes", type=int, default=2, help="number of classes (2)")
    _add_settings(summary, ModelSettings)

    train = commands.add_parser("train", help="train on a folder or zip of pictures")
    train.set_defaults(command=_train)
    train.add_argument("pictures", type=Path, help="a folder with a sub-folder a class, or a zip")
    train.add_argument("--run", type=Path, required=True, help="folder to keep the training in")
    _add_settings(train, ModelSettings)
    _add_settings(train, TrainSettings)
    _add_weights(train)

    climb = commands.add_parser("ladder", help="train several freeze points and compare them")
    climb.set_defaults(command=_ladder)
    climb.add_argument("pictures", type=Path, help="a folder with a sub-folder a class, or a zip")
    climb.add_argument(
        "--points",
        default=",".join(ladder.USUAL),
        help=f"freeze points, with commas between ({','.join(ladder.USUAL)})",
    )
    climb.add_argument("--run", type=Path, required=True, help="folder to keep the trainings in")
    _add_settings(climb, ModelSettings, without="freeze_point")
    _add_settings(climb, TrainSettings)
    _add_weights(climb)

    predict = commands.add_parser("predict", help="name what pictures show")
    predict.set_defaults(command=_predict)
    predict.add_argument("run", type=Path, help="folder of a training")
    predict.add_argument("files", type=Path, nargs="+", help="pictures")
    predict.add_argument("--format", choices=("csv", "json"), default="csv")
    _add_weights(predict)
    return parser


def _add_settings(
    parser: argparse.ArgumentParser, kind: type[Settings], *, without: str = ""
) -> None:
    """One flag a setting."""
    kinds = get_type_hints(kind)
    for row in rows(kind):
        if row.name == without:
            continue
        start, told = default(row), about(row)
        text = f"{told.label} (default {start}). {told.help}"
        flag, text = f"--{row.name.replace('_', '-')}", text.replace("%", "%%")
        if isinstance(start, bool):
            parser.add_argument(
                flag, action=argparse.BooleanOptionalAction, default=start, help=text
            )
        else:
            number = kinds[row.name] if kinds[row.name] in (int, float) else str
            parser.add_argument(flag, type=number, default=start, help=text)


def _add_weights(parser: argparse.ArgumentParser) -> None:
    named = os.environ.get("FREEZEPOINT_WEIGHTS")
    parser.add_argument(
        "--weights",
        type=Path,
        default=Path(named) if named else None,
        help="file with VGG16's weights (also FREEZEPOINT_WEIGHTS); looked for when not given",
    )


def _summary(chosen: argparse.Namespace) -> int:
    settings = ModelSettings.read(vars(chosen))
    if chosen.classes < 2:
        raise PicturesError(f"A model can't have {chosen.classes} classes.", "Give 2 or more.")
    from gui.engine import model

    print(model.summary(settings, chosen.classes).rstrip())  # noqa: T201
    return 0


def _train(chosen: argparse.Namespace) -> int:
    settings = Config(ModelSettings.read(vars(chosen)), TrainSettings.read(vars(chosen)))
    run = _run_for(chosen.pictures, chosen.run, settings)
    from gui.engine import processors, weights, worker

    processors.limit_threads()
    run.withdraw_stop()  # one that a killed training left behind
    signal.signal(signal.SIGINT, lambda *_: _stop(run))
    found = weights.find(chosen.weights)
    _plan(run, _speeds(found))
    evaluated = worker.train(run, lambda: found, _tell)
    print(  # noqa: T201
        f"val_accuracy: {evaluated.accuracy:.3f} "
        f"({evaluated.pictures} pictures, epoch {evaluated.epoch})"
    )
    return 0


def _speeds(found: "Weights") -> Speeds:
    """How fast this machine is: as measured in the last days, else in the next two seconds."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    kept = Path(home) / "freezepoint" / "machine.json"
    if known := machine.recall(kept, time.time()):
        return known
    from gui.engine import calibration

    measured = calibration.measure(found)
    if measured.alone:
        with suppress(OSError, DiskFull):  # then it is measured again
            kept.parent.mkdir(parents=True, exist_ok=True)
            machine.remember(kept, measured, time.time())
    return measured


def _plan(run: Run, speeds: Speeds) -> None:
    """Say what it will take, and refuse it when it doesn't fit."""
    history, free = run.history, machine.free_memory_bytes()
    planned = outlook.foresee(
        run.config,
        run.split,
        run.pictures_root,
        run.store,
        None if free is None else free + machine.resident_bytes(os.getpid()),
        speeds,
        done=len(history.epochs),
        epochs=history.epochs_planned or run.config.train.epochs,
    )
    if event := outlook.told(planned, time.time()):
        run.append(event)
        _tell(event)


def _stop(run: Run) -> None:
    """The first Ctrl+C stops gently and keeps the best, the second at once."""
    if run.stop_requested:
        raise KeyboardInterrupt
    _say("Stopping after this batch. The best so far is kept. Press Ctrl+C again to stop at once.")
    run.request_stop()


def _run_for(pictures: Path, folder: Path, settings: Config) -> Run:
    """A new run in the folder, or the broken one that is there."""
    if (folder / "run.json").exists():
        run = runs.find(folder)
        if run.history.finished:
            raise RunError(
                f"The training in “{folder}” is finished.", "Choose another folder with --run."
            )
        _say(f"Going on with the training in “{folder}”, with the settings it began with.")
        return run
    data = _read(pictures, folder / "pictures")
    divided = split.divide(data, settings.train.validation_share, settings.train.seed)
    title = runs.title(settings, divided.labels)
    return runs.create(folder, settings, divided, data.root, title, time.time())


def _ladder(chosen: argparse.Namespace) -> int:
    settings = Config(ModelSettings.read(vars(chosen)), TrainSettings.read(vars(chosen)))
    points = ladder.choose(each.strip() for each in chosen.points.split(",") if each.strip())
    opened = _ladder_for(chosen.pictures, chosen.run, settings, points)
    from gui.engine import processors, weights

    processors.limit_threads()
    found = weights.find(chosen.weights)
    whole = _climb(opened, chosen.run, found, _speeds(found))
    rungs = ladder.rungs(opened, lambda point: runs.find(chosen.run / point))
    _write_rungs(rungs)
    print(f"verdict: {verdict.verdict(rungs)}")  # noqa: T201
    return 0 if whole else 1


def _ladder_for(pictures: Path, folder: Path, settings: Config, points: tuple[str, ...]) -> Ladder:
    """A new ladder in the folder, or the one that is there."""
    path = folder / "ladder.json"
    if path.exists():
        opened = ladder.load(path)
        if opened.points != points:
            raise RunError(
                f"The ladder in “{folder}” compares {', '.join(opened.points)}.",
                "Give the same --points, or choose another folder with --run.",
            )
        _say(f"Going on with the ladder in “{folder}”, with the settings it began with.")
        return opened
    data = _read(pictures, folder / "pictures")
    divided = split.divide(data, settings.train.validation_share, settings.train.seed)
    name = runs.classes(divided.labels)
    made = Ladder(secrets.token_hex(8), name, time.time(), points, points)
    folders, store = [folder / point for point in points], folder / "features"
    ladder.create(made, folders, settings, divided, data.root, store)
    ladder.save(made, path)
    return made


def _climb(opened: Ladder, folder: Path, found: "Weights", speeds: Speeds) -> bool:
    """Train every rung that isn't whole yet; whether none of them has failed."""
    from gui.engine import worker

    ended, whole = threading.Event(), True
    for number, point in enumerate(opened.points, start=1):
        run = runs.find(folder / point)
        over = run.history.finished
        if over and over.reason != "stopped":
            continue
        if ended.is_set():
            break
        _say(f"Freeze point {number} of {len(opened.points)}: {point}")
        if over:  # Ctrl+C broke it off, so it isn't what the others are compared with
            run.append(Queued(time.time(), run.config.train.epochs))
        run.withdraw_stop()
        signal.signal(signal.SIGINT, partial(_stop_ladder, run, ended))
        try:
            _plan(run, speeds)
            worker.train(run, lambda: found, _tell)
        except DiskFull:
            raise
        except FreezepointError as error:
            _say(f"{error.what} {error.hint}")
            whole = whole and isinstance(error, StoppedEarly)
    return whole


def _stop_ladder(run: Run, ended: threading.Event, *_: object) -> None:
    ended.set()
    _stop(run)


def _write_rungs(rungs: Sequence[Rung]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(
        ["freeze_point", "accuracy", "low", "high", "pictures", "epoch", "seconds", "learning"]
    )
    for each in rungs:
        row: list[object] = [each.point, "", "", "", "", ""]
        told, evaluated = each.accuracy, each.history and each.history.evaluated
        if each.done and told and evaluated:
            shares = [f"{share:.6g}" for share in (told.share, told.low, told.high)]
            row = [each.point, *shares, told.pictures, evaluated.epoch]
        writer.writerow([*row, f"{each.seconds:.1f}", each.learning])


def _read(pictures: Path, unpacked: Path) -> Dataset:
    """The pictures of a folder or a zip; what was left out is said."""
    data = _dataset(pictures, unpacked)
    for each in data.left_out:
        _say(f"Left out: {each.name}: {each.reason}")
    return data


def _dataset(pictures: Path, unpacked: Path) -> Dataset:
    if pictures.is_dir():
        return ingest.read(ingest.walk(pictures), pictures)
    if not pictures.is_file():
        raise PicturesError(f"“{pictures}” doesn't exist.", "Give a folder of pictures or a zip.")
    extracted = archive.extract(pictures, unpacked)
    try:
        return ingest.read(extracted.entries, unpacked, left_out=extracted.left_out)
    except PicturesError:
        shutil.rmtree(unpacked)  # so that the same folder can be used for the next try
        raise


def _predict(chosen: argparse.Namespace) -> int:
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
            _say(f"{each.name}: {each.problem}")
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


def _tell(event: Event) -> None:
    """One line of progress on standard error."""
    match event:
        case Started():
            _say(
                f"{event.train_pictures} pictures to learn from, {event.validation_pictures} to "
                f"check with. VGG16 weights from {event.weights}."
            )
        case CacheProgress():
            _say(f"{event.what} {event.done} of {event.total}")
        case PhaseChanged():
            part = "the head" if event.phase == "head" else "everything from the freeze point on"
            _say(f"From epoch {event.epoch} on: {part}, learning rate {event.learning_rate:g}")
        case Batch():
            _say(f"epoch {event.epoch}: batch {event.batch} of {event.batches}")
        case Epoch():
            _say(
                f"epoch {event.epoch}: loss {event.loss:.4f}, accuracy {event.accuracy:.3f}, "
                f"val_loss {event.val_loss:.4f}, val_accuracy {event.val_accuracy:.3f}, "
                f"{event.seconds:.1f} s"
            )
        case Finished():
            _say(f"Finished ({event.reason.replace('_', ' ')}).")
        case Planned():
            _say(f"Planned: {forecast.briefly(event)}.")
        case Measured():
            _say(f"Took {event.seconds:.1f} s and {forecast.size(event.peak_bytes)} of memory.")
        case Queued() | Evaluated() | Failed():
            return
        case _:
            assert_never(event)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
