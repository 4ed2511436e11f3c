"""What a person does with their pictures, each thing one function."""

import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from gui.core import (
    archive,
    corrections,
    dataset,
    expiry,
    ingest,
    sweeping,
    unpacking,
    uploads,
    usage,
)
from gui.core.config import TrainSettings
from gui.core.dataset import Dataset, Edit, LeftOut
from gui.core.entry import Entry
from gui.core.owner import Owner
from gui.core.quota import NOTHING
from gui.core.usage import Usage

Progress = Callable[[int, int], None]  # pictures looked at, pictures in all


def take(
    owner: Owner,
    given: Sequence[Entry],
    not_sent: Sequence[LeftOut],
    progress: Progress,
) -> None:
    """Make a data set of uploaded files (or of one uploaded zip) and open it.

    Args:
        owner: Whose it is.
        given: The files.
        not_sent: Files that the browser left out, with the reason.
        progress: Called while pictures are read.

    Raises:
        PicturesError: When they can't become a data set; what was open before stays open.
        QuotaError: When they are more than this person, or all together, may keep.
        DiskFull: When there is no room.
    """
    zipped = [each for each in given if each.rel.lower().endswith(".zip")]
    alone = len(given) == 1 and bool(zipped)
    try:
        asked = archive.promised(zipped[0].path, zipped[0].rel) if alone else _asked(given)
        with owner.room(*asked, frees=_replaced(owner)), _new_dataset(owner) as folder:
            progress = owner.watched(progress)
            if alone:
                unpacked = unpacking.extract(zipped[0].path, folder, shown_name=zipped[0].rel)
                entries, aside = list(unpacked.entries), [*not_sent, *unpacked.left_out]
            else:
                entries, aside = uploads.take(given, folder), list(not_sent)
            _open(owner, ingest.read(entries, folder, progress, aside))
    finally:
        uploads.discard(given)


def copy(owner: Owner, folder: Path, progress: Progress) -> None:
    """Open a copy of a folder of pictures.

    Args:
        owner: Whose it will be.
        folder: The pictures, such as the samples; they are left as they are.
        progress: Called while pictures are read.

    Raises:
        DiskFull: When there is no room.
    """
    copy_files(owner, ingest.walk(folder), progress)


def copy_files(owner: Owner, chosen: Sequence[Entry], progress: Progress) -> None:
    """Open a copy of some files, which are left as they are.

    Raises:
        PicturesError: When they can't become a data set.
        QuotaError: When they are more than this person, or all together, may keep.
        DiskFull: When there is no room.
    """
    room = owner.room(*_asked(chosen), frees=_replaced(owner))
    with room, _new_dataset(owner) as place:
        entries = uploads.copy(chosen, place)
        _open(owner, ingest.read(entries, place, owner.watched(progress)))


def add(owner: Owner, class_name: str, given: Sequence[Entry], progress: Progress) -> None:
    """Add uploaded pictures to a class; when no data set is open, one begins with it.

    Raises:
        PicturesError: When the name is unfit, or none of the files is a picture.
        QuotaError: When they are more than this person, or all together, may keep.
        DiskFull: When there is no room.
    """
    try:
        with owner.room(*_asked(given)), owner.editing():
            progress = owner.watched(progress)
            if opened := owner.open_dataset:
                _extend(owner, opened, class_name, given, progress)
            else:
                _start(owner, class_name, given, progress)
    finally:
        uploads.discard(given)


def rename(owner: Owner, old: str, new: str) -> None:
    """Rename a class of the open data set.

    Raises:
        PicturesError: When the new name is taken, empty or too long.
    """
    with owner.editing():
        changed = dataset.rename(_opened(owner), old, new)
        owner.save_dataset(owner.desk.dataset, changed)


def include(owner: Owner, name: str, *, included: bool) -> None:
    """Leave a class of the open data set out, or take it back in.

    Raises:
        PicturesError: When there is no such class.
    """
    with owner.editing():
        changed = dataset.include(_opened(owner), name, included=included)
        owner.save_dataset(owner.desk.dataset, changed)


def divide(owner: Owner, validation_share: float, seed: int, test_share: float) -> None:
    """Remember how the open data set is to be divided.

    Raises:
        SettingError: When a value is out of bounds.
    """
    chosen = {"validation_share": validation_share, "seed": seed, "test_share": test_share}
    settings = TrainSettings.read(chosen)
    with owner.editing():
        owner.open(
            replace(
                owner.desk,
                validation_share=settings.validation_share,
                seed=settings.seed,
                test_share=settings.test_share,
            )
        )


def correct(owner: Owner, edits: Sequence[Edit]) -> None:
    """Note what a person decided about pictures of the open data set; the files stay as they are.

    Raises:
        PicturesError: When a picture or a class isn't among them.
        DiskFull: When there is no room.
    """
    _decide(owner, lambda opened: corrections.correct(opened, edits))


def undo(owner: Owner, digests: Collection[str]) -> None:
    """Forget what was decided about pictures of the open data set.

    Raises:
        DiskFull: When there is no room.
    """
    _decide(owner, lambda opened: corrections.undo(opened, digests))


def leave_out_conflicts(owner: Owner) -> None:
    """Leave out every picture of the open data set that stands in several classes.

    Raises:
        DiskFull: When there is no room.
    """
    _decide(owner, corrections.leave_out_conflicts)


def decide_again(owner: Owner) -> None:
    """Forget what was decided about the pictures that stand in several classes.

    Raises:
        DiskFull: When there is no room.
    """
    _decide(owner, lambda opened: corrections.undo(opened, corrections.settled(opened)))


def _decide(owner: Owner, change: Callable[[Dataset], Dataset]) -> None:
    with owner.editing():
        owner.save_dataset(owner.desk.dataset, change(_opened(owner)))


def _extend(
    owner: Owner, opened: Dataset, class_name: str, given: Sequence[Entry], progress: Progress
) -> None:
    numbers = [int(each.name) for each in opened.root.iterdir() if each.name.isdigit()]
    taken = uploads.take(given, opened.root, max(numbers, default=-1) + 1)
    try:
        extended = ingest.add(opened, class_name, taken, progress)
        owner.save_dataset(owner.desk.dataset, extended)
    except BaseException:
        uploads.delete(taken)
        raise


def _start(owner: Owner, class_name: str, given: Sequence[Entry], progress: Progress) -> None:
    with _new_dataset(owner) as folder:
        taken = uploads.take(given, folder)
        _put_on_desk(owner, ingest.add(Dataset(folder, ()), class_name, taken, progress))


def _asked(given: Sequence[Entry]) -> tuple[int, int]:
    """Bytes and number of files that are to be kept."""
    return sum(each.path.stat().st_size for each in given if each.path.is_file()), len(given)


def _replaced(owner: Owner) -> Usage:
    """What is deleted when another data set is opened: the open one, unless a training uses it."""
    opened = owner.desk.dataset
    used = {run.pictures_root.parent.name for run in owner.runs()}
    free = bool(opened) and opened not in used
    return usage.dataset(owner.path / "datasets" / opened) if free else NOTHING


@contextmanager
def _new_dataset(owner: Owner) -> Iterator[Path]:
    """A folder for a new data set's pictures; gone again when it doesn't become one."""
    folder = owner.path / "datasets" / owner.new_dataset() / "pictures"
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder.parent, ignore_errors=True)
        raise


def _open(owner: Owner, made: Dataset) -> None:
    with owner.editing():
        _put_on_desk(owner, made)


def _put_on_desk(owner: Owner, made: Dataset) -> None:
    dataset_id = made.root.parent.name
    owner.save_dataset(dataset_id, made)
    owner.open(replace(owner.desk, dataset=dataset_id))
    expiry.forget_note(owner.path)
    sweeping.forget_unused(owner.path)


def _opened(owner: Owner) -> Dataset:
    return owner.dataset(owner.desk.dataset)
