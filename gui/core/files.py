"""JSON files that are whole or not there, and the checks for what they hold."""

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from gui.core.errors import PicturesError, disk_full
from gui.words import say

_DAMAGE = (LookupError, TypeError, ValueError, AttributeError, RecursionError, OverflowError)


def write_json(path: Path, value: object) -> None:
    """Write a JSON file in one step: whoever reads sees the old one or the new one, never half.

    Raises:
        DiskFull: When there is no room; the old file stays.
    """
    write_bytes(path, json.dumps(value, ensure_ascii=False, indent=1).encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file in one step, as :func:`write_json` does.

    Raises:
        DiskFull: When there is no room; the old file stays.
    """
    with disk_full():
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=".", suffix=".part", delete=False
        ) as file:
            temporary = Path(file.name)
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                temporary.unlink()
                raise
        temporary.chmod(0o644)
        temporary.replace(path)


def read_json(path: Path) -> object:
    """What a JSON file holds.

    Raises:
        PicturesError: When it isn't there or isn't JSON.
    """
    try:
        value: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise PicturesError(
            say("The list of pictures “{name}” can't be read.", name=path.name),
            say("Choose the pictures again."),
        ) from error
    return value


@contextmanager
def checked() -> Iterator[None]:
    """Turn what goes wrong while stored values are taken apart into one message.

    Raises:
        PicturesError: When the body met a value that is missing or of another kind.
    """
    try:
        yield
    except _DAMAGE as error:
        raise PicturesError(
            say(
                "The list of pictures is damaged ({kind}: {error}).",
                kind=type(error).__name__,
                error=error,
            ),
            say("Choose the pictures again."),
        ) from error


def version_1(value: object) -> dict[str, Any]:
    """The stored object, when its "version" is 1; ValueError when it isn't."""
    if not isinstance(value, dict) or value.get("version") != 1:
        raise ValueError("it isn't of version 1")
    return value


def text(value: object) -> str:
    """A stored text that isn't empty; ValueError when it is something else."""
    if not isinstance(value, str) or not value:
        raise ValueError(f"{value!r} is no text")
    return value


def digest(value: object) -> str:
    """A stored sha256 in hex digits; ValueError when it is something else."""
    if not re.fullmatch(r"[0-9a-f]{64}", text(value)):
        raise ValueError(f"{value!r} is no sha256")
    return text(value)


def digest_or_none(value: object) -> str:
    """The same, or "" where none is stored."""
    return "" if value == "" else digest(value)


def below(value: object) -> str:
    """A stored relative path that stays below its root; ValueError when it is something else."""
    path = PurePosixPath(text(value))
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"{value!r} leads out of the folder")
    return str(path)
