"""How a sealed zip is made, in one step; what that is stands in ``core.sealed``."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from gui.core.errors import disk_full
from gui.core.sealed import CHUNK_BYTES, MANIFEST, SEAL_BYTES, digest

Progress = Callable[[int, int], None]  # members done, in all


def write(path: Path, members: Sequence[tuple[str, bytes | Path]], progress: Progress) -> None:
    """Write a sealed zip in one step.

    Args:
        path: The file.
        members: Each one's name, and its bytes or the file that holds them.
        progress: Called after each.

    Raises:
        DiskFull: When there is no room.
        OSError: When a member can't be read.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        with disk_full():
            with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED, allowZip64=True) as made:
                listed = {}
                for done, (name, content) in enumerate(members, start=1):
                    listed[name] = _add(made, name, content)
                    progress(done, len(members))
                told = json.dumps({"version": 1, "members": listed}, indent=1)
                made.writestr(zipfile.ZipInfo(MANIFEST), told)
                made.comment = b"0" * SEAL_BYTES
            with temporary.open("rb+") as file:
                seal = digest(file, temporary.stat().st_size - SEAL_BYTES)
                file.seek(-SEAL_BYTES, 2)
                file.write(seal.encode())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _add(made: zipfile.ZipFile, name: str, content: bytes | Path) -> dict[str, object]:
    """Add a member; returns its row of the manifest."""
    found, size_bytes = hashlib.sha256(), 0
    with made.open(zipfile.ZipInfo(name), "w", force_zip64=True) as file:
        for chunk in _chunks(content):
            found.update(chunk)
            size_bytes += len(chunk)
            file.write(chunk)
    return {"sha256": found.hexdigest(), "size_bytes": size_bytes}


def _chunks(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
