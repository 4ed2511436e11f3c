"""Which side each picture goes to: to learn from, to check with, to test with.

Pictures that look almost the same are one unit, which stays together, also across classes: else
what is checked would be known from learning. Shares are shares of the units, drawn in an order that
hangs on the bytes and the seed alone, so a unit counts as one picture however many it has.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gui.core import likeness
from gui.core.dataset import Part, Picture

_NEEDED: Final[tuple[Part, ...]] = ("train", "validation")  # by every class


@dataclass(frozen=True)
class Shares:
    """How to draw.

    Attributes:
        validation: For checking, above 0 and below 1.
        test: Never used for any choice, 0 to below 1.
        seed: Another seed, another order.
    """

    validation: float
    test: float
    seed: int

    def order(self, picture: Picture) -> str:
        """What pictures are drawn in the order of."""
        return hashlib.sha256(f"{self.seed}:{picture.sha256}".encode()).hexdigest()

    def drawn(self, units: int, fewest: int = 1) -> tuple[int, int]:
        """How many of so many units are for checking and for testing; ``fewest`` for each side."""
        checking = min(max(round(units * self.validation), fewest), max(units - fewest, 0))
        return checking, min(round(units * self.test), max(units - checking - 1, 0))


@dataclass(frozen=True)
class Unit:
    """Pictures that look almost the same, or one that looks like no other.

    Attributes:
        key: What units are drawn in the order of.
        members: The pictures, each with its class.
        sizes: How many pictures of each class there are.
    """

    key: str
    members: tuple[tuple[int, Picture], ...]
    sizes: Mapping[int, int]

    @property
    def to_test(self) -> bool:
        """Whether all of it came to test with."""
        return all(each.part == "test" for _, each in self.members)


def divide(classes: Sequence[Sequence[Picture]], shares: Shares) -> dict[str, Part]:
    """For the digest of each picture its side; each class has pictures to learn and to check with.

    Sides that came with the pictures stay. Where look-alikes came on several, all of them go where
    the first of "train", "validation", "test" went: what may be learned from tests nothing.

    Large units are learned from, so that no one sight decides the score. A class that can't be
    divided otherwise, as all its pictures look almost the same, is divided picture by picture.

    Args:
        classes: The pictures of each class, all different, two or more that didn't come to test.
        shares: How to draw.
    """
    units = _units(classes, shares)
    divided = [_came_divided(pictures) for pictures in classes]
    given = {unit.key: _given(unit, divided) for unit in units}
    own: dict[int, list[Unit]] = defaultdict(list)
    for unit in units:
        for label in unit.sizes:
            own[label].append(unit)
    wishes: dict[str, set[Part]] = defaultdict(set)
    for label, pictures in enumerate(classes):
        free = [(unit.key, unit.sizes[label]) for unit in own[label] if given[unit.key] is None]
        for key, side in _wishes(free, pictures, shares).items():
            wishes[key].add(side)
    sides = {unit.key: given[unit.key] or _agreed(wishes[unit.key]) for unit in units}
    left = Counter[tuple[int, Part]]()
    for unit in units:
        _move(unit, sides[unit.key], 1, left)
    single: dict[str, Part] = {}
    for label, pictures in enumerate(classes):
        if not all(_mended(label, each, own[label], sides, left) for each in _NEEDED):
            single |= _one_by_one(pictures, shares)
    whole = {each.sha256: sides[unit.key] for unit in units for _, each in unit.members}
    return whole | single


def _units(classes: Sequence[Sequence[Picture]], shares: Shares) -> list[Unit]:
    """The units in the order of the draw."""
    labelled = [(label, each) for label, pictures in enumerate(classes) for each in pictures]
    found: dict[int, list[tuple[int, Picture]]] = defaultdict(list)
    alike = likeness.groups([each.likeness for _, each in labelled])
    for first, member in zip(alike, labelled, strict=True):
        found[first].append(member)
    units = [
        Unit(
            min(shares.order(each) for _, each in members),
            tuple(members),
            Counter(label for label, _ in members),
        )
        for members in found.values()
    ]
    return sorted(units, key=lambda unit: unit.key)


def _came_divided(pictures: Iterable[Picture]) -> bool:
    return {"train", "validation"} <= {each.part for each in pictures}


def _given(unit: Unit, divided: Sequence[bool]) -> Part | None:
    """The side that a unit came on; None when it is to be drawn."""
    if unit.to_test:
        return "test"
    parts = {each.part for label, each in unit.members if divided[label]}
    return next((side for side in _NEEDED if side in parts), None)


def _wishes(
    units: Sequence[tuple[str, int]], pictures: Sequence[Picture], shares: Shares
) -> dict[str, Part]:
    """The side that a class wants each of its units on.

    Args:
        units: Those that are to be drawn, with how many of its pictures they have.
        pictures: All of its pictures.
        shares: How to draw.
    """
    if not units:
        return {}
    checking, testing = shares.drawn(len(units), 0 if _came_divided(pictures) else 1)
    if any(each.part == "test" for each in pictures):
        testing = 0
    sizes = [size for _, size in units]
    largest = max(round(sum(sizes) * shares.validation / 2), min(sizes))
    small = [key for key, size in units if size <= largest]
    wishes: dict[str, Part] = dict.fromkeys((key for key, _ in units), "train")
    wishes |= dict.fromkeys(small[max(0, len(small) - testing) :], "test")
    return wishes | dict.fromkeys(small[:checking], "validation")


def _agreed(wishes: Collection[Part]) -> Part:
    """The side that all classes want a unit on; when they differ, it is learned from."""
    return next(iter(wishes)) if len(wishes) == 1 else "train"


def _move(unit: Unit, side: Part, sign: int, left: Counter[tuple[int, Part]]) -> None:
    """Count a unit in on a side, or out of it."""
    for label, size in unit.sizes.items():
        left[label, side] += sign * size


def _mended(
    label: int,
    side: Part,
    own: Sequence[Unit],
    sides: dict[str, Part],
    left: Counter[tuple[int, Part]],
) -> bool:
    """Whether a class has pictures on a side, after one of its units was moved there if need be.

    No unit is moved that this or another class can't spare.
    """
    if left[label, side]:
        return True
    spare = [
        unit
        for unit in own
        if not unit.to_test
        and (
            sides[unit.key] == "test"
            or all(left[each, sides[unit.key]] > size for each, size in unit.sizes.items())
        )
    ]
    if not spare:
        return False
    moved = min(spare, key=lambda unit: (unit.sizes[label], unit.key))
    _move(moved, sides[moved.key], -1, left)
    _move(moved, side, 1, left)
    sides[moved.key] = side
    return True


def _one_by_one(pictures: Iterable[Picture], shares: Shares) -> dict[str, Part]:
    """Each picture's side as if none looked like another; those that came to test stay there."""
    drawn = sorted((each for each in pictures if each.part != "test"), key=shares.order)
    checking, _ = shares.drawn(len(drawn))
    return {
        each.sha256: "validation" if place < checking else "train"
        for place, each in enumerate(drawn)
    }
