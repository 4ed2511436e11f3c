"""Zips and pictures that are bombs, and slow and broken uploads, against the running app.

    python tests/faults/bombs.py [--port 7855]

Each is sent as a browser sends it, while another visitor asks for the page all the time. Printed:
what it is, the seconds until it was refused (or, for what stops half way, until it was given up),
the bytes on the disk after it less those before, the most memory of the web process, and the
slowest answer that the other visitor had. Exits 1 when something was not refused, took 5 s of the
server's processor time or more, left something on the disk, or grew the process by over 500 MB.
"""

import argparse
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import running
import visiting

from tests import corpus
from tests.zips import Member, made, overlapping

MOST_S = 5.0
MOST_MB = 500.0
SWEPT_S = 3.0  # what is left then has until the next upload comes, which sweeps before itself


@dataclass
class Outcome:
    """What came of one of them."""

    name: str
    said: str
    seconds: float
    processor_s: float
    left_bytes: int
    left_files: int
    more_mb: float
    slowest_s: float
    waits: bool = False  # half an upload is given up after a time, which is no time of work

    @property
    def failures(self) -> list[str]:
        """What breaks the promise."""
        found = []
        if not self.said:
            found.append("it was not refused")
        if not self.waits and self.processor_s >= MOST_S:
            found.append(f"{self.processor_s:.1f} s of work")
        if self.left_files > 0 or self.left_bytes > 100_000:
            found.append(f"{self.left_files} files with {self.left_bytes} bytes stayed")
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
        "Content-Type: multipart/form-data; boundary=xx", *more, "", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


PART = b'--xx\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
END = b"\r\n--xx--\r\n"


def raw(app: running.App, *pieces: bytes, stays: float = 0.0) -> str:
    """Send bytes as they are; the first line of the answer, "gone" when there is none.

    Args:
        app: The running app.
        *pieces: One after another.
        stays: For so many seconds the line is held open without a further byte.
    """
    with socket.create_connection(("127.0.0.1", app.port), timeout=max(stays, 20)) as line:
        try:
            for each in pieces:
                line.sendall(each)
            if not stays:
                line.shutdown(socket.SHUT_WR)
            answer = line.recv(4096)
        except (ConnectionError, TimeoutError) as error:
            return "" if isinstance(error, TimeoutError) else "gone"
    return answer.partition(b"\r\n")[0].decode() or "gone"


def _refused(answer: str) -> str:
    """The answer when it is a refusal."""
    return "" if " 200 " in answer else answer


def uploads(app: running.App) -> dict[str, tuple[Callable[[], str], bool]]:
    """Uploads that no browser makes: what does it, and whether the server has to wait for more."""
    files = b"".join(PART.replace(b"a.jpg", b"%d.jpg" % n) + b"x\r\n" for n in range(1001))
    many = files + b"--xx--\r\n"
    header = b"--xx\r\n" + b"X-Long: " + b"y" * 20_000_000 + b"\r\n\r\nx" + END
    headers = b"--xx\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(200_000)) + b"\r\nx" + END
    cut = PART + b"z" * 5_000_000
    chunk = b"%x\r\n" % len(cut) + cut + b"\r\n"

    def sent(told: str, content: bytes, stays: float = 0.0) -> tuple[Callable[[], str], bool]:
        return lambda: _refused(raw(app, _head(app, told), content, stays=stays)), bool(stays)

    def whole(content: bytes) -> tuple[Callable[[], str], bool]:
        return sent(f"Content-Length: {len(content)}", content)

    twice, chunked = f"Content-Length: {2 * len(cut)}", "Transfer-Encoding: chunked"
    return {
        "1,001 files in one request": whole(many),
        "a part's header of 20 MB": whole(header),
        "200,000 headers in a part": whole(headers),
        "a length that is no number": sent("Content-Length: ten", cut),
        "a length of 9 TB": sent("Content-Length: 9000000000000", cut),
        "a length that is too short": sent("Content-Length: 999", cut + END),
        "broken off in the middle": sent(twice, cut),
        "chunked, broken off": sent(chunked, chunk),
        "stops half way, line held": sent(twice, cut, 90),
        "chunked, stops, line held": sent(chunked, chunk, 90),
    }


def measured(app: running.App, name: str, do: Callable[[], str], *, waits: bool) -> Outcome:
    """Do it and look what it has cost."""
    before, memory = running.files_below(app.folder), running.memory_mb(app.pid)
    worked, began = running.processor_s(app.pid), time.monotonic()
    with Onlooker(app.address) as onlooker:
        said = do()
        seconds = time.monotonic() - began
        processor_s = running.processor_s(app.pid) - worked
        until = time.monotonic() + SWEPT_S
        while (left := _left(app, before))[0] > 0 and time.monotonic() < until:
            time.sleep(0.3)
        if left[0] > 0:
            files, size = before
            httpx.post(f"{app.address}/gradio_api/upload", files=[("files", ("n.jpg", b"next"))])
            left = _left(app, (files + 1, size + 4))
    more_mb = running.memory_mb(app.pid) - memory
    return Outcome(
        name, said, seconds, processor_s, left[1], left[0], more_mb, onlooker.slowest_s, waits
    )


def _left(app: running.App, before: tuple[int, int]) -> tuple[int, int]:
    """Files and bytes more than before, of uploads and data sets; locks and logs are none."""
    now = running.files_below(app.folder)
    return now[0] - before[0], now[1] - before[1]


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
            outcomes.append(measured(app, name, lambda f=files: dropped(someone, f), waits=False))
            _tell(outcomes[-1])
        for name, (do, waits) in uploads(app).items():
            outcomes.append(measured(app, name, do, waits=waits))
            _tell(outcomes[-1])
        someone.chooses(visiting.pictures(2, 4))  # and then all is as it was
        someone.leaves()
    failures = sum(len(each.failures) for each in outcomes)
    print(f"{len(outcomes)} tried, {failures} failures")
    return 1 if failures else 0


def _tell(each: Outcome) -> None:
    print(
        f"{each.name:34} {each.seconds:6.1f} s {each.processor_s:5.1f} s {each.left_bytes:7} B "
        f"{each.more_mb:5.0f} MB {each.slowest_s:6.2f} s  {each.said[:60]!r}",
        flush=True,
    )
    for failure in each.failures:
        print(f"    {failure}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
