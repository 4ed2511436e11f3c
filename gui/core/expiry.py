"""What nobody comes back for is deleted, where the limits say so: pictures first, then trainings.

Never while a training of that person waits or runs, or something is being taken for them. They are
told before (``core.kept``), and when they come back, in a sentence.
"""

import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from gui.core import files, notices, usage, visits
from gui.core.errors import DiskFull, FreezepointError
from gui.core.limits import Limits
from gui.core.quota import Quota
from gui.core.runs import Run
from gui.words import joined, say

_NOTE: Final = "expired.json"
# Pictures, what was made of them, and the forms of a model that have some of them inside.
_OF_PICTURES: Final = ("datasets", "trials", "features")
_FORMS_WITH_PICTURES: Final = ("project.zip", "project.json", "report.html", "report.json")
_OF_TRAININGS: Final = ("runs", "ladders")


@dataclass(frozen=True)
class Expired:
    """What was deleted because nobody came back for it."""

    pictures: int = 0
    runs: int = 0


def expire(person: Path, absent_s: float, quota: Quota) -> Expired:
    """Delete what of one person is due.

    Args:
        person: Their folder.
        absent_s: Seconds since their last visit.
        quota: Says what is due when, and whether something is under way.

    Returns:
        What was deleted now.
    """
    pictures, trainings = _due(quota.limits, absent_s)
    visited = visits.stamp(person)
    if not (pictures or trainings):
        return Expired()
    try:
        with FileLock(person / "editing", timeout=0):
            if busy(person) or quota.taking(person) or visits.stamp(person) != visited:
                return Expired()
            return _delete(person, pictures=pictures, trainings=trainings)
    except Timeout:
        return Expired()  # another tab of theirs is at it: then they are here


def note(person: Path) -> str:
    """What this person is told who comes back too late; "" when nothing has expired."""
    told = _load(person)
    if told == Expired():
        return ""
    pictures = say(
        "One picture of yours was deleted, as you had not been here for a while."
        if told.pictures == 1
        else "{n} pictures of yours were deleted, as you had not been here for a while.",
        n=told.pictures,
    )
    runs = say(
        "One training of yours was deleted, as you had not been here for a while."
        if told.runs == 1
        else "{n} trainings of yours were deleted, as you had not been here for a while.",
        n=told.runs,
    )
    again = say("This server keeps nothing for long: choose your pictures again to go on.")
    return joined(pictures if told.pictures else "", runs if told.runs else "", again)


def forget_note(person: Path) -> None:
    """Say no more that something has expired: the person has begun anew."""
    with suppress(OSError):
        (person / _NOTE).unlink(missing_ok=True)


def busy(person: Path) -> bool:
    """Whether a training of this person waits or runs."""
    for told in person.glob("runs/*/run.json"):
        run = Run(told.parent)
        with suppress(FreezepointError):
            if run.history.busy or run.worked_on:
                return True
    return False


def _due(limits: Limits, absent_s: float) -> tuple[bool, bool]:
    """Whether pictures, and whether trainings are due; with the trainings go their pictures."""
    hours, days = limits.pictures_hours, limits.trainings_days
    trainings = days > 0 and absent_s >= days * 86_400.0
    return trainings or (hours > 0 and absent_s >= hours * 3600.0), trainings


def _delete(person: Path, *, pictures: bool, trainings: bool) -> Expired:
    before = usage.person(person)
    gone = Expired(
        before.pictures if pictures else 0,
        before.runs if trainings else 0,
    )
    doomed = [person / each for each in _OF_PICTURES if pictures]
    doomed += [person / each for each in _OF_TRAININGS if trainings]
    if gone != Expired():  # told first: a kill in between leaves no riddle
        earlier = _load(person)
        told = Expired(earlier.pictures + gone.pictures, earlier.runs + gone.runs)
        with suppress(DiskFull):  # what is due makes room all the more
            files.write_json(person / _NOTE, {"version": 1, **asdict(told)})
    for path in doomed:
        shutil.rmtree(path, ignore_errors=True)
    if pictures and not trainings:
        for name in _FORMS_WITH_PICTURES:
            for made in person.glob(f"runs/*/exports/{name}"):
                made.unlink(missing_ok=True)
    left = usage.person(person).size_bytes
    notices.tell(
        notices.Expired(person, gone.pictures, gone.runs, max(0, before.size_bytes - left))
    )
    return gone


def _load(person: Path) -> Expired:
    try:
        with files.checked():
            stored = files.version_1(files.read_json(person / _NOTE))
            return Expired(int(stored["pictures"]), int(stored["runs"]))
    except FreezepointError:
        return Expired()
