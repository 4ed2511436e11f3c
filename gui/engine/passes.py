"""Which views of which pictures have to go through the frozen part, and which of them together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gui.core.split import Labelled
from gui.engine import processors

Alike = tuple[int, str, tuple[str, ...]]  # view, start and places that several passes share


@dataclass(frozen=True)
class Pass:
    """A view of a picture that has to go through a part of the network."""

    picture: Labelled
    view: int
    start: str
    places: tuple[str, ...]


def groups(passes: Sequence[Pass]) -> Iterator[list[Pass]]:
    """The passes of a few pictures at a time; all views of a picture are together."""
    pictures, count = by_picture(passes), processors.together()
    yield pictures[0]  # alone, so that there is progress to be seen at once
    for start in range(1, len(pictures), count):
        yield [each for chosen in pictures[start : start + count] for each in chosen]


def by_picture(passes: Sequence[Pass]) -> list[list[Pass]]:
    """The passes of each picture."""
    found: dict[Labelled, list[Pass]] = defaultdict(list)
    for each in passes:
        found[each.picture].append(each)
    return list(found.values())


def alike(group: Sequence[Pass]) -> Iterable[tuple[Alike, list[Pass]]]:
    """Those that can go through the network as one batch."""
    found: dict[Alike, list[Pass]] = defaultdict(list)
    for each in group:
        found[each.view, each.start, each.places].append(each)
    return found.items()
