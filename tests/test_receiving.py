"""Files that are sent: whole, or nothing of them is kept."""

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.requests import Request

from gui import receiving
from gui.core.errors import DiskFull, NotYours
from gui.core.owner import Owner
from gui.core.quota import Quota
from gui.receiving import Refused
from gui.words import speaking
from tests.asynchronous import run

END = b"--xx--\r\n"
KIND = "multipart/form-data; boundary=xx"


def part(content: bytes = b"x", name: str = "a.jpg", field: str = "files") -> bytes:
    head = f'--xx\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
    return head.encode() + content + b"\r\n"


def received(
    folder: Path,
    *pieces: bytes,
    kind: str = KIND,
    most: int = 10**6,
    gone: bool = False,
    language: str = "en",
    check: Callable[[], None] = lambda: None,
) -> list[Path]:
    """What comes of an upload; ``gone`` when the browser is before its end."""
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    messages.append({"type": "http.disconnect"} if gone else {"type": "http.request", "body": b""})

    async def receive() -> dict:
        return messages.pop(0)

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}

    async def all_of_it() -> list[Path]:
        with speaking(language):
            return await receiving.receive(Request(scope, receive), folder, most, check)

    return run(all_of_it())


def left(folder: Path) -> list[Path]:
    return [*folder.rglob("*")]


def test_files_come_whole_in_their_order_each_to_a_place_of_its_own(tmp_path) -> None:
    sent = part(b"one", "a.jpg") + part(b"", "empty.png") + part(b"two\r\n--x", "a.jpg") + END
    for size in (1, 7, len(sent)):
        pieces = [sent[first : first + size] for first in range(0, len(sent), size)]
        paths = received(tmp_path / str(size), *pieces)
        assert [path.read_bytes() for path in paths] == [b"one", b"", b"two\r\n--x"]
        assert [path.name for path in paths] == ["a.jpg", "empty.png", "a.jpg"]
        assert len({path.parent for path in paths}) == 3
    assert received(tmp_path, END) == []


def test_what_is_no_file_of_ours_is_passed_over(tmp_path) -> None:
    field = b'--xx\r\nContent-Disposition: form-data; name="files"\r\n\r\nvalue\r\n'
    (path,) = received(tmp_path, field + part(b"other", field="other") + part(b"x") + END)
    assert (path.read_bytes(), len([p for p in left(tmp_path) if p.is_file()])) == (b"x", 1)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../x.jpg", "x.jpg"),
        ("C:\\\\Users\\\\me\\\\x.jpg", "x.jpg"),
        ("..", "file"),
        ("", "file"),
        ("貓\u202egpj.exe", "貓_gpj.exe"),
        ("a" * 500 + ".jpg", "a" * 96 + ".jpg"),
        ("貓" * 90 + ".jpg", "貓" * 65 + ".jpg"),
        ("nul\0.jpg", "nul_.jpg"),
    ],
)
def test_a_name_leads_nowhere_else(tmp_path, name: str, expected: str) -> None:
    (path,) = received(tmp_path, part(name=name) + END)
    assert (path.name, path.parents[1]) == (expected, tmp_path)


HALF = part(b"z" * 100_000)[:-2]
TOO_MANY = b"".join(part() for _ in range(1001)) + END
LONG_HEADER = b"--xx\r\nX-Long: " + b"y" * 100_000 + b"\r\n\r\nx\r\n" + END
MANY_HEADERS = b"--xx\r\n" + b"X: y\r\n" * 1000 + b"\r\nx\r\n" + END


@pytest.mark.parametrize(
    ("status", "sent", "more"),
    [
        (408, [HALF], {"gone": True}),
        (408, [part() + HALF, b"z"], {"gone": True}),
        (408, [b"--x"], {"gone": True}),
        (400, [HALF], {}),
        (400, [], {}),
        (400, [part() + LONG_HEADER], {}),
        (400, [part() + MANY_HEADERS], {}),
        (400, [part(), b"no boundary"], {}),
        (400, [part() + END], {"kind": "application/json"}),
        (400, [part() + END], {"kind": "multipart/form-data"}),
        (400, [part() + END], {"kind": "multipart/form-data; boundary=" + "x" * 5000}),
        (413, [TOO_MANY], {}),
        (413, [part(), HALF + b"\r\n" + END], {"most": 50_000}),
    ],
)
def test_what_is_not_whole_is_refused_with_a_sentence_and_leaves_nothing(
    tmp_path, status: int, sent: list[bytes], more: dict
) -> None:
    for language in ("en", "zh-Hant"):
        with pytest.raises(Refused) as told:
            received(tmp_path, *sent, **more, language=language)
        assert told.value.status == status
        assert told.value.sentence[-1] == (".", "。")[language != "en"]
        assert left(tmp_path) == []


def test_a_full_disk_leaves_nothing_either(tmp_path, monkeypatch) -> None:
    real = Path.open

    class Full:
        def __init__(self, path: Path) -> None:
            self.file = real(path, "wb")

        def write(self, _: bytes) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None:
            self.file.close()

    monkeypatch.setattr(Path, "open", lambda path, *_: Full(path))
    with pytest.raises(DiskFull):
        received(tmp_path, part() + END)
    assert left(tmp_path) == []


def test_whoever_deletes_everything_meanwhile_has_nothing_come_back(tmp_path) -> None:
    quota, looks = Quota(), []
    owner = Owner(tmp_path / "owners" / "one", quota=quota)

    def check() -> None:
        looks.append(True)
        if len(looks) == 2:  # in another tab
            quota.forbid(owner.path)
            shutil.rmtree(owner.uploads)
        if len(looks) > 2:  # this piece has begun another file
            assert left(owner.uploads)
            quota.check_there(owner.path)

    with pytest.raises(NotYours):
        received(owner.uploads, part(), HALF, b"\r\n" + part(), END, check=check)
    assert not owner.uploads.exists()
