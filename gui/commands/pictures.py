"""The pictures that a command is given."""

import argparse
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gui.commands import progress
from gui.core import corrections, ingest, lookalikes, split, unpacking
from gui.core.config import TrainSettings
from gui.core.dataset import Dataset
from gui.core.errors import PicturesError, RunError, SettingError
from gui.core.runs import Run
from gui.core.split import Split


def read(pictures: Path, unpacked: Path, *, leave_out_conflicts: bool = False) -> Dataset:
    """The pictures of a folder or a zip; what was left out is said.

    Args:
        pictures: The folder or zip.
        unpacked: Where a zip is unpacked.
        leave_out_conflicts: Go on without the pictures that several classes have.

    Raises:
        PicturesError: When several classes have the same picture, with the names.
    """
    data = _dataset(pictures, unpacked)
    for each in data.left_out:
        progress.say(f"Left out: {each.name}: {each.reason}")
    for torn in corrections.conflicts(data):
        told = "Left out, the same picture" if leave_out_conflicts else "The same picture"
        progress.say(f"{told}: {torn.names}")
    if data.conflicts and not leave_out_conflicts:
        with unless_refused(unpacked):
            raise PicturesError(
                f"More than one class has the same pictures ({len(data.conflicts):,} in all), so "
                "nobody knows what they show.",
                "Delete each from the wrong folder, or give --leave-out-conflicts to go on "
                "without them.",
            )
    return corrections.leave_out_conflicts(data)


def ready(chosen: argparse.Namespace, settings: TrainSettings) -> tuple[Dataset, Split]:
    """The pictures of a command, and how they are divided; all of it before TensorFlow is needed.

    Raises:
        PicturesError: When there is nothing to learn from, or not enough.
    """
    unpacked = chosen.run / "pictures"
    data = read(chosen.pictures, unpacked, leave_out_conflicts=chosen.leave_out_conflicts)
    with unless_refused(unpacked):
        return data, divide(data, settings)


def divide(data: Dataset, settings: TrainSettings) -> Split:
    """The pictures divided; what look-alikes among them mean for the score is said.

    Raises:
        PicturesError: When they aren't ready to learn from.
    """
    divided = split.by(settings, data)
    for each in lookalikes.warnings(data, divided):
        progress.say(f"Look: {each}")
    return divided


def check_same(pictures: Path, unpacked: Path, run: Run) -> None:
    """Refuse to go on with a run that began with other pictures.

    Args:
        pictures: The folder or zip that is given now.
        unpacked: Where this command unpacks a zip.
        run: The run that is there.

    Raises:
        PicturesError: When there is nothing.
        RunError: When it isn't what the run learns from. Of a zip only the place is known.
    """
    _check_there(pictures)
    root = run.pictures_root.resolve()
    if root != (pictures if pictures.is_dir() else unpacked).resolve():
        raise RunError(
            f"“{run.path}” began with other pictures (“{root}”).",
            "Give the same pictures, or choose another folder with --run.",
        )


@contextmanager
def unless_refused(unpacked: Path) -> Iterator[None]:
    """Keep what a zip is unpacked to only if the body accepts it: the next try needs the place."""
    try:
        yield
    except (PicturesError, SettingError):
        shutil.rmtree(unpacked, ignore_errors=True)
        raise


def _dataset(pictures: Path, unpacked: Path) -> Dataset:
    if pictures.is_dir():
        return ingest.read(ingest.walk(pictures), pictures)
    _check_there(pictures)
    extracted = unpacking.extract(pictures, unpacked)
    with unless_refused(unpacked):
        return ingest.read(extracted.entries, unpacked, left_out=extracted.left_out)


def _check_there(pictures: Path) -> None:
    if not pictures.exists():
        raise PicturesError(f"“{pictures}” doesn't exist.", "Give a folder of pictures or a zip.")
