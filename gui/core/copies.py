"""Equal pictures: one of them counts in a class.

One that two classes have stays in both: which of them it belongs to is for a person to decide, see
``Dataset.conflicts``.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from gui.core.dataset import LeftOut, Part, Picture, PictureClass
from gui.core.entry import shown, unique
from gui.core.errors import UnreadablePicture
from gui.core.layout import Place
from gui.core.looking import Look
from gui.words import mark


@dataclass(frozen=True)
class File:
    """A file with its place; ``rel`` as given, ``path`` relative to the data set's root.

    ``original`` is as in :class:`gui.core.entry.Entry`.
    """

    place: Place
    rel: str
    path: str
    original: str = ""


# Of equal pictures the one that is learned from counts: the others would know it beforehand.
_RANKS: Final[Mapping[Part | None, int]] = MappingProxyType(
    {None: 0, "train": 0, "validation": 1, "test": 2}
)


def gather(
    before: Sequence[PictureClass],
    new: Sequence[File],
    looks: Sequence[Look | UnreadablePicture],
) -> tuple[tuple[PictureClass, ...], list[LeftOut]]:
    """The classes with the new files among what was there before, and the files left out.

    Args:
        before: Classes that the new files join.
        new: The new files.
        looks: For each new file what it is, or what is wrong with it.
    """
    readable, refused = list(_files(before)), list[LeftOut]()
    for file, result in zip(new, looks, strict=True):
        if isinstance(result, Look):
            readable.append((file, result))
        else:
            refused.append(LeftOut(file.rel, str(result)))
    kept, copies = _sorted_out(readable)
    excluded = {each.name for each in before if not each.included}
    classes = tuple(
        PictureClass(
            name,
            tuple(sorted(kept[name], key=lambda picture: picture.name)),
            included=name not in excluded,
        )
        for name in sorted(kept)
    )
    return classes, refused + copies


def _files(classes: Sequence[PictureClass]) -> Iterator[tuple[File, Look]]:
    for each in classes:
        for picture in each.pictures:
            place = Place(each.name, picture.name, picture.part)
            rel = f"{each.name}/{picture.name}"
            file = File(place, rel, picture.path, picture.original)
            yield file, Look(picture.sha256, picture.likeness)


def _sorted_out(
    readable: Sequence[tuple[File, Look]],
) -> tuple[dict[str, list[Picture]], list[LeftOut]]:
    first: dict[tuple[str, str], Picture] = {}
    kept: dict[str, list[Picture]] = defaultdict(list)
    taken: dict[str, set[str]] = defaultdict(set)
    copies: list[LeftOut] = []
    for file, look in sorted(readable, key=lambda each: _RANKS[each[0].place.part]):
        place = file.place
        same = place.class_name, look.sha256
        if same in first:
            reason = mark("The same picture as “{name}”.", name=first[same].name)
            copies.append(LeftOut(file.rel, reason))
        else:
            name = unique(shown(place.name), taken[place.class_name])
            first[same] = Picture(
                name, look.sha256, file.path, place.part, look.likeness, file.original
            )
            kept[place.class_name].append(first[same])
    return kept, copies
