"""What a person decides about single pictures: edits beside the record, which stays as given."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from gui.core.dataset import Dataset, Edit, Picture
from gui.core.errors import PicturesError
from gui.words import listed, say


@dataclass(frozen=True)
class Conflict:
    """A picture that several classes have: the name of each, and the picture as it has it."""

    members: tuple[tuple[str, Picture], ...]

    @property
    def picture(self) -> Picture:
        """The picture as the first of them has it."""
        return self.members[0][1]

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes."""
        return tuple(name for name, _ in self.members)

    @property
    def names(self) -> str:
        """As a person knows it: "cat/1.jpg and dog/7.jpg"."""
        shown = [f"{name}/{picture.name}" for name, picture in self.members]
        return say("{names} and {last}", names=listed(shown[:-1]), last=shown[-1])


def conflicts(dataset: Dataset) -> tuple[Conflict, ...]:
    """The pictures to decide about before anything can be learned, in the order of the classes."""
    found: dict[str, list[tuple[str, Picture]]] = {each: [] for each in dataset.conflicts}
    for each in dataset.classes:
        for picture in each.pictures if each.included else ():
            if picture.sha256 in found:
                found[picture.sha256].append((each.name, picture))
    return tuple(Conflict(tuple(members)) for members in found.values())


def correct(dataset: Dataset, edits: Iterable[Edit]) -> Dataset:
    """The data set with pictures in other classes, or left out; a later edit replaces an earlier.

    Raises:
        PicturesError: When a picture or a class isn't in the data set.
    """
    given = _classes(dataset)
    decided = {each.sha256: each for each in dataset.edits}
    for each in edits:
        if not isinstance(each.sha256, str) or each.sha256 not in given:  # a page sends it
            raise PicturesError(
                say("This picture isn't in the open set."), say("Choose one that is.")
            )
        if each.to is not None:
            dataset.named(each.to)
        decided[each.sha256] = each
        if given[each.sha256] == {each.to}:  # it is back where it came from
            del decided[each.sha256]
    return replace(dataset, edits=tuple(decided.values()))


def undo(dataset: Dataset, digests: Collection[str]) -> Dataset:
    """The data set without what was decided about these pictures."""
    kept = tuple(each for each in dataset.edits if each.sha256 not in digests)
    return replace(dataset, edits=kept)


def leave_out_conflicts(dataset: Dataset) -> Dataset:
    """The data set without the pictures that several classes have."""
    return correct(dataset, [Edit(each, None) for each in dataset.conflicts])


def settled(dataset: Dataset) -> frozenset[str]:
    """Digests of the pictures that several classes have and that were decided about."""
    given = _classes(dataset)
    return frozenset(each.sha256 for each in dataset.edits if len(given.get(each.sha256, ())) > 1)


def _classes(dataset: Dataset) -> dict[str, set[str | None]]:
    """For each picture's digest the names of the classes that were given it."""
    found: dict[str, set[str | None]] = {}
    for each in dataset.classes:
        for picture in each.pictures:
            found.setdefault(picture.sha256, set()).add(each.name)
    return found
