"""Files that go into a bucket and come out of it, each whole and in the order of a training."""

import itertools
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import fsspec

from gui.core.errors import FreezepointError, RunError, disk_full
from gui.words import mark

# The order in which a training writes: whatever breaks off in between, they fit each other.
_FIRST, _LAST = ("better.npz",), ("events.jsonl", "best.npz", "checkpoint.npz")
_TOGETHER = 64  # files that are copied at once

_File = TypeVar("_File")
_Stamp = tuple[int, int]  # size in bytes, time of the last change in ns


def opened_at(where: str) -> tuple[Any, str]:
    """The file system at an address, and the folder in it, without a slash at its end.

    Raises:
        ValueError: When the address is of an unknown kind.
        ImportError: When that kind needs a package that isn't installed.
    """
    fresh = {"use_listings_cache": False}  # others change what is in there
    options = {"file": {"auto_mkdir": True}, "s3": fresh}.get(where.partition(":")[0], {})
    files, folder = fsspec.core.url_to_fs(where, **options)
    return files, str(folder).rstrip("/")


@contextmanager
def reached() -> Iterator[None]:
    """Turn what goes wrong with a bucket into one message.

    Raises:
        RunError: When it can't be reached, read or written.
        DiskFull: When there is no room here for what comes from it.
    """
    try:
        with disk_full():
            yield
    except FreezepointError:
        raise
    except Exception as error:  # each kind of storage has a library with errors of its own
        raise RunError(
            mark("The storage of the cluster can't be used ({error}).", error=error),
            mark("Press “Go on” when it is there again."),
        ) from error


class Copies:
    """Copies files between a folder here and one in a bucket.

    Attributes:
        files: The bucket's file system.
        root: The folder in it, without a slash at its end.
    """

    def __init__(self, files: Any, root: str) -> None:  # noqa: ANN401 - fsspec is not typed
        self.files, self.root = files, root
        self._sent: dict[Path, _Stamp] = {}

    def put(self, top: Path, chosen: Iterable[Path]) -> None:
        """Put in those of the files that have changed since, as they lie below ``top``."""
        changed = []
        for path in chosen:
            with suppress(FileNotFoundError):  # replaced or deleted just now
                stamp = _stamp(path)
                if self._sent.get(path) != stamp:
                    changed.append((path, stamp))
        for batch in _batches(changed, lambda each: each[0].name):
            remote = [f"{self.root}/{path.relative_to(top).as_posix()}" for path, _ in batch]
            with suppress(FileNotFoundError):  # then the next look finds what has come for it
                self.files.put([str(path) for path, _ in batch], remote)
                self._sent.update(batch)

    def get(self, chosen: Sequence[str], to: Callable[[str], Path]) -> None:
        """Fetch files; each is whole or not there, and needs not be sent back."""
        for some in _batches(chosen, lambda each: each):
            targets = [to(each) for each in some]
            parts = [path.with_name(f".{path.name}.{secrets.token_hex(4)}") for path in targets]
            for path in targets:
                path.parent.mkdir(parents=True, exist_ok=True)
            self.files.get(some, [str(part) for part in parts])
            for part, path in zip(parts, targets, strict=True):
                part.replace(path)
                self._sent[path] = _stamp(path)

    def know(self, here: Iterable[Path]) -> None:
        """Take files here for those that are in the bucket: they need not be sent."""
        for path in here:
            with suppress(FileNotFoundError):
                self._sent[path] = _stamp(path)

    def find(self, folder: str) -> list[str]:
        """The files in a folder of the bucket; none when it isn't there."""
        with suppress(FileNotFoundError):
            return list(self.files.find(folder))
        return []


def below(path: str, folder: str) -> str:
    """Where a file is, seen from a folder of the bucket."""
    return path.removeprefix(folder).lstrip("/")


def _stamp(path: Path) -> _Stamp:
    told = path.stat()
    return told.st_size, told.st_mtime_ns


def _rank(name: str) -> int:
    name = name.rpartition("/")[2]
    if name in _FIRST:
        return 0
    return 2 + _LAST.index(name) if name in _LAST else 1


def _batches(files: Iterable[_File], name: Callable[[_File], str]) -> Iterator[list[_File]]:
    """Files that may be copied at once, in the order of those that have one."""
    ordered = sorted(files, key=lambda each: _rank(name(each)))
    for _, alike in itertools.groupby(ordered, key=lambda each: _rank(name(each))):
        while batch := list(itertools.islice(alike, _TOGETHER)):
            yield batch
