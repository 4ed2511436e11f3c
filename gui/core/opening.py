"""A project file, opened: all of it is checked aside, and then moved to its place in one step."""

import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Final

from gui.core import (
    contents,
    evaluation,
    events,
    files,
    learning_curve,
    new_run,
    project,
    record,
    uploads,
)
from gui.core.contents import Contents
from gui.core.entry import Entry
from gui.core.errors import DiskFull, PicturesError, RunError, disk_full
from gui.core.owner import Owner
from gui.core.runs import Run
from gui.core.sealed import Sealed
from gui.core.sealing import Progress
from gui.words import say

Rebuild = Callable[[Run], None]  # checks the weights in a worker and builds the model of them

_RESERVE_BYTES: Final = 1_000_000_000  # stays free on the disk
_ASIDE: Final = ".opening-"
_ABANDONED_S: Final = 86_400.0


def for_owner(owner: Owner, given: Sequence[Entry], rebuild: Rebuild, progress: Progress) -> Run:
    """Add the training and the data set of an uploaded project file; the upload is deleted.

    Args:
        owner: Whose they will be.
        given: The upload, one file.
        rebuild: Asked when all but the weights is found to be whole.
        progress: Called with (members done, in all).

    Raises:
        PicturesError: When it isn't one file, or not a whole project file; nothing is kept then.
        RunError: When the weights don't fit.
        QuotaError: When it is more than this person, or all together, may keep.
        DiskFull: When there is no room.
    """
    try:
        owner.arrive()
        if len(given) != 1:
            raise PicturesError(
                say("You gave {count} files at once.", count=len(given)),
                say("Choose one project file."),
            )
        with (
            _aside(owner.path, given[0]) as aside,
            _read(given[0]) as (found, told),
            owner.room(found.total_bytes, len(told.pictures), runs=1),
        ):
            return _add(owner, found, told, aside, rebuild, owner.watched(progress))
    finally:
        uploads.discard(given)


def _add(
    owner: Owner, found: Sealed, told: Contents, aside: Path, rebuild: Rebuild, progress: Progress
) -> Run:
    """Make a run and a data set aside, and move both to their places."""
    run_path = aside / "runs" / owner.new_run_folder().name
    data = aside / "datasets" / owner.new_dataset()
    run = _lay(found, told, run_path, data / "pictures", aside / "features", progress)
    record.save(told.dataset, data / "dataset.json")
    rebuild(run)
    with owner.editing():
        return _move(owner, run, data)


def into_folder(path: Path, folder: Path, rebuild: Rebuild, progress: Progress) -> Run:
    """Make a run folder of a project file, with its pictures in it.

    Args:
        path: The project file.
        folder: The run folder; it must not be there yet, or be empty.
        rebuild: See :func:`for_owner`.
        progress: See :func:`for_owner`.

    Raises:
        PicturesError: When there is no whole project file.
        RunError: When the folder is taken, or the weights don't fit.
        DiskFull: When there is no room.
    """
    if not path.is_file():
        raise PicturesError(f"There is no file “{path}”.", "Give a project file.")
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise RunError(f"“{folder}” isn't empty.", "Choose another folder with --run.")
    folder = folder.resolve()
    given = Entry(path.name, path)
    with _aside(folder.parent, given) as aside, _read(given) as (found, told):
        made = aside / "run"
        run = _lay(found, told, made, made / "pictures", made / "features", progress)
        rebuild(run)
        with suppress(FileNotFoundError):
            folder.rmdir()
        return Run(made.replace(folder))


@contextmanager
def _aside(place: Path, given: Entry) -> Iterator[Path]:
    """A folder beside where all will be, gone at the end; made only where there is room."""
    with disk_full():
        place.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(place).free - given.path.stat().st_size < _RESERVE_BYTES:
        raise DiskFull
    aside = place / f"{_ASIDE}{secrets.token_hex(8)}"
    try:
        with disk_full():
            aside.mkdir()
        _forget_abandoned(aside)
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _forget_abandoned(fresh: Path) -> None:
    """Delete what a process that was killed has left beside a folder that was just made."""
    for left in fresh.parent.glob(f"{_ASIDE}*"):
        with suppress(OSError):
            if fresh.stat().st_mtime - left.stat().st_mtime > _ABANDONED_S:
                shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _read(given: Entry) -> Iterator[tuple[Sealed, Contents]]:
    with project.opened(given.path, PurePosixPath(given.rel).name) as found:
        yield found, contents.read(found)


def _lay(
    found: Sealed, told: Contents, path: Path, pictures: Path, store: Path, progress: Progress
) -> Run:
    """Write the run's folder and its pictures; what lands is what was read, written anew."""
    with disk_full():
        pictures.mkdir(parents=True)
        path.mkdir(parents=True, exist_ok=True)
    places = {project.PICTURES + name: pictures / name for name in told.pictures}
    places |= {name: path / name for name in project.ARRAYS if name in found.members}
    for done, (name, place) in enumerate(places.items(), start=1):
        found.extract(name, place)
        progress(done, len(places))
    run = new_run.create(
        path,
        told.config,
        told.split,
        pictures,
        told.about.title,
        told.about.created_at,
        store,
        retrained_from=told.retrained_from,
    )
    files.write_bytes(path / "events.jsonl", "".join(map(events.to_line, told.events)).encode())
    for side, each in told.evaluations.items():
        evaluation.save(each, run.evaluation(side))
    if told.learning_curve:
        learning_curve.save(told.learning_curve, run.learning_curve)
    return run


def _move(owner: Owner, run: Run, data: Path) -> Run:
    """Put a data set and its run where the owner's are."""
    dataset, path = owner.path / "datasets" / data.name, owner.path / "runs" / run.id
    with disk_full():
        dataset.parent.mkdir(exist_ok=True)
        path.parent.mkdir(exist_ok=True)
    data.replace(dataset)
    try:
        return Run(run.path.replace(path))
    except BaseException:
        shutil.rmtree(dataset, ignore_errors=True)
        raise
