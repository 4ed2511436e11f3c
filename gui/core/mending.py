"""Pictures of a division mended: in other classes, or left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from gui.core.dataset import Edit
from gui.core.entry import unique
from gui.core.errors import PicturesError
from gui.core.split import Labelled, Split
from gui.words import mark, say

_NONE_LEFT = (
    mark("“{name}” would have no picture left to learn from."),
    mark("“{name}” would have no picture left to check with."),
)


def corrected(split: Split, edits: Iterable[Edit]) -> Split:
    """The same division with pictures in other classes, or left out; no picture changes its side.

    So a model of before and one of after can be checked with the same pictures.

    Args:
        split: As it is; pictures that it doesn't have are no matter.
        edits: What was decided; the classes are named as in ``split.labels``.

    Raises:
        PicturesError: When an edit names another class, or leaves a class with no picture to learn
            from or to check with.
    """
    decided = {each.sha256: each.to for each in edits}
    sides = (split.train, split.validation, split.test)
    known = {each.sha256 for side in sides for each in side}
    labels: dict[str | None, int | None] = {name: n for n, name in enumerate(split.labels)}
    labels[None] = None
    unknown = [to for digest, to in decided.items() if digest in known and to not in labels]
    if unknown:
        raise PicturesError(
            say("“{name}” is no class of this training.", name=unknown[0]),
            say("Choose one of its classes."),
        )
    places = {digest: labels[to] for digest, to in decided.items() if digest in known}
    names = {each.name for side in sides for each in side if each.sha256 not in places}
    changed = Split(split.labels, *(_moved(side, split.labels, places, names) for side in sides))
    for number, name in enumerate(split.labels):
        for side, none_left in zip((changed.train, changed.validation), _NONE_LEFT, strict=True):
            if all(each.label != number for each in side):
                raise PicturesError(
                    say(none_left, name=name),
                    say("Leave one of its pictures where it is, or add others and train again."),
                )
    return changed


def _moved(
    side: Iterable[Labelled],
    labels: Sequence[str],
    places: Mapping[str, int | None],
    names: set[str],
) -> tuple[Labelled, ...]:
    """The pictures of one side where they belong now; ``names`` are taken already."""
    kept = []
    for each in side:
        if each.sha256 not in places:
            kept.append(each)
        elif (label := places[each.sha256]) is not None:
            own = each.name.removeprefix(f"{labels[each.label]}/")
            name = unique(f"{labels[label]}/{own}", names)
            kept.append(replace(each, name=name, label=label))
    return tuple(sorted(kept, key=lambda each: (each.label, each.name)))
