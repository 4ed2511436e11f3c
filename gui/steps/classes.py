"""What the Pictures step shows of a data set: plain values for its widgets."""

from typing import Any

from gui.core import corrections, dataset, lookalikes, split, thumbnails
from gui.core.dataset import Dataset, PictureClass
from gui.core.owner import Owner
from gui.core.split import Counts, Split
from gui.words import again, joined, say

_THUMBNAILS = 8  # of each class
_LARGEST_TABLE = 30  # classes with thumbnails; beyond it the page would be heavy
_LISTED = 20  # pictures in conflict, or groups of look-alikes, at a time
_OF_A_GROUP = 6  # pictures that look alike


def reading(done: int, total: int) -> dict[str, Any]:
    """How far pictures are read, for a drop area."""
    if not total:
        return {"busy": say("Unpacking and reading your pictures")}
    busy = say("Reading {done} of {total} pictures", done=done, total=total)
    return {"busy": busy, "fraction": done / total}


def left_out(opened: Dataset | None) -> list[dict[str, str]]:
    """The files that aren't used, and why."""
    return (
        [{"name": each.name, "reason": again(each.reason)} for each in opened.left_out]
        if opened
        else []
    )


def conflicts(opened: Dataset) -> dict[str, Any]:
    """What stands in several classes, and how much of it was decided."""
    torn = corrections.conflicts(opened)
    return {
        "pictures": [
            {
                "id": each.picture.sha256,
                "name": each.names,
                "thumbnail": thumbnails.thumbnail(opened, each.picture),
                "classes": list(each.classes),
            }
            for each in torn[:_LISTED]
        ],
        "total": len(torn),
        "decided": len(corrections.settled(opened)),
    }


def alike(opened: Dataset) -> dict[str, Any]:
    """What looks almost the same in different classes."""
    found = lookalikes.across(opened)
    return {
        "groups": [
            [
                {
                    "name": f"{label}/{picture.name}",
                    "thumbnail": thumbnails.thumbnail(opened, picture),
                }
                for label, picture in each.members[:_OF_A_GROUP]
            ]
            for each in found[:_LISTED]
        ],
        "total": len(found),
    }


def table(owner: Owner, opened: Dataset) -> dict[str, Any]:
    """The classes, with how they are divided and what there is to say about each."""
    counts, notes, totals = dict[str, Counts](), dict[str, str](), ""
    if dataset.missing(opened) is None:
        divided = _divided(owner, opened)
        counts, totals = split.counts(opened, divided), _totals(opened, divided)
        notes = {name: lookalikes.torn_note(name) for name in lookalikes.torn(opened, divided)}
        notes |= lookalikes.bursts(opened)
    few = len(opened.classes) <= _LARGEST_TABLE
    rows = [
        {
            "name": each.name,
            "count": len(each.pictures),
            **counts.get(each.name, Counts())._asdict(),
            "thumbnails": _thumbnails(opened, each) if few else [],
            "included": each.included,
            "note": notes.get(each.name, _note(each)),
        }
        for each in opened.corrected
    ]
    return {"classes": rows, "totals": totals}


def ready(owner: Owner, opened: Dataset | None) -> str:
    """That it can go on, with how the pictures are divided; "" while something is missing."""
    if opened is None or dataset.missing(opened) is not None:
        return ""
    divided = _divided(owner, opened)
    learn, check, test = map(len, (divided.train, divided.validation, divided.test))
    return say(
        "**Ready:** {classes} classes with {pictures} pictures: {learn} to learn from, {check} "
        "kept for checking and {test} for a last test, which no choice ever sees."
        if test
        else "**Ready:** {classes} classes with {pictures} pictures: {learn} to learn from, "
        "{check} kept for checking.",
        classes=len(opened.usable),
        pictures=learn + check + test,
        learn=learn,
        check=check,
        test=test,
    )


def _divided(owner: Owner, opened: Dataset) -> Split:
    desk = owner.desk
    return split.divide(opened, desk.validation_share, desk.seed, desk.test_share)


def _totals(opened: Dataset, divided: Split) -> str:
    """What is to be known of how the pictures are divided."""
    moved = lookalikes.moved_from_test(opened, divided)
    return joined(
        say("A picture kept for checking is never learned from."),
        lookalikes.moved_note(moved) if moved else "",
        say("Dropping another folder replaces all of these."),
    )


def _thumbnails(opened: Dataset, chosen: PictureClass) -> list[str]:
    spread = chosen.pictures[:: max(1, len(chosen.pictures) // _THUMBNAILS)][:_THUMBNAILS]
    return [thumbnails.thumbnail(opened, picture) for picture in spread]


def _note(chosen: PictureClass) -> str:
    number = len(chosen.to_divide)
    if chosen.included and number < dataset.SMALLEST_CLASS:
        return say(
            "Only {number} picture to learn from: not used until there are {least} or more. Add "
            "some, or leave the class out."
            if number == 1
            else "Only {number} pictures to learn from: not used until there are {least} or more. "
            "Add some, or leave the class out.",
            number=number,
            least=dataset.SMALLEST_CLASS,
        )
    return ""
