"""Equal pictures: one of them counts in a class, none of them when it is in two classes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gui.core.dataset import LeftOut, Picture, PictureClass
from gui.core.entry import unique
from gui.core.errors import UnreadablePicture
from gui.core.layout import Place


@dataclass(frozen=True)
class File:
    """A file with its place; ``rel`` as given, ``path`` relative to the data set's root."""

    place: Place
    rel: str
    path: str


def gather(
    before: Sequence[PictureClass],
    new: Sequence[File],
    digests: Sequence[str | UnreadablePicture],
) -> tuple[tuple[PictureClass, ...], list[LeftOut]]:
    """The classes with the new files among what was there before, and the files left out.

    Args:
        before: Classes that the new files join.
        new: The new files.
        digests: For each new file its sha256, or what is wrong with it.
    """
    readable, refused = list(_files(before)), list[LeftOut]()
    for file, result in zip(new, digests, strict=True):
        if isinstance(result, str):
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


def _files(classes: Sequence[PictureClass]) -> Iterator[tuple[File, str]]:
    for each in classes:
        for picture in each.pictures:
            place = Place(each.name, picture.name, picture.part)
            yield File(place, f"{each.name}/{picture.name}", picture.path), picture.sha256


def _sorted_out(
    readable: Sequence[tuple[File, str]],
) -> tuple[dict[str, list[Picture]], list[LeftOut]]:
    owners: dict[str, set[str]] = defaultdict(set)
    for file, digest in readable:
        owners[digest].add(file.place.class_name)
    first: dict[str, Picture] = {}
    kept: dict[str, list[Picture]] = defaultdict(list)
    taken: dict[str, set[str]] = defaultdict(set)
    copies: list[LeftOut] = []
    for file, digest in readable:
        place = file.place
        if len(owners[digest]) > 1:
            copies.append(LeftOut(file.rel, _torn(owners[digest])))
        elif digest in first:
            copies.append(LeftOut(file.rel, f"The same picture as “{first[digest].name}”."))
        else:
            name = unique(place.name, taken[place.class_name])
            first[digest] = Picture(name, digest, file.path, place.part)
            kept[place.class_name].append(first[digest])
    return kept, copies


def _torn(classes: Iterable[str]) -> str:
    names = [f"“{name}”" for name in sorted(classes)]
    listed = ", ".join(names[:-1]) + f" and {names[-1]}"
    return f"The same picture is in {listed}: a picture can have one class only."
