"""A file of typed values, one JSON line each, that is only ever added to.

A value is a dataclass; the line names its kind and holds its fields. A file that was cut short or
damaged is read as far as it is whole: no line that is not exactly one of the kinds becomes a value.
"""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import Field, asdict
from pathlib import Path
from typing import (
    Any,
    ClassVar,
    Generic,
    Literal,
    Protocol,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

from gui.core.errors import disk_full

_TORN = b" (cut short)\n"  # no JSON: what nobody could read stays so
_LARGEST_NUMBER = 2**53  # a whole number up to here is exact as a float, too


class Dataclass(Protocol):
    """Any value of a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


Value = TypeVar("Value", bound=Dataclass)


class Lines(Generic[Value]):
    """Writes and reads values of a few kinds."""

    def __init__(self, named: str, kinds: Sequence[type[Value]]) -> None:
        """Know the kinds.

        Args:
            named: What the name of its kind is called in a line.
            kinds: Dataclasses whose fields are numbers, texts, truths, and tuples of these.
        """
        self._named = named
        self._kinds = {kind.__name__: kind for kind in kinds}
        self._fields = {kind.__name__: get_type_hints(kind) for kind in kinds}

    def to_line(self, value: Value) -> str:
        """One JSON line, ending in a line feed."""
        told = {self._named: type(value).__name__, **asdict(value)}
        return json.dumps(told, allow_nan=True) + "\n"

    def from_line(self, line: str) -> Value | None:
        """Read one line; None for one that was cut short, damaged or written by a later version."""
        try:
            stored: dict[str, Any] = json.loads(line)
            name = stored.pop(self._named)
            hints = self._fields[name]
            if not all(_fits(value, hints[field]) for field, value in stored.items()):
                return None
            listed = {field: tuple(each) for field, each in stored.items() if type(each) is list}
            return self._kinds[name](**{**stored, **listed})
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError):
            return None

    def append(self, path: Path, value: Value, *, lasting: bool = False) -> None:
        """Add one value to the file, in one write; a line cut short before it is closed first.

        Args:
            path: The file.
            value: What is added.
            lasting: Whether it is on the disk afterwards, whatever happens to the computer.

        Raises:
            DiskFull: When there is no room.
        """
        with disk_full(), path.open("ab+") as file:
            if file.tell():
                file.seek(-1, 2)
                torn = file.read(1) != b"\n"
            else:
                torn = False
            file.write((_TORN if torn else b"") + self.to_line(value).encode())
            if lasting:
                file.flush()
                os.fsync(file.fileno())

    def read(self, path: Path) -> Iterator[Value]:
        """Every whole value of the file, in order; nothing when it doesn't exist yet."""
        if not path.exists():
            return
        with path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                value = self.from_line(line) if line.endswith("\n") else None
                if value is not None:
                    yield value


def _fits(value: object, hint: Any) -> bool:  # noqa: ANN401 - a type, a union or a Literal
    """Whether a stored value is what a field's annotation says; a whole number is a float, too."""
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    if get_origin(hint) is tuple:  # of any length, all of one kind
        return type(value) is list and all(_fits(each, get_args(hint)[0]) for each in value)
    if get_args(hint):  # one of several, as in "float | None"
        return any(_fits(value, each) for each in get_args(hint))
    if type(value) is int:
        return hint in (int, float) and abs(value) <= _LARGEST_NUMBER
    return type(value) is hint
