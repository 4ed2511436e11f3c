"""Get the flowers: Keras downloads the archive, which is unpacked, checked and put in its place."""

import contextlib
import io
import re
import shutil
import socket
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Final

import keras

from gui.core import flowers, tarball
from gui.core.archive import Limits
from gui.core.errors import DiskFull, DownloadError, FreezepointError, disk_full
from gui.words import mark

Tell = Callable[[int, int, str], None]  # done, in all, "download" or "unpack"; bytes

# The real archive: 3,670 pictures, 229 MB packed and hardly more unpacked.
_LIMITS: Final = Limits(entries=10_000, member_bytes=20_000_000, total_bytes=1_000_000_000)
_SILENCE_S: Final = 30.0  # of the server, after which it is given up
_COUNT: Final = re.compile(r"(\d+)/(\d+|Unknown)")  # "  8192/228813984", as Keras prints it


def bring(address: str, folder: Path, stop: Path, tell: Tell) -> None:
    """Have the flowers in a folder; when they are there already, no network is needed.

    Args:
        address: Where the archive comes from.
        folder: Where it goes, unpacked; it appears in one step, when all of it is there.
        stop: A file that, once it is there, stops this.
        tell: Called with how far it is.

    Raises:
        StoppedEarly: When it was stopped.
        DownloadError: When it can't be downloaded.
        ArchiveError: When what came isn't the flowers.
        DiskFull: When there is no room.
    """

    def go_on(done: int, total: int, phase: str) -> None:
        flowers.check_wanted(stop)
        tell(done, total, phase)

    flowers.check_wanted(stop)
    if flowers.whole(folder):
        return
    aside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(aside, ignore_errors=True)  # of a process that was killed
    try:
        with disk_full():
            aside.mkdir(parents=True)
            archive = _download(address, aside, lambda done, total: go_on(done, total, "download"))
            unpacked = aside / "files"
            entries = tarball.unpack(
                archive, unpacked, _LIMITS, lambda done, total: go_on(done, total, "unpack")
            )
            flowers.record(entries, unpacked)
            shutil.rmtree(folder, ignore_errors=True)  # what was there lacked its list
            unpacked.replace(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _download(address: str, into: Path, progress: Callable[[int, int], None]) -> Path:
    def check(done: int, total: int) -> None:
        if max(done, total) > _LIMITS.total_bytes:
            raise DownloadError(
                mark("The file at {address} is far larger than the flowers are.", address=address),
                mark("Check the address that FREEZEPOINT_FLOWERS names."),
            )
        # Once packed and once unpacked.
        if shutil.disk_usage(into).free - (2 * total - done) < _LIMITS.reserve_bytes:
            raise DiskFull
        progress(done, total)

    patience = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_SILENCE_S)
    try:
        with contextlib.redirect_stdout(_Listener(check)):
            found = keras.utils.get_file("flowers.tgz", address, cache_dir=into, cache_subdir="")
    except FreezepointError:
        raise
    except Exception as error:  # Keras raises nothing narrower
        raise DownloadError(
            mark(
                "The flowers can't be downloaded from {host} ({reason}).",
                host=urllib.parse.urlsplit(address).hostname,
                reason=_reason(error),
            ),
            mark(
                "Connect this computer to the internet and try again, or use the sample pictures, "
                "which need none."
            ),
        ) from error
    finally:
        socket.setdefaulttimeout(patience)
    return Path(found)


class _Listener(io.TextIOBase):
    """Hears how far Keras is from what it prints; what it calls may raise, which stops Keras."""

    def __init__(self, progress: Callable[[int, int], None]) -> None:
        self._progress = progress

    def write(self, text: str) -> int:
        found = None if text.startswith("Downloading data") else _COUNT.search(text)
        if found:
            done, total = int(found[1]), found[2]
            self._progress(done, int(total) if total.isdigit() else 0)
        return len(text)


def _reason(error: Exception) -> str:
    """Why, without the address: "URL fetch failure on https://… : 404 -- Not Found"."""
    return str(error).rpartition(" -- ")[2] or type(error).__name__
