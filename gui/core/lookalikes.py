"""What there is to say about pictures that look almost the same, in plain words."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gui.core import likeness
from gui.core.dataset import Dataset, Picture, PictureClass
from gui.core.split import Split
from gui.words import joined, listed, say

_NAMED: Final = 4  # pictures that look alike; the others are counted
_BURST: Final = 3  # pictures of one sight: fewer are no burst
_MOST: Final = 0.5  # of a class's pictures


@dataclass(frozen=True)
class Alike:
    """Pictures of several classes that look almost the same, each with its class."""

    members: tuple[tuple[str, Picture], ...]

    @property
    def names(self) -> str:
        """The first few as a person knows them: "cat/1.jpg, dog/7.jpg"."""
        shown = [f"{label}/{picture.name}" for label, picture in self.members]
        names = listed(shown[:_NAMED])
        if len(shown) <= _NAMED:
            return names
        return say("{names} and {count} more pictures", names=names, count=len(shown) - _NAMED)


def across(dataset: Dataset) -> tuple[Alike, ...]:
    """The pictures that look almost like one of another class, those that belong together."""
    found = (Alike(tuple(members)) for members in _groups(dataset.usable))
    return tuple(each for each in found if len({label for label, _ in each.members}) > 1)


def bursts(dataset: Dataset) -> Mapping[str, str]:
    """For the name of each class that shows mostly one or two sights, a sentence that says so."""
    sizes: dict[str, list[int]] = defaultdict(list)
    for members in _groups(dataset.usable):
        for label, size in Counter(label for label, _ in members).items():
            sizes[label].append(size)
    found = {}
    for each in dataset.usable:
        largest = sorted((size for size in sizes[each.name] if size >= _BURST), reverse=True)[:2]
        if largest and largest[0] > _MOST * len(each.pictures):
            largest = largest[:1]  # one sight says it all
        if sum(largest) > _MOST * len(each.pictures):
            found[each.name] = _burst(each, largest)
    return found


def torn(dataset: Dataset, split: Split) -> tuple[str, ...]:
    """The classes with look-alikes on several sides, as they couldn't be divided otherwise."""
    sides = {
        each.sha256: number
        for number, side in enumerate((split.train, split.validation, split.test))
        for each in side
    }
    found = set[str]()
    for members in _groups(dataset.usable):
        per_class: dict[str, set[int]] = defaultdict(set)
        for label, picture in members:
            if picture.sha256 in sides:
                per_class[label].add(sides[picture.sha256])
        found |= {label for label, seen in per_class.items() if len(seen) > 1}
    return tuple(each for each in split.labels if each in found)


def on_several_sides(split: Split, looks: Mapping[str, str]) -> tuple[str, ...] | None:
    """The classes that have pictures with a look-alike on another side, whatever its class is.

    Args:
        split: As a training has it; the pictures may have been changed since.
        looks: For the digest of each picture what it looks like, as far as that is known.

    Returns:
        Their names in the split's order; None where none is found, but not all looks are known.
    """
    sides = (split.train, split.validation, split.test)
    placed = [(each, number) for number, side in enumerate(sides) for each in side]
    known = [looks.get(each.sha256, "") for each, _ in placed]
    alike = list(zip(likeness.groups(known), placed, strict=True))
    seen: dict[int, set[int]] = defaultdict(set)
    for first, (_, side) in alike:
        seen[first].add(side)
    found = {each.label for first, (each, _) in alike if len(seen[first]) > 1}
    if not found and not all(known):
        return None
    return tuple(split.labels[label] for label in sorted(found))


def moved_from_test(dataset: Dataset, split: Split) -> int:
    """How many pictures that came to test with are used otherwise: others look like them."""
    tested = {each.sha256 for each in split.test}
    return sum(
        picture.part == "test" and picture.sha256 not in tested
        for each in dataset.usable
        for picture in each.pictures
    )


def warnings(dataset: Dataset, split: Split) -> tuple[str, ...]:
    """All there is to say, a sentence or two each."""
    told = [*bursts(dataset).values()]
    told += [torn_note(name) for name in torn(dataset, split)]
    told += [
        f"These look almost the same, in different classes: {a.names}" for a in across(dataset)
    ]
    if moved := moved_from_test(dataset, split):
        told.append(moved_note(moved))
    return tuple(told)


def torn_note(name: str) -> str:
    """That a class was divided though all of it looks the same."""
    return say(
        "“{name}” couldn't be divided without look-alikes on both sides, so its score will look "
        "better than it is. Add pictures that look different.",
        name=name,
    )


def moved_note(pictures: int) -> str:
    """That pictures to test with are used otherwise."""
    return say(
        "{count:,} picture of the test folder looks almost like others that are learned from or "
        "checked with, so it is no test and stands with those."
        if pictures == 1
        else "{count:,} pictures of the test folder look almost like others that are learned from "
        "or checked with, so they are no test and stand with those.",
        count=pictures,
    )


def _burst(chosen: PictureClass, sizes: Sequence[int]) -> str:
    number, total = sum(sizes), len(chosen.pictures)
    seen: dict[str, object] = {"number": number, "total": total, "name": chosen.name}
    if len(sizes) == 1:
        same = say(
            "All {total:,} pictures of “{name}” look almost the same."
            if number == total
            else "{number:,} of the {total:,} pictures of “{name}” look almost the same.",
            **seen,
        )
        counted = say(
            "They count as one when dividing, and the score will say little about a new “{name}”.",
            name=chosen.name,
        )
    else:
        same = say(
            "All {total:,} pictures of “{name}” show only two sights."
            if number == total
            else "{number:,} of the {total:,} pictures of “{name}” show only two sights.",
            **seen,
        )
        counted = say(
            "Each sight counts as one when dividing, and the score will say little about a new "
            "“{name}”.",
            name=chosen.name,
        )
    return joined(same, counted, say("Take pictures of others, in other places and light."))


def _groups(classes: Sequence[PictureClass]) -> list[list[tuple[str, Picture]]]:
    """The pictures with the names of their classes, look-alikes together."""
    labelled = [(each.name, picture) for each in classes for picture in each.pictures]
    found: dict[int, list[tuple[str, Picture]]] = defaultdict(list)
    alike = likeness.groups([picture.likeness for _, picture in labelled])
    for first, member in zip(alike, labelled, strict=True):
        found[first].append(member)
    return list(found.values())
