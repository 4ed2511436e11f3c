"""Files that a browser has sent: proved to be uploads, then taken out of the upload folder."""

import os
import re
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from gui.core.dataset import LeftOut
from gui.core.entry import Entry, class_name, safe_rel
from gui.core.errors import DiskFull, PicturesError, disk_full
from gui.words import mark, say

_NOT_SENT: Final = mark("Not sent.")
_LONGEST_REASON: Final = 300  # letters
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")  # sha256


def read(manifest: object, uploads: Path) -> list[Entry]:
    """The files of a browser's manifest, each proved to lie in the upload folder.

    Args:
        manifest: What the browser sent, whatever it is. Its "files" are rows with "rel", the path
            as the person has it, "path", where it was uploaded, and, where the browser made it
            smaller, "original", the hex digest of what it was made of.
        uploads: The folder that uploads go to; nothing outside it is ever touched.

    Raises:
        PicturesError: When it is no manifest, or a row names anything else than an uploaded file.
    """
    root = uploads.resolve()
    entries = []
    for row in _rows(manifest, "files"):
        path = _proved(Path(str(row.get("path", ""))), root)
        if path is None:
            raise _not_whole()
        rel, original = safe_rel(str(row.get("rel", ""))), str(row.get("original", ""))
        known = _DIGEST.fullmatch(original) is not None
        entries.append(Entry(rel or path.name, path, original if known else ""))
    return entries


def _proved(path: Path, root: Path) -> Path | None:
    """Where an uploaded file is; None when the path leads to anything else."""
    try:
        resolved = path.resolve()
        uploaded = resolved.is_relative_to(root) and resolved.is_file() and not path.is_symlink()
    except (OSError, ValueError, RuntimeError):  # too long, with a NUL, links in a circle
        return None
    return resolved if uploaded else None


def skipped(manifest: object) -> tuple[LeftOut, ...]:
    """The files of a browser's manifest that it didn't send, each with its reason.

    Raises:
        PicturesError: When it is no manifest.
        DiskFull: When there was no room for them, and so nothing was sent.
    """
    rows = _rows(manifest, "skipped")
    if not _rows(manifest, "files") and any(row.get("code") == "full" for row in rows):
        raise DiskFull
    return tuple(
        LeftOut(safe_rel(str(row.get("rel", ""))) or "?", _reason(row.get("reason")))
        for row in rows
    )


def _rows(manifest: object, name: str) -> list[Mapping[str, object]]:
    """One of a manifest's lists; none of them in None, which is sent when nothing was chosen."""
    rows = manifest.get(name, []) if isinstance(manifest, Mapping) else []
    known = manifest is None or isinstance(manifest, Mapping)
    if not known or not isinstance(rows, list) or not all(isinstance(r, Mapping) for r in rows):
        raise _not_whole()
    return rows


def _reason(given: object) -> str:
    """The reason that a browser gives, as one line that can be shown and kept."""
    told = class_name(given)[:_LONGEST_REASON] if isinstance(given, str) else ""
    return told or _NOT_SENT


def _not_whole() -> PicturesError:
    return PicturesError(
        say("A file didn't arrive whole."), say("Choose your pictures again and wait for the end.")
    )


def take(entries: Iterable[Entry], into: Path, first: int = 0) -> list[Entry]:
    """Move uploaded files into a folder, under numbers for names; see :func:`copy`."""
    given = list(entries)
    taken = copy(given, into, first)
    discard(given)
    return taken


def copy(entries: Iterable[Entry], into: Path, first: int = 0) -> list[Entry]:
    """Copy files into a folder, under numbers for names.

    Args:
        entries: The files; two may be the same file.
        into: Where they go; made when it isn't there.
        first: The first number.

    Raises:
        DiskFull: When there is no room; nothing is taken then.
    """
    taken: list[Entry] = []
    try:
        with disk_full():
            into.mkdir(parents=True, exist_ok=True)
            for number, entry in enumerate(entries, start=first):
                taken.append(replace(entry, path=into / f"{number:06d}"))
                _copy(entry.path, taken[-1].path)
    except BaseException:
        delete(taken)
        raise
    return taken


def delete(entries: Iterable[Entry]) -> None:
    """Delete files that were taken."""
    for entry in entries:
        entry.path.unlink(missing_ok=True)


def discard(entries: Iterable[Entry]) -> None:
    """Delete uploaded files, with the folder that each was given."""
    for entry in entries:
        entry.path.unlink(missing_ok=True)
        with suppress(OSError):  # it is gone already, or others lie in it
            entry.path.parent.rmdir()


def _copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)  # no bytes are moved when both are on one disk
    except OSError:
        shutil.copyfile(source, target)
