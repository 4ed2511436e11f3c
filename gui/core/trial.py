"""Pictures that a person tests a model with: theirs alone, and only until the next ones come.

::

    <owner>/trials/<id>/trial.json    what each is called, and what it was made of
    <owner>/trials/<id>/000000        the first picture
    <owner>/trials/<id>/evaluation-<run>.json    what a training answered to all of known class
    <owner>/trials/<id>/answered.json which run has answered how many

They are kept as long as somebody may ask more about them: where the model looked, what another one
says. They never become part of a data set.
"""

import os
import re
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from gui.core import evaluation, files, met, uploads, usage
from gui.core.entry import Entry, class_name, shown
from gui.core.errors import FreezepointError, NotYours, PicturesError, RunError, disk_full
from gui.core.evaluation import Answered, Evaluation
from gui.core.owner import Owner
from gui.core.usage import Usage
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
        QuotaError: When they are more than this person, or all together, may keep.
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
    if not _ID.fullmatch(trial_id):
        raise _gone()
    try:
        with files.checked():
            stored = files.version_1(files.read_json(kept / "trial.json"))
            names = [files.text(each) for each in stored["names"]]
            originals = stored.get("originals", [""] * len(names))
            known = zip(names, map(files.digest_or_none, originals), strict=True)
            entries = tuple(
                Entry(name, kept / f"{number:06d}", original)
                for number, (name, original) in enumerate(known)
            )
    except PicturesError as error:
        raise _gone() from error
    return Trial(trial_id, entries)


def keep_evaluation(owner: Owner, trial: Trial, run_id: str, told: Evaluation) -> None:
    """Keep what a training answered to the pictures, as long as they are kept.

    Raises:
        NotYours: When they are gone meanwhile.
        DiskFull: When there is no room.
    """
    answers = tuple(replace(each, path=_place(trial, each)) for each in told.answers)
    try:
        evaluation.save(replace(told, answers=answers), _evaluation(owner, trial, run_id))
    except FileNotFoundError as error:
        raise _gone() from error


def evaluated(owner: Owner, trial: Trial, run_id: str) -> Evaluation | None:
    """What a training answered to the pictures, if that was kept.

    Each answer's ``path`` is its picture's file in the trial's folder.
    """
    with suppress(RunError):
        return evaluation.load(_evaluation(owner, trial, run_id))
    return None


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


def sweep(workspace: Path, lasted_s: Callable[[Path], float]) -> None:
    """Delete everybody's test pictures that nobody has asked about for an hour.

    Args:
        workspace: Folder of everybody's work.
        lasted_s: Seconds for which a file is known to be unchanged.
    """
    for owner in workspace.glob("owners/*"):
        with suppress(OSError):  # forgotten at this moment by whose they are
            for told in _trials(Owner(owner)).glob("*/trial.json"):
                if lasted_s(told) > _KEPT_S:
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
    asked_bytes = sum(each.path.stat().st_size for each in given)
    with owner.room(asked_bytes, frees=Usage(usage.size_bytes(_trials(owner)))):
        forget(owner)
        return _keep_files(owner, given, left)


def _keep_files(owner: Owner, given: list[Entry], left: int) -> Trial:
    trial_id = secrets.token_hex(8)
    kept = _trials(owner) / trial_id
    with disk_full():
        kept.mkdir(parents=True)
    try:
        named = [replace(each, rel=shown(each.rel)) for each in given]
        taken = uploads.copy(named, kept)
        names, originals = [each.rel for each in taken], [each.original for each in taken]
        told = {"version": 1, "names": names, "originals": originals}
        files.write_json(kept / "trial.json", told)
    except BaseException:
        forget(owner)
        raise
    return Trial(trial_id, tuple(taken), left)


def touch(owner: Owner, trial: Trial) -> None:
    """Keep the pictures for another hour: somebody is at them."""
    with suppress(OSError):  # they were swept at this moment
        os.utime(_trials(owner) / trial.id / "trial.json")


def _place(trial: Trial, answered: Answered) -> str:
    """The file of a picture that was answered; of several with its name, that with its bytes."""
    named = [each.path for each in trial.entries if each.rel == answered.name]
    for path in named:
        if len(named) == 1 or met.digest(path) == answered.sha256:
            return path.name
    raise _gone()


def _gone() -> NotYours:
    return NotYours(say("Those pictures are gone."), say("Drop them again."))


def _evaluation(owner: Owner, trial: Trial, run_id: str) -> Path:
    return _trials(owner) / trial.id / f"evaluation-{run_id}.json"


def _trials(owner: Owner) -> Path:
    return owner.path / "trials"
