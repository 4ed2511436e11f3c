"""Which class a file belongs to, told by where it lies among the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final

from gui.core.dataset import Part
from gui.core.pictures import PICTURE_SUFFIXES
from gui.words import mark

_TRAIN: Final = frozenset(["train", "training", "training_set", "train_set"])
_VALIDATION: Final = frozenset(["val", "valid", "validation", "validation_set", "val_set"])
_TEST: Final = frozenset(["test", "testing", "test_set"])
_PARTS: Final[Mapping[str, Part]] = MappingProxyType(
    {
        **dict.fromkeys(_TRAIN, "train"),
        **dict.fromkeys(_VALIDATION, "validation"),
        **dict.fromkeys(_TEST, "test"),
    }
)

OUTSIDE: Final = mark("It lies outside any class folder, so its class isn't known.")
BESIDE: Final = mark("It lies outside the train, validation and test folders.")


@dataclass(frozen=True)
class Place:
    """A class, the file's name within it, and its part when the folder was divided already."""

    class_name: str
    name: str
    part: Part | None = None


def arrange(rels: Sequence[str]) -> list[Place | str]:
    """For each relative name ("/" separated) its place, or the reason why it has none.

    Folders around everything are taken off; below them the first folder is the class, after a
    train/, val/ or test/ where the set is divided.
    """
    paths = [tuple(rel.split("/")) for rel in rels]
    start = _wrappers(paths)
    inner = [path[start:] for path in paths]
    divided = _is_divided(inner)
    return [_place(path, divided=divided) for path in inner]


def _place(path: tuple[str, ...], *, divided: bool) -> Place | str:
    part: Part | None = None
    if divided and len(path) > 1:
        part = _PARTS.get(path[0].lower())
        if part is None:
            return BESIDE
        path = path[1:]
    return Place(path[0], "/".join(path[1:]), part) if len(path) > 1 else OUTSIDE


def _wrappers(paths: Sequence[tuple[str, ...]]) -> int:
    """How many folders lie around the class folders.

    A folder is around them when it is the only one on its level and holds folders: two or more, or
    one and no pictures beside it (else it is a class, with a folder inside).
    """
    depth = 0
    while True:
        inside = [path for path in paths if len(path) > depth + 1]
        folders = {path[depth + 1] for path in inside if len(path) > depth + 2}
        beside = (path[-1] for path in inside if len(path) == depth + 2)
        loose = any(PurePosixPath(name).suffix.lower() in PICTURE_SUFFIXES for name in beside)
        if len({path[depth] for path in inside}) != 1 or len(folders) < (2 if loose else 1):
            return depth
        depth += 1


def _is_divided(paths: Sequence[tuple[str, ...]]) -> bool:
    """Whether the top folders are train/ and val/ or test/ with classes inside, not classes."""
    tops = {path[0].lower() for path in paths if len(path) > 2}
    return bool(tops & _TRAIN) and bool(tops & (_VALIDATION | _TEST))
