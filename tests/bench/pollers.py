"""How long a click takes while many people watch, one training runs and ten people upload.

Everybody who waits or trains has a page that asks once a second, as the page's own timer does: half
of them watch the running training (by its private link), half wait in the queue with their own.
Each of them clicks about every fifteen seconds: they go to another step, or choose another freeze
point, which counts until every part that follows it is up to date. Ten others send pictures in the
browser's batches and have them read, again and again. All go through real connections.

For each number of people it prints the median and the 95th percentile of a click and of a poll, how
much of a core the web process uses, its memory, and how long the polls together keep it busy. It
ends with 1 when 95 % of clicks take a second or longer with 50 people.

    python tests/bench/pollers.py [--people 1 10 25 50 100] [--seconds 30] [--profile FOLDER]

What the machine does beside is in the figures: see the load that is printed with them.
"""

import asyncio
import json
import os
import random
import secrets
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import measure

sys.path.insert(0, str(measure.ROOT / "tests" / "faults"))

import running
import visiting

from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.events import Queued
from gui.core.workspace import Workspace, new_token
from tests.core.visitors import make_dataset, make_run

PEOPLE = (1, 10, 25, 50, 100)
UPLOADING = 10
BATCH, BATCHES = 50, 4  # pictures in a request; requests until they are read
CLICK_S = 15.0
ALIAS = "0123456789abcdef"  # in the place of a name
PROMISED_S, PROMISED_AT = 1.0, 50


@dataclass
class Times:
    """Seconds of everything that was asked for."""

    clicks: dict[str, list[float]] = field(default_factory=lambda: {"step": [], "setting": []})
    polls: list[float] = field(default_factory=list)
    uploads: list[float] = field(default_factory=list)
    reads: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Line:
    """One of a browser's connections, kept open."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def asks(self, request: bytes) -> bytes:
        """Send a request and return the body of the answer.

        Raises:
            OSError: When the answer isn't "200".
        """
        reused = self._streams is not None
        try:
            reads, head = await self._sent(request)
        except (ConnectionError, asyncio.IncompleteReadError):
            if not reused:
                raise
            self.hangs_up()  # it had been idle for too long, which browsers try once more
            reads, head = await self._sent(request)
        if b"content-length: " in head:
            length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
            body = await reads.readexactly(length)
        else:
            body = await self._pieces(reads)
        if b" 200 " not in head.split(b"\r\n")[0]:
            raise OSError(f"{head[:15]!r} {body[:200]!r}")
        return body

    async def _sent(self, request: bytes) -> tuple[asyncio.StreamReader, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=2**24)
        reads, writes = self._streams
        writes.write(request)
        await writes.drain()
        return reads, (await reads.readuntil(b"\r\n\r\n")).lower()

    def hangs_up(self) -> None:
        if self._streams:
            self._streams[1].close()
            self._streams = None

    async def _pieces(self, reads: asyncio.StreamReader) -> bytes:
        body = b""
        while size := int(await reads.readline(), 16):
            body += await reads.readexactly(size)
            await reads.readline()
        await reads.readline()
        return body


def post(path: str, content: bytes, kind: str = "application/json") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


class Tab:
    """A page that is open: what it sends, written down once."""

    def __init__(self, someone: visiting.Visitor) -> None:
        self._someone = someone
        page = someone.page
        self.port = someone.app.port
        self._line = Line(self.port)
        self.tick = self.call(someone.index(page.train.timer, "tick"))
        step = someone.index(page.bar, "chosen")
        self.steps = [self.call(step, told={"id": each}) for each in ("model", "train")]
        self.settings = [self._setting(point) for point in ("block5_conv1", "head")]

    def call(self, index: int, told: dict[str, str] | None = None) -> bytes:
        someone = self._someone
        asked = {
            "data": [someone.token, *someone.shown(index)],
            "event_data": told,
            "fn_index": index,
            "session_hash": someone.session,
        }
        return post("/gradio_api/run/predict", json.dumps(asked).encode())

    def _setting(self, point: str) -> list[bytes]:
        """All that a browser sends when the freeze point is another one."""
        part = self._someone.page.model.settings["freeze_point"]
        self._someone.values[part._id] = point
        functions = self._someone.functions
        changed = [n for n, each in functions.items() if (part._id, "change") in each.targets]
        return [self.call(n) for n in changed if not functions[n].queue]

    async def polls(self, times: Times, until: float) -> None:
        """Once a second, and not before the last answer has come."""
        await asyncio.sleep(random.random())
        while time.monotonic() < until:
            took = await timed(self._line, self.tick, times)
            times.polls.append(took)
            await asyncio.sleep(max(0.0, 1 - took))

    async def clicks(self, times: Times, until: float) -> None:
        lines = [Line(self.port) for _ in range(5)]  # a browser has six for one address
        await asyncio.sleep(random.random() * CLICK_S)
        number = random.randrange(4)
        while time.monotonic() < until:
            began = time.monotonic()
            if number % 2:
                await timed(lines[0], self.steps[number // 2 % 2], times)
            else:
                await self._all(lines, self.settings[number // 2 % 2], times)
            took = time.monotonic() - began
            times.clicks["step" if number % 2 else "setting"].append(took)
            number += 1
            await asyncio.sleep(random.uniform(0.5, 1.5) * CLICK_S)
        for each in lines:
            each.hangs_up()

    async def _all(self, lines: Sequence[Line], requests: Sequence[bytes], times: Times) -> None:
        left = list(requests)

        async def one(line: Line) -> None:
            while left:
                await timed(line, left.pop(0), times)

        await asyncio.gather(*map(one, lines))


async def timed(line: Line, request: bytes, times: Times) -> float:
    began = time.monotonic()
    try:
        await line.asks(request)
    except (OSError, ValueError, asyncio.IncompleteReadError) as error:
        times.errors.append(f"{type(error).__name__}: {error}"[:200])
        line.hangs_up()
    return time.monotonic() - began


async def sends(
    someone: visiting.Visitor, requests: Sequence[bytes], times: Times, until: float
) -> None:
    """Four requests with pictures, then their list; from the beginning after that."""
    line, index = Line(someone.app.port), someone.index(someone.page.pictures.drop, "uploaded")
    await asyncio.sleep(random.random() * 4)
    while time.monotonic() < until:
        paths: list[str] = []
        for request in requests:
            began = time.monotonic()
            try:
                paths += json.loads(await line.asks(sent_anew(request, someone)))
            except (OSError, ValueError, asyncio.IncompleteReadError) as error:
                times.errors.append(f"upload: {type(error).__name__}: {error}"[:200])
                line.hangs_up()
            times.uploads.append(time.monotonic() - began)
            await asyncio.sleep(random.uniform(1, 3))  # the browser shrinks the next ones
        began = time.monotonic()
        rows = [
            {"rel": f"things/{Path(each).stem[-1]}/{n}.jpg", "path": each, "size": 1}
            for n, each in enumerate(paths)
        ]
        manifest = {"files": rows, "skipped": [], "junk": 0, "nonce": began}
        asked = {
            "data": [someone.token, manifest],
            "fn_index": index,
            "session_hash": someone.session,
        }
        await timed(line, post("/gradio_api/queue/join", json.dumps(asked).encode()), times)
        try:
            if b'"success":true' not in (await line.asks(_stream(someone.session))).replace(
                b" ", b""
            ):
                times.errors.append("the pictures were refused")
        except (OSError, ValueError, asyncio.IncompleteReadError) as error:
            times.errors.append(f"read: {type(error).__name__}: {error}"[:200])
            line.hangs_up()
        times.reads.append(time.monotonic() - began)
        await asyncio.sleep(random.uniform(1, 3))
    line.hangs_up()


def _stream(session: str) -> bytes:
    path = f"/gradio_api/queue/data?session_hash={session}"
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


def batches() -> list[bytes]:
    """Requests with photos as small as the browser makes them, every one different."""
    photos = visiting.pictures(3, BATCH * BATCHES // 3 + 1, size_px=512)
    parts = []
    for number, (_, content) in enumerate(photos[: BATCH * BATCHES]):
        named = f'name="files"; filename="{ALIAS}{number % 3}.jpg"'
        head = f"--xx\r\nContent-Disposition: form-data; {named}\r\nContent-Type: image/jpeg"
        parts.append(f"{head}\r\n\r\n".encode() + content + b"\r\n")
    bodies = [parts[n * BATCH : (n + 1) * BATCH] for n in range(BATCHES)]
    kind = "multipart/form-data; boundary=xx"
    return [post("/gradio_api/upload", b"".join([*each, b"--xx--\r\n"]), kind) for each in bodies]


def sent_anew(request: bytes, someone: visiting.Visitor) -> bytes:
    """The same files of this person, under names that nobody has used, as the browser does it."""
    head, body = request.split(b"\r\n\r\n", 1)
    whose = "".join(f"\r\n{name}: {value}" for name, value in someone.sender.items()).encode()
    body = body.replace(ALIAS.encode(), secrets.token_hex(len(ALIAS) // 2).encode())
    return head + whose + b"\r\n\r\n" + body


def prepare(root: Path, most: int) -> list[str]:
    """Owners who each have a training in the queue, and their tokens; the first one's runs long."""
    place, tokens = Workspace(root), [new_token() for _ in range(most // 2 + 1)]
    model = ModelSettings(image_size=64, freeze_point="block5_conv1")
    config = Config(model, TrainSettings(epochs=500, head_epochs=1, patience=0))
    for number, token in enumerate(tokens):
        owner = place.owner(token)
        dataset = make_dataset(owner, 60 if number == 0 else 3)
        run = make_run(owner, dataset, now=float(number + 1))
        (run.path / "config.json").write_text(json.dumps(config.to_json()))
        run.append(Queued(float(number + 1), config.train.epochs))
        owner.open(visiting.desk(dataset, run.id))
    return tokens


async def level(
    app: running.App, tokens: Sequence[str], people: int, seconds: float
) -> tuple[Times, float]:
    """So many people for so long; the times, and the share of a core that the page used."""
    watching = [tokens[0]] * ((people + 1) // 2)
    waiting = list(tokens[1 : people // 2 + 1])
    visitors = [visiting.Visitor(app, token) for token in (*watching, *waiting)]
    senders = [visiting.Visitor(app) for _ in range(UPLOADING)]
    for each in (*visitors, *senders):
        each.arrives()
        await asyncio.sleep(0)
    tabs, requests = [Tab(each) for each in visitors], batches()
    warm, times = Times(), Times()
    for counted, length in ((warm, 4.0), (times, seconds)):
        began, used = time.monotonic(), running.processor_s(app.pid)
        until = began + length
        await asyncio.gather(
            *(each.polls(counted, until) for each in tabs),
            *(each.clicks(counted, until) for each in tabs),
            *(sends(each, requests, counted, until) for each in senders),
        )
        share = (running.processor_s(app.pid) - used) / (time.monotonic() - began)
    for each in (*visitors, *senders):
        each.leaves()
    return times, share


def tell(people: int, times: Times, share: float, memory_mb: float) -> float:
    """Print one line; returns the 95th percentile of a click, in s."""
    every = times.clicks["step"] + times.clicks["setting"]
    told = [f"{name} {_percentiles(took)}" for name, took in times.clicks.items()]
    load = os.getloadavg()[0]
    print(
        f"{people:3d} people: click {_percentiles(every)} (n={len(every)}; {'; '.join(told)}) | "
        f"poll {_percentiles(times.polls)} | {len(times.uploads)} uploads "
        f"{_percentiles(times.uploads)}, {len(times.reads)} read {_percentiles(times.reads)} | "
        f"web {100 * share:.0f} % of a core, {memory_mb:.0f} MB | load {load:.1f} | "
        f"{len(times.errors)} errors {times.errors[:2] or ''}",
        flush=True,
    )
    return _at(every, 0.95)


def _percentiles(took: Sequence[float]) -> str:
    return f"p50 {_at(took, 0.5):.2f} p95 {_at(took, 0.95):.2f} s"


def _at(took: Sequence[float], share: float) -> float:
    if len(took) < 2:
        return took[0] if took else float("nan")
    return statistics.quantiles(took, n=100, method="inclusive")[round(100 * share) - 1]


def main() -> int:
    parser = measure.arguments(__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=PEOPLE)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--port", type=int, default=0)
    chosen = parser.parse_args()
    measure.begin(__doc__)
    good = True
    with running.App(port=chosen.port) as app:
        app.stop()
        tokens = prepare(app.workspace, max(chosen.people))
        app.start()
        visiting.held_against(app)
        first: Any = Workspace(app.workspace).owner(tokens[0])
        running.wait_for(lambda: len(first.open_run.history.epochs) > 1, 240)
        for people in chosen.people:
            times, share = asyncio.run(level(app, tokens, people, chosen.seconds))
            p95 = tell(people, times, share, running.memory_mb(app.pid))
            good = good and not times.errors and (people > PROMISED_AT or p95 < PROMISED_S)
        trained = len(first.open_run.history.epochs)
        print(f"the training had {trained} epochs and was {first.open_run.history.state}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
