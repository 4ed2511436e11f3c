"""The pictures that a command is given."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gui.commands import progress
from gui.core import archive, ingest
from gui.core.dataset import Dataset
from gui.core.errors import PicturesError, RunError, SettingError
from gui.core.runs import Run


def read(pictures: Path, unpacked: Path) -> Dataset:
    """The pictures of a folder or a zip; what was left out is said."""
    data = _dataset(pictures, unpacked)
    for each in data.left_out:
        progress.say(f"Left out: {each.name}: {each.reason}")
    return data


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
    extracted = archive.extract(pictures, unpacked)
    with unless_refused(unpacked):
        return ingest.read(extracted.entries, unpacked, left_out=extracted.left_out)


def _check_there(pictures: Path) -> None:
    if not pictures.exists():
        raise PicturesError(f"“{pictures}” doesn't exist.", "Give a folder of pictures or a zip.")
