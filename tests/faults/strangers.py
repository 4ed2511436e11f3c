"""Nobody gets in: everything of one person's, tried by strangers at every door of the running app.

    python tests/faults/strangers.py [--port 7815] [--parts routes,traversal]

Starts the real app. A makes pictures, a finished training (64 px), its exports, a trial, a
comparison and an upload that nobody has taken yet. Then B (with a key of their own, without
one, with broken ones, with A's session, with A's ids) tries:

* every function of the page by its number, with A's ids, names and paths as its values and events;
* every route of the running app, the closed ones among them, found by walking ``app.routes``;
* traversal in every known spelling, on every route that gives a file;
* forged files in every event: local paths, file:, addresses of this computer and of private
  networks, A's uploads, links; a listener here notes whether anything was asked for;
* what another site's page can make a browser send, and direct calls of the API.

Secrets of A are searched for in every answer. Prints a table and "N tries, 0 successes"; exits with
1 when there was one, or when anything of A's changed. It takes a quarter of an hour where nothing
else runs; --parts tries some of it.
"""

import argparse
import contextlib
import hashlib
import itertools
import json
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import running
import visiting

from gui.core.workspace import Workspace, new_token

_NOT_FOUND = 404
NOT_YOURS = b"lost its connection to your work"  # what who has no key of theirs is told
_PATIENCE_S = 600.0  # the machine may be busy
_HANGS_S = 120.0  # that nobody has to wait for an answer to an address


class Tries:
    """What was tried, and what came of it."""

    def __init__(self) -> None:
        self.rows: dict[str, Counter[str]] = {}
        self.successes: list[str] = []
        self._secrets: list[bytes] = []

    def keep_from_them(self, *secrets: bytes | str) -> None:
        """Remember what no answer may hold."""
        self._secrets += [each.encode() if isinstance(each, str) else each for each in secrets]

    def note(self, part: str, what: str, answer: httpx.Response, *, allowed: bool = False) -> None:
        """Judge an answer; ``allowed`` is for those that may say yes without giving anything."""
        self.told(part, what, str(answer.status_code), answer.content)
        if answer.is_success and not allowed:
            self.success(f"{part}: {what}: {answer.status_code}, {answer.content[:100]!r}")

    def told(self, part: str, what: str, kind: str, content: bytes) -> None:
        """Count a try, and look for secrets in what came back."""
        self.rows.setdefault(part, Counter())[kind] += 1
        found = [each for each in self._secrets if each in content]
        if found:
            self.success(f"{part}: {what}: gave {found[0][:40]!r}")

    def success(self, what: str) -> None:
        """One got in."""
        self.successes.append(what)
        print(f"GOT IN  {what}")

    @property
    def number(self) -> int:
        """How many tries there were."""
        return sum(sum(each.values()) for each in self.rows.values())

    def tell(self) -> int:
        """Print a line for each part, and what came of all; the exit code."""
        print()
        for part, kinds in self.rows.items():
            told = ", ".join(f"{kind}: {n}" for kind, n in sorted(kinds.items()))
            print(f"{part:<44} {sum(kinds.values()):>6}   {told}")
        print(f"{self.number} tries, {len(self.successes)} successes")
        return 1 if self.successes else 0


class Listener:
    """Notes who connects to this computer; nobody should."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.arrived = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            line, _ = self._socket.accept()
            self.arrived += 1
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")
            line.close()


class Alice(visiting.Visitor):
    """The one who has everything, and what of it could be stolen."""

    def makes_everything(self) -> None:
        """Pictures, a training, its exports, a trial, a comparison, an upload."""
        self.arrives()
        self.chooses(visiting.pictures(2, 20))
        self.starts(epochs=1, image_size=64)
        self.waits_for_the_end()
        self.run = self.owner.open_run
        self.has_the_model_checked()
        for form in ("onnx", "project"):
            self.does(self.page.home.groups["model"], "picked", told={"id": form})
            running.wait_for(lambda form=form: self._has(form), _PATIENCE_S)
        compared = {"epochs": 1, "image_size": 64}
        settings = {**self.page.model.settings, **self.page.train.settings}
        self.values |= {settings[name]._id: value for name, value in compared.items()}
        self.values[self.page.ladder.points._id] = ["head", "block5_conv3"]
        self.does(self.page.ladder.start, "click")
        self.does(self.page.ladder.stop, "click")
        running.wait_for(lambda: not any(each.busy for each in self._rungs()), _PATIENCE_S)
        self.owner.open(replace(self.owner.desk, run=self.run.id))
        self.does(self.page.test.drop, "uploaded", self.uploads(visiting.pictures(1, 2)))
        self.waiting = self.uploads(visiting.pictures(1, 3))  # sent, and not yet given to a step

    def has_the_model_checked(self) -> None:
        """Opens the last step, which does that; only then may the model be downloaded."""
        self.does(self.page.bar, "chosen", told={"id": "home"})
        running.wait_for(lambda: self._has("keras"), _PATIENCE_S)

    def _rungs(self) -> tuple[Any, ...]:
        opened = self.owner.open_ladder
        return self.owner.rungs(opened) if opened else ()

    def _has(self, form: str) -> bool:
        from gui.core import take_home

        return form in take_home.made(self.run)

    def strings(self) -> list[str]:
        """Ids, names and paths that a stranger may have seen over A's shoulder."""
        dataset = self.owner.desk.dataset
        return [
            self.run.id,
            dataset,
            self.owner.desk.ladder,
            str(self.run.path),
            str(self.run.model),
            f"../{self.owner.path.name}/runs/{self.run.id}",
            f"../../{self.owner.path.name}/runs/{self.run.id}",
            str(self.owner.path / "desk.json"),
            self.waiting["files"][0]["path"],
        ]

    def state(self) -> str:
        """A digest of all that A has on disk: nothing of it may change."""
        told = hashlib.sha256()
        places = [self.owner.path, self.owner.uploads]
        for path in sorted(each for place in places for each in place.rglob("*")):
            if path.is_file() and path.name not in ("editing", "lock"):
                told.update(str(path).encode() + path.read_bytes())
        return told.hexdigest()


class Bob:
    """Somebody else, who knows all that can be known of A but the key."""

    def __init__(self, app: running.App, alice: Alice, tries: Tries, listener: Listener) -> None:
        self.app, self.alice, self.tries, self.listener = app, alice, tries, listener
        self.token = new_token()
        self.http = httpx.Client(base_url=app.address, timeout=60)
        self.http.get("/")
        made = visiting.pages("").blocks.fns
        self.functions = {index: each for index, each in made.items() if each.fn is not None}

    def posts(self, path: str, asked: object, **headers: str) -> httpx.Response:
        """Sends JSON."""
        return self.http.post(path, json=asked, headers=headers)

    def asks(
        self, index: int, token: object, value: object, told: object, session: str
    ) -> tuple[str, bytes]:
        """Calls a function with one value for all; what kind of answer came, and all of it."""
        function = self.functions[index]
        data = [token, *(value for _ in function.inputs[1:])] if function.inputs else []
        return self.calls(index, data, told, session)

    def asks_fitting(
        self, index: int, token: object, told: object, session: str
    ) -> tuple[str, bytes]:
        """The same with the values that the page itself shows at first: nothing else is wrong."""
        given = self.functions[index].inputs
        shown = [None if each.get_block_name() == "state" else each.value for each in given[1:]]
        return self.calls(index, [token, *shown] if given else [], told, session)

    def calls(
        self, index: int, data: list[object], told: object, session: str
    ) -> tuple[str, bytes]:
        """Calls a function as the page would; what kind of answer came, and all of it."""
        function = self.functions[index]
        asked = {"data": data, "event_data": told, "fn_index": index, "session_hash": session}
        if not function.queue:
            answer = self.posts("/gradio_api/run/predict", asked)
            return str(answer.status_code), answer.content
        joined = self.posts("/gradio_api/queue/join", asked)
        if joined.is_error:
            return str(joined.status_code), joined.content
        kept = b""
        with self.http.stream(
            "GET", "/gradio_api/queue/data", params={"session_hash": session}
        ) as lines:
            for line in lines.iter_lines():
                kept += line.encode()
                if '"process_completed"' in line:
                    success = json.loads(line.removeprefix("data: "))["success"]
                    return "done" if success else "refused", kept
        return "ended", kept


def functions(bob: Bob) -> None:
    """Every function of the page by its number, as six kinds of strangers."""
    alice = bob.alice
    strangers = {
        "own key": bob.token,
        "no key": "",
        "null": None,
        "half a key": alice.token[:16],
        "a path": f"../{alice.owner.path.name}",
        "a digest": alice.owner.path.name,  # it has a key's form: of somebody who has nothing
    }
    ids = alice.strings()
    for index in bob.functions:
        for who, token in itertools.islice(strangers.items(), None if is_english(index) else 2):
            value, told = ids[index % len(ids)], event(ids[(index + len(who)) % len(ids)])
            for way, (kind, content) in (
                ("A's ids", bob.asks(index, token, value, told, f"b{index}x")),
                ("fitting values", bob.asks_fitting(index, token, told, f"b{index}w")),
            ):
                kind = "not theirs" if NOT_YOURS in content else kind
                bob.tries.told(f"functions, {way}, {who}", f"function {index}", kind, content)
                mine = who in ("own key", "a digest")
                if not mine and kind in ("200", "done") and needs_key(bob, index):
                    bob.tries.success(f"function {index} did something for {who}")


def needs_key(bob: Bob, index: int) -> bool:
    """Whether a function takes somebody's key and isn't the one that gives a newcomer theirs."""
    function = bob.functions[index]
    keys = {each.token._id for each in visiting.pages("").spoken.values()}
    arrival = any(event == "load" for _, event in function.targets)
    return bool(function.inputs) and function.inputs[0]._id in keys and not arrival


def own_key_every_id(bob: Bob) -> None:
    """Every function that an event's own id matters to, with every id of A's."""
    for index, function in bob.functions.items():
        if not function.inputs or len(function.inputs) > 3:
            continue
        for known in bob.alice.strings():
            kind, content = bob.asks(index, bob.token, known, event(known), f"b{index}y")
            bob.tries.told("functions, A's ids with own key", f"function {index}", kind, content)


def sessions(bob: Bob) -> None:
    """A's own session, in every place that takes one."""
    taken, tries = bob.alice.session, bob.tries
    for path in (
        f"/gradio_api/queue/data?session_hash={taken}",
        f"/gradio_api/deep_link?session_hash={taken}",
        f"/gradio_api/stream/{taken}/x/1/playlist.m3u8",
    ):
        for client in (bob.http, httpx.Client(base_url=bob.app.address)):
            tries.told("A's session", path, *_beginning(client, path))
    asked = {"session_hash": taken, "fn_index": 0, "event_id": "0" * 32}
    for path in ("/gradio_api/cancel", "/gradio_api/reset"):
        tries.note("A's session", path, bob.posts(path, asked), allowed=True)
    stateful = [
        index
        for index, each in bob.functions.items()
        if any(part.get_block_name() == "state" for part in each.inputs)
    ]
    for index in stateful:  # what the page keeps for A's tab
        kind, content = bob.asks(index, bob.token, None, event(""), taken)
        tries.told("A's session", f"function {index}", kind, content)


def _beginning(client: httpx.Client, path: str) -> tuple[str, bytes]:
    """The first second of an answer that may have no end."""
    kept, until = b"", time.monotonic() + 1
    try:
        with client.stream("GET", path, timeout=1) as answer:
            for part in answer.iter_bytes():
                kept += part
                if time.monotonic() > until:
                    break
            return str(answer.status_code), kept
    except (httpx.TimeoutException, httpx.RemoteProtocolError) as error:
        return type(error).__name__, kept


def routes(bob: Bob) -> None:
    """Every route that the running app has, also those behind closed doors."""
    open_ones = ("/assets", "/static", "/theme.css", "/favicon.ico", "/robots.txt", "/config")
    open_ones += ("/gradio_api/info", "/freezepoint/charts.js", "/gradio_api/heartbeat")
    for method, template, path in filled_routes(bob.alice):
        if path.startswith("/gradio_api/heartbeat"):
            bob.tries.told("routes", path, *_beginning(bob.http, path))
            continue
        answer = bob.http.request(method, path, json={} if method == "POST" else None)
        free = template in ("/", "/zh-Hant") or template.startswith(open_ones)
        bob.tries.note("routes", f"{method} {path}", answer, allowed=free)
        if not free and "event" not in path and answer.status_code in (401, 403):
            bob.tries.success(f"{method} {path} says {answer.status_code}: that it is there")


def filled_routes(alice: Alice) -> Iterator[tuple[str, str, str]]:
    """Method, route, and its path with what is A's wherever it takes something."""
    fill = {
        "path": str(alice.run.model),
        "path_or_url": str(alice.run.model),
        "url_path": f"http://127.0.0.1/{alice.run.id}",
        "session_hash": alice.session,
        "api_name": "predict",
        "event_id": "0" * 32,
        "id": alice.run.id,
        "run": alice.run.id,
        "component_id": "1",
        "segment_id": "0",
        "ext": "ts",
        "environment": "client",
        "type": "component",
        "file_name": "index.js",
        "size": "192",
        "page": "",
        "bucket_id": "x",
        "endpoint": "x",
        "record_id": "x",
        "asset_id": "x",
    }
    for method, template in _routes():
        path = template
        for name, value in fill.items():
            path = path.replace(f"{{{name}:path}}", value).replace(f"{{{name}}}", value)
        yield method, template, path


def _routes() -> list[tuple[str, str]]:
    """Every method and path of an app like the running one, made in this process."""
    from gradio.routes import App

    app = App.create_app(visiting.pages("").blocks)
    found = {
        (method, route.path)
        for route in app.routes
        for method in (getattr(route, "methods", None) or {"GET"})
        if hasattr(route, "path")
    }
    found |= {("POST", "/freezepoint/download"), ("POST", "/gradio_api/upload")}
    found |= {("GET", "/freezepoint/charts.js"), ("GET", "/gradio_api/mcp"), ("GET", "/monitoring")}
    found |= {("GET", "/gradio_api/runs"), ("GET", "/docs"), ("GET", "/openapi.json")}
    return sorted(found)


def existence(bob: Bob) -> None:
    """What is there and isn't one's own answers like what isn't there."""
    alice, tries = bob.alice, bob.tries
    form = {"token": bob.token, "run": alice.run.id, "file": "model.keras"}
    for changed in ({}, {"run": "0" * 16}, {"file": "nothing.keras"}, {"run": "x"}):
        answer = bob.http.post("/freezepoint/download", data={**form, **changed})
        tries.note("existence", f"download {changed}", answer)
        if answer.status_code != _NOT_FOUND:
            tries.success(f"a download said {answer.status_code}")
    told = {
        bob.http.post("/freezepoint/download", data={**form, "run": each}).text
        for each in (alice.run.id, "0" * 16)
    }
    files = {
        bob.http.get(f"/gradio_api/file={each}").text
        for each in (alice.waiting["files"][0]["path"], "/nowhere/x", "/etc/passwd")
    }
    if len(told) != 1 or len(files) != 1:
        tries.success("what is there answers differently")
    for name in ("token", "run", "file"):
        for value in (
            "",
            "\0",
            "x" * 5000,
            alice.token[:-1],
            f"{alice.token}\n",
            f" {alice.token}",
        ):
            if name == "token":
                sent = {**form, name: value}
                tries.note(
                    "existence",
                    f"download {name}",
                    bob.http.post("/freezepoint/download", data=sent),
                )


def spellings(target: str) -> Iterator[str]:
    """A file's path as people have smuggled it past checks: traversal, encodings, other systems."""
    up = "../" * 12
    relative = up + target.lstrip("/")
    yield from (target, relative, f"/{target}", f"//{target}", f"file://{target}", f"file:{target}")
    dots = ("..", "%2e%2e", "%252e%252e", "%c0%ae%c0%ae", "%e0%80%ae%e0%80%ae", ".%2e", "%2e.")
    dots += ("%uff0e%uff0e", quote("．．"), quote("‥"), "....", "..;", "..%00", "..%20", "..%09")
    dots += ("..\\", "..%5c", "..%255c", "..%c1%9c", "%f0%80%80%ae%f0%80%80%ae", ". .", "..%0a")
    slashes = ("/", "%2f", "%252f", "%5c", "%255c", "\\", "%c0%af", "%e0%80%af", "//", "/./", "/;/")
    slashes += (quote("∕"), quote("／"), quote("＼"))
    inner = target.lstrip("/").split("/")
    for dot, slash in itertools.product(dots, slashes):
        yield slash.join([*[dot] * 12, *inner])
    for end in (
        "%00",
        "%00.png",
        "%20",
        ".",
        "...",
        "%2e",
        "::$DATA",
        ";.png",
        "?x.png",
        "%23",
        "/",
    ):
        yield target + end
        yield relative + end
    yield from (target.upper(), target.swapcase(), quote(target, safe=""))
    yield quote(quote(target, safe=""), safe="")
    yield from (f"\\\\127.0.0.1\\c$\\{target}", f"//127.0.0.1/{target}", f"\\\\?\\{target}")
    yield from (f"C:\\{target}", f"c:/{target}", f"~{target}", f"/proc/self/root{target}")
    yield from ("/proc/self/environ", "/proc/self/cwd/app.py", "/dev/stdin", "/proc/self/cmdline")


def traversal(bob: Bob) -> None:
    """Every spelling of five files, on every route that gives a file, sent as it is."""
    alice = bob.alice
    canary = bob.app.folder / "canary.txt"
    canary.write_text("CANARY-OF-THE-DISK")
    targets = [
        str(canary),
        str(alice.run.model),
        str(alice.owner.path / "desk.json"),
        str(running.ROOT / "app.py"),
        alice.waiting["files"][0]["path"],
    ]
    places = ["/gradio_api/file=", "/gradio_api/file/", "/file=", "/file/", "/assets/", "/static/"]
    places += ["/svelte/", "/gradio_api/proxy=", "/freezepoint/", "/freezepoint/download/", "/"]
    places += ["/gradio_api/custom_component/x/client/component/", "/gradio_api/stream/"]
    places += ["/zh-Hant/", "/gradio_api/heartbeat/../file=", "/?deep_link=", "/config?deep_link="]
    with socket.create_connection(("127.0.0.1", bob.app.port)) as _:
        pass
    wire = Wire(bob.app.port)
    for target in targets:
        for spelled, place in itertools.product(spellings(target), places):
            status, content = wire.get(place + spelled)
            bob.tries.told("traversal", place + spelled, str(status), content)
    form = {"token": bob.token, "run": alice.run.id, "file": "model.keras"}
    for target in targets:
        for spelled in spellings(target):
            for field in ("run", "file"):
                answer = bob.http.post("/freezepoint/download", data={**form, field: spelled})
                bob.tries.note("traversal, download", f"{field}={spelled}", answer)


class Wire:
    """Requests with paths exactly as they are written, on one connection."""

    def __init__(self, port: int, more: str = "") -> None:
        """Connect.

        Args:
            port: Where the app is.
            more: Header lines that go with every request.
        """
        self._port, self._more_lines = port, more.encode()
        self._line = self._new_line()

    def _new_line(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self._port), timeout=_HANGS_S)

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and content."""
        sent = path.encode("utf-8", "replace").replace(b" ", b"%20").replace(b"\n", b"%0a")
        for attempt in (1, 2):
            try:
                host = f"Host: 127.0.0.1:{self._port}".encode()
                head = b"GET " + sent + b" HTTP/1.1\r\n" + host + b"\r\n" + self._more_lines
                self._line.sendall(head + b"\r\n")
                return self._answer()
            except TimeoutError as error:
                raise SystemExit(f"the app hangs: no answer in {_HANGS_S:g} s to {path}") from error
            except OSError:
                if attempt == 2:
                    return 0, b""
                self._line = self._new_line()
        raise AssertionError

    def sends(self, what: bytes) -> bytes:
        """Sends anything on a line of its own; all that comes back within two seconds."""
        kept = b""
        with socket.create_connection(("127.0.0.1", self._port), timeout=2) as line:
            line.sendall(what)
            with contextlib.suppress(OSError):
                while more := line.recv(65536):
                    kept += more
        return kept

    def _answer(self) -> tuple[int, bytes]:
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, body = answer.partition(b"\r\n\r\n")
        lowered = head.lower()
        if b"transfer-encoding: chunked" in lowered:
            while not body.endswith(b"0\r\n\r\n"):
                body += self._more()
        elif b"content-length: " in lowered:
            length = int(lowered.partition(b"content-length: ")[2].partition(b"\r\n")[0])
            while len(body) < length:
                body += self._more()
        if b"connection: close" in lowered:
            self._line.close()
            self._line = self._new_line()
        return int(head.split()[1]), head + body

    def _more(self) -> bytes:
        more = self._line.recv(65536)
        if not more:
            raise ConnectionResetError
        return more


def forged(bob: Bob) -> None:
    """Files that aren't uploads of the one who names them, in every function that takes a value."""
    alice, port = bob.alice, bob.listener.port
    link = bob.app.folder / "link.jpg"
    link.symlink_to(alice.run.model)
    hosts = [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "2130706433",
        "0x7f000001",
        "127.1",
        "0",
        "017700000001",
    ]
    hosts += ["127.0.0.1.nip.io", "0.0.0.0", "[::ffff:127.0.0.1]", "user@127.0.0.1"]
    sources = [f"{kind}://{host}:{port}/x.jpg" for host in hosts for kind in ("http", "https")]
    sources += [
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/x",
        "http://192.168.0.1/",
    ]
    sources += [f"HTTP://127.0.0.1:{port}/x", f"//127.0.0.1:{port}/x", f"ftp://127.0.0.1:{port}/x"]
    sources += [str(alice.run.model), "/etc/passwd", "file:///etc/passwd", str(link), "app.py"]
    sources += [each["path"] for each in alice.waiting["files"]]
    sources += [str(alice.owner.uploads), f"{alice.owner.uploads}/../{alice.owner.path.name}"]
    for index, function in bob.functions.items():
        valued = [each for each in function.inputs[1:] if each.get_block_name() == "html"]
        if not valued:
            continue
        for source in sources:
            for form in _forms(source):
                kind, content = bob.asks(index, bob.token, form, event("x"), f"f{index}z")
                bob.tries.told("forged files", f"function {index}: {source}", kind, content)
                if kind in ("200", "done") and "meta" in json.dumps(form):
                    bob.tries.success(f"function {index} took {form}")
    for index in itertools.islice(
        bob.functions, 0, None, 7
    ):  # in the place of the key, and of words
        data = {"path": f"http://127.0.0.1:{port}/x", "meta": {"_type": "gradio.FileData"}}
        kind, content = bob.asks(index, data, data, {"id": data}, "f0")
        bob.tries.told("forged files", f"function {index}, as the key", kind, content)


def _forms(source: str) -> list[Mapping[str, Any]]:
    """One file as a manifest and as what Gradio would take for a file."""
    meta = {"_type": "gradio.FileData"}
    row = {"rel": "a/1.jpg", "path": source, "size": 1}
    return [
        {"files": [row], "skipped": []},
        {"files": [{**row, "meta": meta, "orig_name": "../../x.jpg"}], "skipped": []},
        {"path": source, "url": source, "meta": meta, "is_stream": True, "orig_name": "x.jpg"},
    ]


def cross_site(bob: Bob) -> None:
    """What another site's page can make a browser send: nothing of it starts anything."""
    port, tries = bob.app.port, bob.tries
    index = bob.functions[next(iter(bob.functions))]._id
    asked = {"data": [bob.token], "fn_index": index, "session_hash": "evil"}
    others: list[dict[str, str]] = [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": f"http://localhost:{port}"},
        {"Origin": f"http://127.0.0.1:{port + 1}"},
        {"Origin": f"http://127.0.0.1:{port}.evil.example"},
        {"Origin": f"https://evil.example#127.0.0.1:{port}"},
        {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
        {"Host": f"evil.example:{port}", "Sec-Fetch-Site": "same-origin"},
        {"Host": "127.0.0.1.evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Host": "evil.example", "X-Forwarded-Host": "127.0.0.1"},
    ]
    posts = ["/gradio_api/run/predict", "/gradio_api/queue/join", "/gradio_api/cancel"]
    posts += ["/gradio_api/upload", "/freezepoint/download", "/gradio_api/reset"]
    for headers, path in itertools.product(others, posts):
        tries.note("other sites", f"POST {path} {headers}", bob.posts(path, asked, **headers))
    preflight = {"Access-Control-Request-Method": "POST", "Origin": "http://evil.example"}
    for path in (*posts, "/", "/config"):
        answer = bob.http.request("OPTIONS", path, headers=preflight)
        tries.note("other sites", f"OPTIONS {path}", answer)
    for headers in others:
        answer = bob.http.get("/config", headers=headers)
        allowed = answer.headers.get("access-control-allow-origin")
        tries.told("other sites, reading", f"{headers}", str(answer.status_code), answer.content)
        if allowed and "Origin" in headers and answer.is_success:
            tries.success(f"{headers} may read: {allowed}")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        for path in posts[:3]:
            answer = bob.http.post(path, content=json.dumps(asked), headers={"Content-Type": kind})
            tries.note("forms as JSON", f"{path} as {kind!r}", answer)


def direct(bob: Bob) -> None:
    """The programs' ways into Gradio: closed, or the same as the page's."""
    tries, functions = bob.tries, bob.functions
    names = {each.api_name for each in functions.values() if each.api_name}
    for name in sorted(map(str, names)):
        for path in (f"run/{name}", f"api/{name}", f"call/{name}", f"call/v2/{name}"):
            if path == "run/predict":
                continue
            answer = bob.posts(f"/gradio_api/{path}", {"data": [bob.token]})
            tries.note("direct calls", path, answer)
    for index, function in functions.items():
        asked = {"data": [bob.token, *([None] * (len(function.inputs) - 1))], "fn_index": index}
        if function.queue:  # past the queue
            answer = bob.posts("/gradio_api/run/predict", {**asked, "session_hash": "d"})
            tries.note("past the queue", f"function {index}", answer)
    for path in ("/gradio_api/queue/join", "/ws", "/queue/join", "/gradio_api/ws"):
        answer = bob.http.get(
            path,
            headers={
                "Upgrade": "websocket",
                "Connection": "Upgrade",
                "Sec-WebSocket-Key": "eHh4eHh4eHh4eHh4eHh4eA==",
                "Sec-WebSocket-Version": "13",
            },
        )
        tries.note("websockets", path, answer)


def uploads(bob: Bob) -> None:
    """Uploads without a key, or with part of another's; names that lead elsewhere."""
    for key in ("", "x", bob.alice.token[:16], "../" * 8, bob.alice.owner.path.name[:19]):
        answer = _upload(bob, "x.jpg", key)
        bob.tries.note("uploads without a key", key, answer)
    own = bob.app.workspace / "uploads" / Workspace(bob.app.workspace).owner(bob.token).path.name
    for name in ("../../x.jpg", "/etc/x", "..\\x", "a\0b", "." * 300, "x" * 300, "", "..", "."):
        answer = _upload(bob, name, bob.token)
        bob.tries.note("upload names", name, answer, allowed=True)
        for path in answer.json() if answer.is_success else []:
            if not Path(path).resolve().is_relative_to(own.resolve()):
                bob.tries.success(f"an upload went to {path}")


def _upload(bob: Bob, name: str, key: str) -> httpx.Response:
    """One file, on a connection of its own: a refusal may come before all of it is sent."""
    headers = {"X-Freezepoint-Key": key}
    address = f"{bob.app.address}/gradio_api/upload"
    try:
        return httpx.post(address, files={"files": (name, b"x")}, headers=headers, timeout=60)
    except httpx.TransportError as error:
        return httpx.Response(0, text=type(error).__name__)


def event(known: str) -> Mapping[str, object]:
    """What an event of any of our widgets may tell, with one of A's ids wherever one may stand."""
    names = ("id", "name", "to", "run", "file", "class", "cell", "key", "picture")
    return {"kind": "open", **dict.fromkeys(names, known), "included": True, "form": known}


def is_english(index: int) -> bool:
    """Whether it is the English page's; the other one's are made by the same code."""
    return index in _of_page("")


@lru_cache
def _of_page(code: str) -> frozenset[int]:
    made = visiting.pages("").blocks
    return frozenset(made.get_config_file()["page"][code]["dependencies"])


PARTS = {
    each.__name__: each
    for each in (
        sessions, routes, existence, cross_site, direct, uploads, forged, functions,
        own_key_every_id, traversal,
    )
}  # fmt: skip


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--port", type=int, default=0)
    options.add_argument(
        "--parts",
        type=lambda told: told.split(","),
        default=list(PARTS),
        help=f"with commas between, some of {','.join(PARTS)}",
    )
    chosen = options.parse_args()
    tries, listener = Tries(), Listener()
    with running.App(port=chosen.port) as app:
        alice = Alice(app)
        alice.makes_everything()
        before = alice.state()
        tries.keep_from_them(
            alice.token, "CANARY-OF-THE-DISK", alice.run.model.read_bytes()[:200],
            (alice.owner.path / "desk.json").read_bytes(), b"root:x:0:0", b"def _sweep(",
            Path(alice.waiting["files"][0]["path"]).read_bytes()[:200],
        )  # fmt: skip
        bob = Bob(app, alice, tries, listener)
        for name in chosen.parts:
            began = time.monotonic()
            PARTS[name](bob)
            print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
        time.sleep(1)
        if listener.arrived:
            tries.success(f"the app asked for {listener.arrived} addresses of this computer")
        if alice.state() != before:
            tries.success("something of A's has changed")
        alice.leaves()
    return tries.tell()


if __name__ == "__main__":
    sys.exit(main())
