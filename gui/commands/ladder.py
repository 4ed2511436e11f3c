"""``ladder``: several freeze points on the same pictures, one after another, side by side."""

import argparse
import csv
import secrets
import signal
import sys
import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gui.commands import progress
from gui.commands.machine import here, speeds
from gui.commands.pictures import check_same, ready, unless_refused
from gui.commands.train import plan, stop
from gui.core import ladder, new_run, outlook, runs, verdict
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.dataset import Dataset
from gui.core.errors import DiskFull, FreezepointError, RunError, StoppedEarly
from gui.core.events import Queued
from gui.core.ladder import Ladder
from gui.core.outlook import Here
from gui.core.rung import Rung
from gui.core.runs import Run
from gui.core.split import Split

if TYPE_CHECKING:
    from gui.engine.weights import Weights


def climb(chosen: argparse.Namespace) -> int:
    """Train each freeze point that isn't done, and print the table and the verdict."""
    settings = Config(ModelSettings.read(vars(chosen)), TrainSettings.read(vars(chosen)))
    points = ladder.choose(each.strip() for each in chosen.points.split(",") if each.strip())
    begun = _begun(chosen.pictures, chosen.run, points) or ready(chosen, settings.train)
    from gui.engine import processors, weights

    processors.limit_threads()
    found = weights.find(chosen.weights)
    place = here(chosen.run / "features", found, speeds(found, chosen.machine))
    opened = begun
    if not isinstance(opened, Ladder):
        opened = _create(chosen.run, *opened, settings, points, place)
    whole = _train(opened, chosen.run, found, place)
    rungs = ladder.rungs(opened, lambda point: runs.find(chosen.run / point))
    _write_rungs(rungs)
    print(f"verdict: {verdict.verdict(rungs)}")  # noqa: T201
    return 0 if whole else 1


def _begun(pictures: Path, folder: Path, points: tuple[str, ...]) -> Ladder | None:
    """The ladder that is in the folder; None when there is none yet."""
    path = folder / "ladder.json"
    if not path.exists():
        return None
    opened = ladder.load(path)
    if opened.points != points:
        raise RunError(
            f"The ladder in “{folder}” compares {', '.join(opened.points)}.",
            "Give the same --points, or choose another folder with --run.",
        )
    for point in points:
        if (folder / point / "run.json").exists():
            check_same(pictures, folder / "pictures", runs.find(folder / point))
    progress.say(f"Going on with the ladder in “{folder}”, with the settings it began with.")
    return opened


def _create(
    folder: Path,
    data: Dataset,
    divided: Split,
    settings: Config,
    points: tuple[str, ...],
    found: Here,
) -> Ladder:
    """A new ladder in the folder; one that doesn't fit is refused before."""
    with unless_refused(folder / "pictures"):
        outlook.foresee_ladder(settings, points, divided, data.root, found)
    name = new_run.classes(divided.labels)
    made = Ladder(secrets.token_hex(8), name, time.time(), points, points)
    folders = [folder / point for point in points]
    ladder.create(made, folders, settings, divided, data.root, found.store)
    ladder.save(made, folder / "ladder.json")
    return made


def _train(opened: Ladder, folder: Path, found: "Weights", place: Here) -> bool:
    """Train every rung that isn't whole yet; whether none of them has failed."""
    from gui.engine import attempt

    ended, whole = threading.Event(), True
    for number, point in enumerate(opened.points, start=1):
        if ended.is_set():
            break
        if not (folder / point / "run.json").exists():
            progress.say(f"The training of “{point}” was deleted, so the others are compared.")
            continue
        run = runs.find(folder / point)
        over = run.history.finished
        if over and over.reason != "stopped":
            continue
        progress.say(f"Freeze point {number} of {len(opened.points)}: {point}")
        if over:  # Ctrl+C broke it off, so it isn't what the others are compared with
            run.append(Queued(time.time(), run.config.train.epochs))
        run.withdraw_stop()
        signal.signal(signal.SIGINT, partial(_stop_ladder, run, ended))
        try:
            plan(run, place)
            attempt.train(run, lambda: found, progress.tell)
        except DiskFull:
            raise
        except FreezepointError as error:
            progress.say(f"{error.what} {error.hint}")
            whole = whole and isinstance(error, StoppedEarly)
    return whole


def _stop_ladder(run: Run, ended: threading.Event, *_: object) -> None:
    ended.set()
    stop(run)


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
