"""A folder as people have them, read into a data set: one class for each sub-folder.

Folders around it, a division into train/ and val/, hidden files, copies and broken pictures are
dealt with; one bad file never stops a set, and each that isn't used is named with the reason.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final, NoReturn

from gui.core import copies, layout, looking, unusable
from gui.core.copies import File
from gui.core.dataset import (
    LONGEST_NAME,
    Dataset,
    LeftOut,
    fit_name,
)
from gui.core.entry import Entry, class_name, is_junk, safe_rel, shown, unique
from gui.core.errors import PicturesError, UnreadablePicture
from gui.core.layout import Place
from gui.core.looking import Progress
from gui.core.pictures import PICTURE_SUFFIXES
from gui.words import say

_NUMBER: Final = 10  # letters that " (12345)" may take


def walk(folder: Path) -> list[Entry]:
    """The files below a folder, in name order, without junk; links that lead out are not followed.

    Raises:
        PicturesError: When there is no such folder, or one in it may not be read.
    """

    def refuse(error: OSError) -> NoReturn:
        raise PicturesError(
            say(
                "The folder “{folder}” can't be read ({error}).",
                folder=error.filename,
                error=error.strerror,
            ),
            say("Check that it is there and that you may read it."),
        ) from error

    root, found = folder.resolve(), list[Entry]()
    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not is_junk(name)]
        for path in (Path(place, name) for name in names if not is_junk(name)):
            if path.is_file() and path.resolve().is_relative_to(root):
                found.append(Entry(path.relative_to(folder).as_posix(), path))
    return sorted(found, key=lambda entry: entry.rel)


def read(
    entries: Sequence[Entry],
    root: Path,
    progress: Progress | None = None,
    left_out: Sequence[LeftOut] = (),
) -> Dataset:
    """The data set in the files of a folder or zip; every picture is decoded once to check it.

    A class is a sub-folder, with all that lies deeper in it (:mod:`gui.core.layout`); its name is
    tidied and cut to 200 letters, and two that become equal are kept apart by a number. Of equal
    pictures (byte for byte) in a class one counts; one that two classes have is a conflict.

    Args:
        entries: The files; the paths lie below ``root``.
        root: The folder that ``Picture.path`` starts from.
        progress: Called with (files looked at, files in all).
        left_out: What was left out before, by unpacking.

    Raises:
        PicturesError: When there are no files, no sub-folders, or no picture that can be read.
        ValueError: When an entry's path isn't below ``root``.
    """
    given = _named(entries)
    if not given and not left_out:
        raise PicturesError(say("There are no files in the folder."), say(unusable.ONE_EACH))
    placed, aside = list[File](), list[LeftOut]()
    for entry, place in zip(given, layout.arrange([each.rel for each in given]), strict=True):
        if isinstance(place, Place):
            placed.append(File(place, entry.rel, _below(root, entry.path), entry.original))
        else:
            aside.append(LeftOut(entry.rel, place))
    if given and not placed:
        raise unusable.no_classes(_no_pictures(aside, given))
    placed = _with_class_names(placed)
    classes, refused = copies.gather((), placed, looking.look(_paths(placed, root), progress))
    if not classes:
        raise unusable.none([*left_out, *refused, *_no_pictures(aside, given)])
    return Dataset(root, classes, _in_order([*left_out, *aside, *refused]))


def add(
    dataset: Dataset, class_name: str, entries: Sequence[Entry], progress: Progress | None = None
) -> Dataset:
    """The data set with pictures added to a class, which is made when there is none of that name.

    The pictures go through the checks of :func:`read`, against all pictures of the set: one that
    another class has already is a conflict. What a person decided before stays decided.

    Raises:
        PicturesError: When the name is unfit, or no file is a picture that can be read.
        ValueError: When an entry's path isn't below ``dataset.root``.
    """
    name = fit_name(class_name)
    placed = [
        File(Place(name, each.rel), each.rel, _below(dataset.root, each.path), each.original)
        for each in _named(entries)
    ]
    if not placed:
        raise PicturesError(say("There are no files to add."), say("Choose one or more pictures."))
    looks = looking.look(_paths(placed, dataset.root), progress)
    classes, refused = copies.gather(dataset.classes, placed, looks)
    if all(isinstance(look, UnreadablePicture) for look in looks):
        raise unusable.none(refused)
    left_out = _in_order([*dataset.left_out, *refused])
    return replace(dataset, classes=classes, left_out=left_out)


def _named(entries: Sequence[Entry]) -> list[Entry]:
    """The entries under safe names, in name order, without junk."""
    safe = (replace(each, rel=safe_rel(each.rel)) for each in entries)
    kept = (each for each in safe if each.rel and not is_junk(each.rel))
    return sorted(kept, key=lambda each: (each.rel, each.path))


def _with_class_names(placed: Sequence[File]) -> list[File]:
    """The files with their folders' names made names of classes."""
    names, taken = dict[str, str](), set[str]()
    tidied = {folder: class_name(folder) or "unnamed" for folder in {_folder(f) for f in placed}}
    # Folders whose names can stay as they are come first, so that they do stay.
    for folder in sorted(tidied, key=lambda each: (tidied[each][:LONGEST_NAME] != each, each)):
        name = tidied[folder][:LONGEST_NAME].rstrip()
        if name in taken:
            name = unique(name[: LONGEST_NAME - _NUMBER].rstrip(), taken)
        taken.add(name)
        names[folder] = name
    return [replace(f, place=replace(f.place, class_name=names[_folder(f)])) for f in placed]


def _folder(file: File) -> str:
    return file.place.class_name


def _below(root: Path, path: Path) -> str:
    relative = path.relative_to(root)
    if ".." in relative.parts:
        raise ValueError(f"path must lie below {root}, received: {path}")
    return relative.as_posix()


def _paths(placed: Sequence[File], root: Path) -> list[Path]:
    return [root / each.path for each in placed]


def _in_order(left_out: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    named = (replace(each, name=shown(each.name)) for each in left_out)
    return tuple(sorted(named, key=lambda each: each.name))


def _no_pictures(aside: Sequence[LeftOut], entries: Sequence[Entry]) -> list[LeftOut]:
    """The files without a class; those that aren't even called a picture, with what they are."""
    paths = {each.rel: each.path for each in entries}
    called = [PurePosixPath(each.name).suffix.lower() in PICTURE_SUFFIXES for each in aside]
    others = [each.name for each, known in zip(aside, called, strict=True) if not known]
    looks = dict(zip(others, looking.look([paths[name] for name in others]), strict=True))
    return [
        replace(each, reason=str(look)) if isinstance(look, UnreadablePicture) else each
        for each in aside
        for look in [looks.get(each.name)]
    ]
