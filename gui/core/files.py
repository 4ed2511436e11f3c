"""JSON files that are whole or not there, and the checks for what they hold."""

import errno
import json
import os
import re
import tempfile
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from typing import Any, Final, TypeVar

from gui.core.errors import PicturesError, disk_full
from gui.words import say

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_seen: ContextVar[dict[object, Any] | None] = ContextVar("seen", default=None)
_SMALL_BYTES: Final = 2**14
_UNSEEN: Any = object()

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
    if (seen := _seen.get()) is not None:
        seen.clear()


@contextmanager
def still() -> Iterator[None]:
    """Inside, what this thread looks at through here stays as it was seen first.

    What is shown at once belongs to one moment then. It is also much quicker: a look for a file
    lets other threads go first, and showing the page takes hundreds of them. After a file is
    written with :func:`write_bytes` everything is looked at anew; nothing else may change any.
    """
    before = _seen.set({} if _seen.get() is None else _seen.get())
    try:
        yield
    finally:
        _seen.reset(before)


def stat(path: Path) -> os.stat_result:
    """What tells a file from another one in its place.

    Raises:
        OSError: When it can't be looked at.
    """
    seen = _seen.get()
    if seen is None:
        return path.stat()
    told: os.stat_result | None = seen.get(path, _UNSEEN)
    if told is _UNSEEN:
        try:
            told = path.stat()
        except FileNotFoundError:
            told = None
        seen[path] = told
    if told is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    return told


def once(look: Callable[[Key], Value]) -> Callable[[Key], Value]:
    """Look at what something is only once while all stays ``still``."""

    @wraps(look)
    def looked(key: Key) -> Value:
        seen = _seen.get()
        if seen is None:
            return look(key)
        told: Value = seen.get((look, key), _UNSEEN)
        if told is _UNSEEN:
            told = seen[look, key] = look(key)
        return told

    return looked


def is_file(path: Path) -> bool:
    """Whether there is a file of that name."""
    try:
        return S_ISREG(stat(path).st_mode)
    except (OSError, ValueError):
        return False


def read_text(path: Path) -> str:
    """What a text file holds (UTF-8). A small one is read again only when it is another one by now.

    A page looks at the same few files many times a second for everybody. Each step of opening and
    reading one lets another thread go first, and then waits for its turn again.

    Raises:
        OSError: When it can't be read.
        UnicodeDecodeError: When it is no text.
    """
    told = stat(path)
    if told.st_size > _SMALL_BYTES:
        return path.read_text(encoding="utf-8")
    return _text(path, told.st_ino, told.st_size, told.st_mtime_ns)


@lru_cache(maxsize=1024)
def _text(path: Path, *_: int) -> str:
    return path.read_text(encoding="utf-8")


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
