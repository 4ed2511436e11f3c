"""Zips and pictures that are bombs, and slow and broken uploads, against the running app.

    python tests/faults/bombs.py [--port 7855]

Each is sent as a browser sends it, while another visitor asks for the page all the time. Printed:
what it is, the seconds until it was refused (or, for what stops half way, until it was given up),
the server's seconds of work, the bytes on the disk after it less those before, the growth of the
web process, the slowest answer that the other visitor had, and what was told. Exits 1 when
something was not refused, or with another answer than a sentence in the reader's language, took 5 s
of work or more, left something on the disk for 5 s, or grew the process by over 500 MB.
"""

import argparse
import contextlib
import http.client
import json
import re
import select
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import running
import visiting

from gui.core.workspace import new_token
from tests import corpus
from tests.zips import Member, made, overlapping

MOST_S = 5.0
MOST_MB = 500.0
LOCKS = ("lock", "editing", "visited")  # the last, an empty file, notes that somebody was here
GONE_S = 5.0  # by then the disk is as it was
CHINESE = re.compile("[\u4e00-\u9fff]")


@dataclass
class Outcome:
    """What came of one of them."""

    name: str
    said: str
    seconds: float
    processor_s: float
    left: dict[str, int]  # files that weren't there before, with their bytes
    more_mb: float
    slowest_s: float
    waits: bool = False  # half an upload is given up after a time, which is no time of work
    wants: str = ""  # how the answer begins

    @property
    def failures(self) -> list[str]:
        """What breaks the promise."""
        found = []
        if not self.said:
            found.append("it was not refused")
        if not self.said.startswith(self.wants):
            found.append(f"not answered with {self.wants}")
        if self.wants.isdigit() and not CHINESE.search(self.said):
            found.append("no sentence in the reader's language")
        if not self.waits and self.processor_s >= MOST_S:
            found.append(f"{self.processor_s:.1f} s of work")
        if self.left:
            found.append(f"stayed: {self.left}")
        if self.more_mb > MOST_MB:
            found.append(f"{self.more_mb:.0f} MB more memory")
        return found


@dataclass
class Onlooker:
    """Somebody who asks for the page again and again."""

    address: str
    slowest_s: float = 0.0
    going: bool = True
    thread: threading.Thread = field(init=False)

    def __enter__(self) -> "Onlooker":
        self.thread = threading.Thread(target=self._look)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.going = False
        self.thread.join()

    def _look(self) -> None:
        with httpx.Client(base_url=self.address, timeout=60) as client:
            while self.going:
                began = time.monotonic()
                client.get("/theme.css").raise_for_status()
                self.slowest_s = max(self.slowest_s, time.monotonic() - began)
                time.sleep(0.1)


def bombs() -> dict[str, visiting.Files]:
    """What is dropped in the first step: each a zip, or a folder of files."""
    found = corpus.archives()
    zips = {name: found[f"{name}.zip"] for name in (
        "one-file-bomb", "many-files-bomb", "overlapping-bomb", "same-place-bomb", "too-many",
        "says-it-holds-many", "locked", "cut-off", "tar",
    )}  # fmt: skip
    del zips["says-it-holds-many"]  # it is a whole zip
    inner = found["plain.zip"]
    vast = bytes(10**8)
    zips |= {
        "1 GB in 500 that overlap": overlapping(500, Member(b"cat/kernel.png", bytes(2 * 10**6))),
        "zips in zips": made([Member(b"cat/%d.zip" % n, inner) for n in range(50)]),
        "says 100 bytes, holds 100 MB": made([Member(b"cat/1.png", vast, size=100)]),
        "says 4 GB, holds nothing": made([Member(b"cat/1.png", b"", size=2**32 - 2)]),
    }
    known = corpus.pictures()
    vast_ones = [known[f"{name}.png"] for name in ("20000x10000", "claims-4-gigapixels")]
    return {
        **{name: [("bomb.zip", content)] for name, content in zips.items()},
        "20 pictures of 200 and 4,225 MP": [
            (f"all/cat/{n}.png", vast_ones[n % 2] + bytes([n])) for n in range(20)
        ],
    }


def dropped(someone: visiting.Visitor, files: visiting.Files) -> str:
    """How the page refuses them; "" when it doesn't."""
    try:
        someone.chooses(files)
    except visiting.RefusedError as error:
        return str(error)
    return ""


def _head(app: running.App, *more: str) -> bytes:
    lines = [
        "POST /gradio_api/upload HTTP/1.1", f"Host: 127.0.0.1:{app.port}",
        "Content-Type: multipart/form-data; boundary=xx", "Accept-Language: zh-TW",
        f"X-Freezepoint-Key: {SENDER}", *more, "", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


SENDER = new_token()
PART = b'--xx\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
END = b"\r\n--xx--\r\n"
LONGEST_S = 150.0  # until whoever sends hardly anything is given up


def raw(app: running.App, *pieces: bytes, hangs_up: bool = False, drips_s: float = 0.0) -> str:
    """Send bytes as they are; status and sentence of the answer, "gone" when there is none.

    Args:
        app: The running app.
        *pieces: One after another.
        hangs_up: Whether the line is closed then; else it is held until the answer comes.
        drips_s: After as many seconds each a further byte is sent; 0.0 for none.
    """
    with socket.create_connection(("127.0.0.1", app.port), timeout=LONGEST_S) as line:
        try:
            for each in pieces:
                line.sendall(each)
            if hangs_up:
                return "gone"
            if drips_s:
                _drip(line, drips_s)
            return _answer(line)
        except ConnectionError:
            return "gone"
        except TimeoutError:
            return ""


def _drip(line: socket.socket, every_s: float) -> None:
    """Send a byte every so many seconds, until there is an answer or the longest time is over."""
    until = time.monotonic() + LONGEST_S
    while not select.select([line], [], [], every_s)[0]:
        if time.monotonic() > until:
            raise TimeoutError
        line.sendall(b"z")


def _answer(line: socket.socket) -> str:
    answer = http.client.HTTPResponse(line)
    answer.begin()
    told = answer.read().decode()
    sentence = json.loads(told)["detail"] if told.startswith("{") else told
    return f"{answer.status} {sentence}"


@dataclass(frozen=True)
class Upload:
    """An upload that no browser makes.

    Attributes:
        do: Sends it; the answer.
        wants: How the answer is to begin.
        waits: Whether the server has to wait for more before it can refuse it.
    """

    do: Callable[[], str]
    wants: str
    waits: bool = False


def uploads(app: running.App) -> dict[str, Upload]:
    """Uploads that no browser makes, by name."""
    files = b"".join(PART.replace(b"a.jpg", b"%d.jpg" % n) + b"x\r\n" for n in range(1001))
    header = b"--xx\r\n" + b"X-Long: " + b"y" * 20_000_000 + b"\r\n\r\nx" + END
    headers = b"--xx\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(200_000)) + b"\r\nx" + END
    cut = PART + b"z" * 5_000_000
    chunk = b"%x\r\n" % len(cut) + cut + b"\r\n"

    def sent(told: str, content: bytes, wants: str, **how: float) -> Upload:
        waits = wants == "408"
        return Upload(lambda: _refused(raw(app, _head(app, told), content, **how)), wants, waits)

    def whole(content: bytes, wants: str) -> Upload:
        return sent(f"Content-Length: {len(content)}", content, wants)

    twice, chunked = f"Content-Length: {2 * len(cut)}", "Transfer-Encoding: chunked"
    return {
        "1,001 files in one request": whole(files + b"--xx--\r\n", "413"),
        "a part's header of 20 MB": whole(header, "400"),
        "200,000 headers in a part": whole(headers, "400"),
        "no end": whole(cut, "400"),
        "a length that is no number": sent("Content-Length: ten", cut, ""),  # uvicorn's own answer
        "a length of 9 TB": sent("Content-Length: 9000000000000", cut, "413"),
        "a length that is too short": sent("Content-Length: 999", cut + END, ""),  # the same
        "broken off in the middle": sent(twice, cut, "gone", hangs_up=True),
        "chunked, broken off": sent(chunked, chunk, "gone", hangs_up=True),
        "stops half way, line held": sent(twice, cut, "408"),
        "chunked, stops, line held": sent(chunked, chunk, "408"),
        "a byte every 29 s": sent(twice, cut, "408", drips_s=29.0),
        "a byte every second": sent(twice, cut, "408", drips_s=1.0),
    }


def _refused(answer: str) -> str:
    """The answer when it is a refusal."""
    return "" if answer.startswith("200") else answer


def measured(
    app: running.App, name: str, do: Callable[[], str], wants: str = "", *, waits: bool = False
) -> Outcome:
    """Do it and look what it has cost."""
    before, memory = kept(app), running.memory_mb(app.pid)
    worked, began = running.processor_s(app.pid), time.monotonic()
    with Onlooker(app.address) as onlooker:
        said = do()
        seconds = time.monotonic() - began
        processor_s = running.processor_s(app.pid) - worked
        until = time.monotonic() + GONE_S
        while (left := _more(kept(app), before)) and time.monotonic() < until:
            time.sleep(0.3)
    more_mb, slowest_s = running.memory_mb(app.pid) - memory, onlooker.slowest_s
    return Outcome(name, said, seconds, processor_s, left, more_mb, slowest_s, waits, wants)


def kept(app: running.App) -> dict[str, int]:
    """Every file of the workspace and the temporary folder, with its bytes; no locks and notes.

    The logs of the workers grow while they get ready, and are none of it.
    """
    found = {}
    for top in (app.workspace, app.temp):
        for path in top.rglob("*"):
            with contextlib.suppress(FileNotFoundError):
                if path.is_file() and path.name not in LOCKS and path.parent.name != "logs":
                    found[str(path.relative_to(app.folder))] = path.stat().st_size
    return found


def _more(now: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return {
        name: size - before.get(name, 0)
        for name, size in now.items()
        if name not in before or size > before[name] + 10_000
    }


def main() -> int:
    """Try them all; returns the exit code."""
    parser = argparse.ArgumentParser(description="Bombs, slow and broken uploads.")
    parser.add_argument("--port", type=int, default=0)
    chosen = parser.parse_args()
    outcomes = []
    print(f"{'':34} {'refused':>8} {'work':>7} {'left':>9} {'memory':>8} {'onlooker':>8}")
    with running.App(port=chosen.port) as app:
        someone = visiting.Visitor(app)
        someone.arrives()
        dropped(someone, [("bomb.zip", b"no zip")])  # what is made at the first time is made
        running.wait_for(lambda: len(app.workers()) > 1, 180)
        for name, files in bombs().items():
            outcomes.append(measured(app, name, lambda f=files: dropped(someone, f)))
            _tell(outcomes[-1])
        for name, each in uploads(app).items():
            outcomes.append(measured(app, name, each.do, each.wants, waits=each.waits))
            _tell(outcomes[-1])
        someone.chooses(visiting.pictures(2, 4))  # and then all is as it was
        someone.leaves()
    failures = sum(len(each.failures) for each in outcomes)
    print(f"{len(outcomes)} tried, {failures} failures")
    return 1 if failures else 0


def _tell(each: Outcome) -> None:
    print(
        f"{each.name:34} {each.seconds:6.1f} s {each.processor_s:5.1f} s "
        f"{sum(each.left.values()):6} B "
        f"{each.more_mb:5.0f} MB {each.slowest_s:6.2f} s  {each.said[:60]!r}",
        flush=True,
    )
    for failure in each.failures:
        print(f"    {failure}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
