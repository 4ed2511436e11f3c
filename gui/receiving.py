"""Files that a browser sends, written as they come; of an upload that isn't whole nothing stays."""

import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from gui.core.errors import NotYours, disk_full
from gui.words import joined, say

_MOST_PARTS: Final = 1000  # the page sends a hundred files at once
_LONGEST_NAME: Final = 100  # letters, which are at most 400 bytes; file systems take 255 …
_LONGEST_NAME_BYTES: Final = 200  # … bytes, and a shorter one is no worse: the page knows the names
_FIELD: Final = b"files"


class Refused(Exception):  # noqa: N818 - says it as the answer does
    """An upload that isn't taken.

    Attributes:
        status: Of the answer.
        sentence: What happened and what to do, in the reader's language.
    """

    def __init__(self, status: int, what: str, hint: str) -> None:
        self.status, self.sentence = status, joined(what, hint)
        super().__init__(self.sentence)


async def receive(
    request: Request, folder: Path, largest_bytes: int, check: Callable[[], None]
) -> list[Path]:
    """Take the files of an upload.

    Args:
        request: The upload, as a browser sends a form with files.
        folder: Where they go, each into a folder of its own; made when it isn't there.
        largest_bytes: What all of it may have.
        check: Looks, with each piece and at the end, whether its sender still has anything here.

    Returns:
        Where each is, in the order of their coming.

    Raises:
        Refused: When it is no whole upload, or too much; nothing of it stays then.
        DiskFull: When there is no room; the same.
        NotYours: When everything of the sender's is deleted meanwhile; the same.
    """
    kind, told = parse_options_header(request.headers.get("content-type"))
    boundary = told.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise _no_upload()
    try:
        parts = _Parts(boundary, folder, largest_bytes)
    except FormParserError as error:  # a boundary of thousands of letters
        raise _no_upload() from error
    try:
        await _take(request, parts, check)
    except NotYours:
        parts.delete()
        with suppress(OSError):  # another of theirs is still at it, and comes here, too
            folder.rmdir()
        raise
    except BaseException:
        parts.delete()
        raise
    return parts.paths


async def _take(request: Request, parts: "_Parts", check: Callable[[], None]) -> None:
    try:
        with disk_full():
            async for piece in request.stream():
                await run_in_threadpool(parts.take, piece)
                check()  # afterwards: what came back by this piece goes again
    except ClientDisconnect as error:
        raise _not_whole(408) from error
    if not parts.whole:
        raise _not_whole(400)


class _Parts:
    """The parts of one upload.

    Attributes:
        paths: Where its files are.
        whole: Whether its end has come.
    """

    def __init__(self, boundary: bytes, folder: Path, largest_bytes: int) -> None:
        self.paths: list[Path] = []
        self.whole = False
        self._folder, self._left_bytes, self._count = folder, largest_bytes, 0
        self._file: BinaryIO | None = None
        self._name = self._value = self._disposition = b""
        # It limits the headers of a part itself, in number and in length.
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._open,
                "on_part_data": self._write,
                "on_part_end": self._close,
                "on_end": self._end,
            },
        )

    def take(self, piece: bytes) -> None:
        """Write what has come.

        Raises:
            Refused: When it is no upload, or too much.
            OSError: When it can't be written.
        """
        self._left_bytes -= len(piece)
        if self._left_bytes < 0:
            raise too_large()
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise _no_upload() from error

    def delete(self) -> None:
        """Leave nothing of it."""
        self._close()
        for path in self.paths:
            with suppress(FileNotFoundError):  # everything of the sender's was deleted already
                path.unlink(missing_ok=True)
                path.parent.rmdir()

    def _begin(self) -> None:
        self._count += 1
        if self._count > _MOST_PARTS:
            raise Refused(
                413,
                say("More than {most:,} files came in one upload.", most=_MOST_PARTS),
                say("Send fewer at once, or put them into a zip."),
            )
        self._disposition = b""

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = self._value
        self._name = self._value = b""

    def _open(self) -> None:
        """Make the part's file; a field that is no file is passed over."""
        _, told = parse_options_header(self._disposition)
        if told.get(b"name") == _FIELD and b"filename" in told:
            place = self._folder / secrets.token_hex(16)
            place.mkdir(parents=True)
            path = place / _file_name(told[b"filename"])
            self.paths.append(path)
            self._file = path.open("wb")

    def _write(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(data[start:end])

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _end(self) -> None:
        self.whole = True


def too_large() -> Refused:
    """What is told of an upload that is too much."""
    return Refused(
        413,
        say("That is more than can be sent at once."),
        say("Send fewer files, or smaller ones."),
    )


def _no_upload() -> Refused:
    return Refused(400, say("What came is no upload of files."), say("Reload the page."))


def _not_whole(status: int) -> Refused:
    return Refused(
        status,
        say("The upload stopped half way."),
        say("Check the connection, then choose your files again."),
    )


def _file_name(sent: bytes) -> str:
    """A name that a file may have anywhere, like the one that was sent."""
    last = re.split(r"[/\\]", sent.decode("utf-8", "replace"))[-1]
    plain = re.sub(r"[^\w .()+-]", "_", last).strip(" .")[-_LONGEST_NAME:]
    while len(plain.encode()) > _LONGEST_NAME_BYTES:
        plain = plain[1:]
    return plain.strip(" .") or "file"
