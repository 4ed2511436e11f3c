"""What is kept of a person, where, and until when: in plain words, from the rules that hold."""

from dataclasses import dataclass

from gui.core import expiry, usage
from gui.core.farewell import Farewell
from gui.core.forecast import size
from gui.core.host import Host
from gui.core.limits import Limits
from gui.core.owner import Owner
from gui.core.usage import Usage
from gui.words import joined, listed, say

_NEXT_TO_NOTHING_BYTES = 10_000  # what a person has open, and when they were here


@dataclass(frozen=True)
class Kept:
    """What a person reads about it.

    Attributes:
        sentence: What there is, where, and until when.
        question: What is deleted when they want everything deleted.
        anything: Whether there is anything to delete.
    """

    sentence: str
    question: str
    anything: bool


def describe(owner: Owner, host: Host) -> Kept:
    """What is kept of this person."""
    found = usage.person(owner.path)
    anything = bool(found.pictures or found.runs or found.size_bytes > _NEXT_TO_NOTHING_BYTES)
    limits = owner.quota.limits
    if not anything:
        what = say("No picture and no training of yours is kept here.")
        return Kept(joined(what, until(host, limits)), "", anything=False)
    what = say("Kept of yours: {what}.", what=_amounts(found))
    stopped = say("What is under way for you is stopped.") if expiry.busy(owner.path) else ""
    question = joined(
        say("Delete {what}, for good?", what=_amounts(found)),
        stopped,
        say(
            "With them go the models, everything made of them, and your private link. What you "
            "have downloaded stays with you."
        ),
    )
    room = (
        say("One person may keep {most} here.", most=size(limits.person_mb * 1e6))
        if limits.person_mb
        else ""
    )
    return Kept(joined(what, where(host), until(host, limits), room), question, anything=True)


def where(host: Host) -> str:
    """Where it is kept."""
    if host.folder:
        return say("It lies in the folder “{folder}” on this computer.", folder=host.folder)
    return say(
        "It lies on this server. Other visitors can't see it; whoever runs the server could."
    )


def until(host: Host, limits: Limits) -> str:
    """Until when it is kept."""
    parts = []
    if hours := limits.pictures_hours:
        parts.append(say("Pictures are deleted {time} after your last visit.", time=_hours(hours)))
    if days := limits.trainings_days:
        parts.append(
            say("Trainings are deleted {time} after your last visit.", time=_hours(24 * days))
        )
    if host.forgets:
        parts.append(say("All of it is gone when the server restarts or goes to sleep."))
    return joined(*parts) if parts else say("It stays until you delete it.")


def farewell(told: Farewell) -> str:
    """What became of deleting everything."""
    gone = say("Deleted: {what}.", what=_amounts(told.gone))
    if not told.left:
        return joined(gone, say("Nothing of yours is left here."))
    return joined(
        gone,
        say(
            "One file can't be deleted just now: nobody can open it any more, and it is tried "
            "again every ten minutes."
            if told.left == 1
            else "{n} files can't be deleted just now: nobody can open them any more, and it is "
            "tried again every ten minutes.",
            n=told.left,
        ),
    )


def _amounts(found: Usage) -> str:
    pictures = say("one picture" if found.pictures == 1 else "{n:,} pictures", n=found.pictures)
    runs = say("one training" if found.runs == 1 else "{n:,} trainings", n=found.runs)
    parts = [pictures if found.pictures else "", runs if found.runs else ""]
    return listed([*filter(None, parts), size(found.size_bytes)])


def _hours(hours: int) -> str:
    if hours % 24:
        return say("{n} hours", n=hours)
    return say("a day" if hours == 24 else "{n} days", n=hours // 24)
