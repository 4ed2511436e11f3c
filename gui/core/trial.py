"""Pictures that a person tests a model with: theirs alone, and only until the next ones come.

::

    <owner>/trials/<id>/trial.json    what each is called
    <owner>/trials/<id>/000000        the first picture
    <owner>/trials/<id>/answered.json which run has answered how many

They are kept as long as somebody may ask more about them: where the model looked, what another one
says. They never become part of a data set.
"""

import os
import re
import secrets
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gui.core import files, uploads
from gui.core.entry import Entry, class_name
from gui.core.errors import FreezepointError, NotYours, PicturesError, disk_full
from gui.core.owner import Owner
from gui.words import say

MOST = 2000  # pictures at once
_KEPT_S = 3600.0
_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Trial:
    """Pictures to test with.

    Attributes:
        id: What the page calls them by.
        entries: In the order they were given; ``rel`` is the name, with its folders.
        left: How many more were given than are taken at once.
    """

    id: str
    entries: tuple[Entry, ...]
    left: int = 0

    def truths(self, labels: Sequence[str]) -> tuple[str | None, ...]:
        """For each picture the class whose name the folder around it bears, if there is one."""
        known = {each.casefold(): each for each in labels} | {each: each for each in labels}
        folders = (folder(each.rel) for each in self.entries)
        return tuple(known.get(each, known.get(each.casefold())) for each in folders)


def take(owner: Owner, given: Iterable[Entry]) -> Trial:
    """Take uploaded pictures out of the upload folder; those of the last trial are deleted.

    Raises:
        PicturesError: When there are none.
        DiskFull: When there is no room.
    """
    entries = list(given)
    try:
        return _keep(owner, entries[:MOST], len(entries[MOST:]))
    finally:
        uploads.discard(entries)


def copy(owner: Owner, given: Iterable[Entry]) -> Trial:
    """The same with files that stay where they are.

    Raises:
        PicturesError: When there are none.
        DiskFull: When there is no room.
    """
    return _keep(owner, list(given), 0)


def load(owner: Owner, trial_id: str) -> Trial:
    """The pictures that the page calls so.

    Raises:
        NotYours: When this person has none of that id any more.
    """
    kept = _trials(owner) / trial_id
    gone = NotYours(say("Those pictures are gone."), say("Drop them again."))
    if not _ID.fullmatch(trial_id):
        raise gone
    try:
        with files.checked():
            stored = files.version_1(files.read_json(kept / "trial.json"))
            names = [files.text(each) for each in stored["names"]]
    except PicturesError as error:
        raise gone from error
    return Trial(trial_id, tuple(_entry(kept, *each) for each in enumerate(names)))


def answered(owner: Owner, trial: Trial, run: str, pictures: int) -> None:
    """Note that a run has answered so many of these pictures."""
    with suppress(OSError, FreezepointError):  # they were swept at this moment, or the disk is full
        files.write_json(
            _trials(owner) / trial.id / "answered.json",
            {"version": 1, "run": run, "pictures": pictures},
        )


def tried(owner: Owner, run: str) -> int:
    """How many of the pictures that are there a run has answered."""
    total = 0
    for note in _trials(owner).glob("*/answered.json"):
        with suppress(PicturesError, OSError), files.checked():
            told = files.version_1(files.read_json(note))
            total += int(told["pictures"]) if told["run"] == run else 0
    return total


def forget(owner: Owner) -> None:
    """Delete a person's test pictures."""
    shutil.rmtree(_trials(owner), ignore_errors=True)


def sweep(workspace: Path, now: float) -> None:
    """Delete everybody's test pictures that nobody has asked about for an hour."""
    for told in workspace.glob("owners/*/trials/*/trial.json"):
        if now - told.stat().st_mtime > _KEPT_S:
            shutil.rmtree(told.parent, ignore_errors=True)


def folder(rel: str) -> str:
    """The name of the folder around a picture; "" when there is none."""
    return class_name(rel.rpartition("/")[0].rpartition("/")[2])


def told_apart(truths: Iterable[str | None]) -> tuple[int, int]:
    """How many pictures have a known class, and how many classes these are."""
    counted = Counter(each for each in truths if each is not None)
    return counted.total(), len(counted)


def _keep(owner: Owner, given: list[Entry], left: int) -> Trial:
    if not given:
        raise PicturesError(
            say("There is no picture in there."), say("Choose pictures to test with.")
        )
    forget(owner)
    trial_id = secrets.token_hex(8)
    kept = _trials(owner) / trial_id
    with disk_full():
        kept.mkdir(parents=True)
    try:
        taken = uploads.copy(given, kept)
        names = [each.rel for each in taken]
        files.write_json(kept / "trial.json", {"version": 1, "names": names})
    except BaseException:
        forget(owner)
        raise
    return Trial(trial_id, tuple(taken), left)


def touch(owner: Owner, trial: Trial) -> None:
    """Keep the pictures for another hour: somebody is at them."""
    with suppress(OSError):  # they were swept at this moment
        os.utime(_trials(owner) / trial.id / "trial.json")


def _trials(owner: Owner) -> Path:
    return owner.path / "trials"


def _entry(kept: Path, number: int, name: str) -> Entry:
    return Entry(name, kept / f"{number:06d}")
