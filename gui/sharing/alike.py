"""What a card and a report say of pictures that look almost the same."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from gui.core import lookalikes, record
from gui.core.errors import FreezepointError
from gui.sharing.facts import Facts
from gui.words import listed, mark, say

APART: Final = mark(
    "Pictures that look almost the same stand on one side together, as far as a perceptual hash "
    "finds them: so none of those that it is checked with is nearly one that it has learned from."
)
NOT_LOOKED: Final = mark(
    "Nobody has looked here whether pictures that look almost the same stand on several sides, to "
    "learn from and to check with. Where they do, the scores look better than they are."
)


def look_alike(facts: Facts) -> tuple[str, ...] | None:
    """The classes with look-alikes on several sides; None where nobody knows whether there are."""
    root, looks = facts.run.pictures_root, dict[str, str]()
    with suppress(FreezepointError):  # a folder that nobody keeps a list of
        data = record.load(root.with_name("dataset.json"), root)
        looks = {each.sha256: each.likeness for kind in data.classes for each in kind.pictures}
    return lookalikes.on_several_sides(facts.split, looks)


def apart(facts: Facts) -> str:
    """That look-alikes stand on one side together; "" unless that is known."""
    return say(APART) if look_alike(facts) == () else ""


def flattered(facts: Facts, shown: Callable[[str], str]) -> str:
    """That look-alikes flatter the scores, or that they may; "" when it is known that none do.

    ``shown`` is as in :func:`gui.sharing.facts.what_it_is`.
    """
    labels = look_alike(facts)
    if labels is None:
        return say(NOT_LOOKED)
    if not labels:
        return ""
    return say(
        "Pictures that look almost the same stand on several sides (to learn from, to check with, "
        "to test with), so the scores look better than they are. These classes have such "
        "pictures: {names}.",
        names=listed(say("“{name}”", name=shown(label)) for label in labels),
    )
