"""``train``: one training."""

import argparse
import os
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from gui.commands import progress
from gui.commands.machine import here, speeds
from gui.commands.pictures import check_same, ready, unless_refused
from gui.core import new_run, outlook, runs
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.dataset import Dataset
from gui.core.errors import RunError
from gui.core.outlook import Here
from gui.core.runs import Run
from gui.core.split import Split

STOPPED_AT_ONCE: Final = 130  # as shells have it: 128 + SIGINT


def train(chosen: argparse.Namespace) -> int:
    """Train on the pictures, or go on with what broke off, and print the accuracy."""
    settings = Config(ModelSettings.read(vars(chosen)), TrainSettings.read(vars(chosen)))
    begun = _begun(chosen.pictures, chosen.run) or ready(chosen, settings.train)
    from gui.engine import attempt, processors, weights

    processors.limit_threads()
    found = weights.find(chosen.weights)
    place = here(chosen.run / "features", found, speeds(found, chosen.machine))
    run = begun if isinstance(begun, Run) else _create(chosen.run, *begun, settings, place)
    run.withdraw_stop()  # one that a killed training left behind
    signal.signal(signal.SIGINT, lambda *_: stop(run))
    plan(run, replace(place, store=run.store))
    evaluated = attempt.train(run, lambda: found, progress.tell)
    print(  # noqa: T201
        f"val_accuracy: {evaluated.accuracy:.3f} "
        f"({evaluated.pictures} pictures, epoch {evaluated.epoch})"
    )
    return 0


def plan(run: Run, found: Here) -> None:
    """Say what it will take, and refuse it when it doesn't fit."""
    history = run.history
    planned = outlook.foresee(
        run.config,
        run.split,
        run.pictures_root,
        found,
        done=len(history.epochs),
        epochs=history.epochs_planned or run.config.train.epochs,
    )
    if event := outlook.told(planned, time.time()):
        run.append(event)
        progress.tell(event)


def stop(run: Run) -> None:
    """The first Ctrl+C stops gently and keeps the best, the second at once.

    At once is without an exception: TensorFlow makes another one of what is raised in the middle of
    its work. Nothing is lost, as nothing is by a kill.
    """
    if run.stop_requested:
        run.withdraw_stop()
        progress.interject("Stopped at once.")
        os._exit(STOPPED_AT_ONCE)
    run.request_stop()
    progress.interject(
        "Stopping after this batch. The best so far is kept. Press Ctrl+C again to stop at once."
    )


def _begun(pictures: Path, folder: Path) -> Run | None:
    """The training that broke off in the folder; None when there is none yet."""
    if not (folder / "run.json").exists():
        return None
    run = runs.find(folder)
    check_same(pictures, folder / "pictures", run)
    if run.history.finished:
        raise RunError(
            f"The training in “{folder}” is finished.", "Choose another folder with --run."
        )
    progress.say(f"Going on with the training in “{folder}”, with the settings it began with.")
    return run


def _create(folder: Path, data: Dataset, divided: Split, settings: Config, found: Here) -> Run:
    """A new run in the folder; one that doesn't fit is refused before."""
    with unless_refused(folder / "pictures"):
        outlook.foresee(settings, divided, data.root, found)
    title = new_run.title(settings, divided.labels)
    return new_run.create(folder, settings, divided, data.root, title, time.time())
