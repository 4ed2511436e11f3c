"""Where people have to sign in, whoever hasn't reaches nothing of the running app.

    python tests/faults/signed_out.py [--port 7816] [--parts routes,detours]

Starts the real app with --auth and a list of two names. Anna signs in, and has pictures, a finished
training (64 px) and an upload that nobody has taken yet. Then people who aren't signed in, though
they know Anna's key and all her ids (without a cookie, with made-up ones, with one that has ended,
with what the disk keeps of hers, with headers in which a proxy would name her), try:

* every route of the running app by every method;
* every function of the page by its number, with Anna's own key;
* her files: downloads, uploads, her tab's stream, her session;
* detours: a path that begins at the sign-in page or is spelled in another way, requests sent
  behind one that may be asked;
* the sign-in itself, with names and passwords in odd forms.

Ben, who is in the list too, tries Anna's key in every function and on her files. Anna's own calls
come first: what is refused to the others works. Prints a table and "N tries, 0 successes"; exits
with 1 when there was one, or when anything of Anna's changed.
"""

import argparse
import base64
import json
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import running
import strangers
import visiting

from gui.doors.asking import SIGNED_IN

PEOPLE = {"anna": "blue otter 42", "ben": "kingfisher 17"}
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_PAGES = ("/", "/zh-Hant")
_SIGN_IN, _SIGN_OUT = "/freezepoint/sign-in", "/freezepoint/sign-out"
_DOWNLOAD, _UPLOAD = "/freezepoint/download", "/gradio_api/upload"
_ENTERED = 303


class Anna(strangers.Alice):
    """Who has signed in and has something to lose."""

    def makes_everything(self) -> None:
        """Pictures, a training, an upload that nobody has taken."""
        if self.signs_in("anna", PEOPLE["anna"]) != _ENTERED:
            raise SystemExit("Anna can't sign in")
        self.arrives()
        self.chooses(visiting.pictures(2, 10))
        self.starts(epochs=1, image_size=64)
        self.waits_for_the_end()
        self.run = self.owner.open_run
        self.has_the_model_checked()
        self.waiting = self.uploads(visiting.pictures(1, 3))

    def takes(self) -> httpx.Response:
        """Her own download, which has to work."""
        return self.http.post(_DOWNLOAD, data=self.asked)

    @property
    def asked(self) -> dict[str, str]:
        """What her page sends for it."""
        return {"token": self.token, "run": self.run.id, "file": "model.keras"}


class Outsider(strangers.Bob):
    """Somebody who knows all of Anna's, and what their browser sends along."""

    def __init__(
        self, app: running.App, anna: Anna, tries: strangers.Tries, who: Mapping[str, str]
    ) -> None:
        super().__init__(app, anna, tries, strangers.Listener())
        self.anna = anna
        self.http = httpx.Client(base_url=app.address, timeout=60, headers=dict(who))

    def note(self, part: str, what: str, answer: httpx.Response) -> None:
        """Judge an answer: the page that asks for a password is all that anybody gets."""
        asks = answer.is_success and b'name="password"' in answer.content
        self.tries.note(part, what, answer, allowed=asks and b"gradio" not in answer.content)


def outsiders(anna: Anna, ended: str) -> dict[str, Mapping[str, str]]:
    """Everybody who isn't signed in, and the headers that they send."""
    known = json.loads((anna.app.workspace / "signed_in.json").read_text())["signed_in"]
    digest, (_, stamp, _) = next(iter(known.items()))
    named = ("X-Forwarded-User", "Remote-User", "X-Remote-User", "X-Auth-Request-User")
    basic = base64.b64encode(b"anna:").decode()
    cookies = {
        "no cookie": "",
        "an empty cookie": f"{SIGNED_IN}=",
        "a made-up cookie": f"{SIGNED_IN}={'x' * 43}",
        "a cookie that has ended": f"{SIGNED_IN}={ended}",
        "the digest on the disk": f"{SIGNED_IN}={digest}",
        "the stamp on the disk": f"{SIGNED_IN}={stamp}",
        "her key as the cookie": f"{SIGNED_IN}={anna.token}",
        "her name as the cookie": f"{SIGNED_IN}=anna",
    }
    told = {who: {"Cookie": each} if each else {} for who, each in cookies.items()}
    proxied = {**dict.fromkeys(named, "anna"), "X-Forwarded-For": "127.0.0.1"}
    return {**told, "a proxy's words": {**proxied, "Authorization": f"Basic {basic}"}}


def routes(outsider: Outsider) -> None:
    """Every route, by every method."""
    for path in sorted({path for _, _, path in strangers.filled_routes(outsider.anna)}):
        for method in _METHODS:
            if (path, method) == (_SIGN_OUT, "POST"):
                continue  # anybody may: it answers with the page
            answer = outsider.http.request(method, path, json={} if method == "POST" else None)
            if method == "HEAD" and path in _PAGES and not answer.content:
                continue  # the page that asks, without its content
            outsider.note("routes", f"{method} {path}", answer)


def functions(outsider: Outsider) -> None:
    """Every function, with Anna's own key and her ids."""
    ids = outsider.anna.strings()
    for index in filter(strangers.is_english, outsider.functions):
        told = strangers.event(ids[index % len(ids)])
        kind, content = outsider.asks_fitting(index, outsider.anna.token, told, f"o{index}x")
        outsider.tries.told("functions, her own key", f"function {index}", kind, content)
        if not kind.startswith("4"):
            outsider.tries.success(f"function {index} was {kind}")


def files(outsider: Outsider) -> None:
    """What is hers: downloads, uploads, what her tab is told."""
    anna = outsider.anna
    told = []
    for changed in ({}, {"run": "0" * 16}, {"file": "nothing.keras"}, {"token": "x" * 32}):
        answer = outsider.http.post(_DOWNLOAD, data={**anna.asked, **changed})
        outsider.note("her files", f"download {changed}", answer)
        told.append((answer.status_code, answer.content))
    if len(set(told)) != 1:
        outsider.tries.success(f"what is there answers differently: {set(told)}")
    for path in (
        f"/gradio_api/queue/data?session_hash={anna.session}",
        f"/gradio_api/heartbeat/{anna.session}",
        f"/gradio_api/file={anna.run.model}",
        f"/gradio_api/file={anna.waiting['files'][0]['path']}",
    ):
        outsider.note("her files", path, outsider.http.get(path))
    for path in ("/gradio_api/cancel", "/gradio_api/reset"):
        asked = {"session_hash": anna.session, "fn_index": 0, "event_id": "0" * 32}
        outsider.note("her files", path, outsider.posts(path, asked))
    outsider.note("her files", _UPLOAD, _upload(outsider, anna.token))


def _upload(outsider: Outsider, key: str) -> httpx.Response:
    """One file in a form, on a line of its own: the refusal may come before all of it is sent."""
    headers = {**outsider.http.headers, "X-Freezepoint-Key": key}
    headers.pop("content-length", None)
    try:
        return httpx.post(
            f"{outsider.app.address}{_UPLOAD}", files={"files": ("x.jpg", b"x")}, headers=headers
        )
    except httpx.TransportError as error:
        return httpx.Response(400, text=type(error).__name__)


def detours(outsider: Outsider) -> None:
    """Other spellings of what is closed, and requests behind one that may be asked."""
    cookie = outsider.http.headers.get("cookie", "")
    wire = strangers.Wire(outsider.app.port, f"Cookie: {cookie}\r\n" if cookie else "")
    for wanted in ("config", "gradio_api/info", "theme.css", "gradio_api/startup-events"):
        for path in _spelled(wanted):
            status, content = wire.get(path)
            answer = httpx.Response(status or 400, content=content)
            outsider.note("detours", path, answer)
    body = b"GET /config HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    for length in (0, len(body)):
        head = f"POST {_SIGN_IN} HTTP/1.1\r\nHost: 127.0.0.1:{outsider.app.port}\r\n"
        head += f"Content-Type: text/plain\r\nContent-Length: {length}\r\n"
        for more in ("", "Transfer-Encoding: chunked\r\n"):
            content = wire.sends(f"{head}{more}\r\n".encode() + body)
            outsider.tries.told("detours", f"behind the sign-in, {length} {more}", "sent", content)
            if b'"dependencies"' in content:
                outsider.tries.success("a request behind the sign-in came through")


def _spelled(wanted: str) -> Iterator[str]:
    for first in ("", "/", "./", "zh-Hant/", "zh-Hant/../", "zh-Hant/..;/", "freezepoint/sign-in/"):
        yield f"/{first}{wanted}"
    for up in ("../../", "%2e%2e/%2e%2e/", "..%2f..%2f", "..;/..;/"):
        yield f"{_SIGN_IN}/{up}{wanted}"
    for last in ("/", "/.", "%20", "%00", ";", ";/freezepoint/sign-in", "?/freezepoint/sign-in"):
        yield f"/{wanted}{last}"
    yield f"/{wanted.upper()}"
    yield f"/{wanted[:-1]}%{ord(wanted[-1]):x}"
    yield f"http://127.0.0.1/{wanted}"
    yield f"/#/../{wanted}"


def guesses(outsider: Outsider) -> None:
    """Names and passwords in forms that a careless comparison would let through."""
    forms = [
        {"name": name, "password": password}
        for name in ("anna", "ANNA", "anna\0", "", "*", "anna' OR '1'='1")
        for password in ("", "\0", "*", "scrypt$", "blue otter 42\0", "blue otter 4" + "2" * 300)
    ]
    sent: list[dict[str, object]] = [{"data": each} for each in forms]
    sent += [{"json": {"name": "anna", "password": True}}, {"json": {"password": {"$ne": ""}}}]
    sent += [{"content": b"name=anna&password[]=blue+otter+42"}, {"content": b"\xff" * 20_000}]
    sent += [{"files": {"password": ("x", b"blue otter 42")}}]
    for each in sent:
        answer = outsider.http.post(_SIGN_IN, **each)  # type: ignore[arg-type]
        outsider.tries.told("guesses", f"{each}"[:80], str(answer.status_code), answer.content)
        if answer.status_code not in (401, 429) or "set-cookie" in answer.headers:
            outsider.tries.success(f"{each} was answered {answer.status_code}")


def another_name(ben: Outsider) -> None:
    """Ben is signed in; Anna's key opens nothing of hers to him."""
    tries, anna = ben.tries, ben.anna
    if ben.http.get("/config").status_code != 200:
        raise SystemExit("Ben can't sign in")
    answers = []
    for changed in ({}, {"run": "0" * 16}, {"token": "x" * 32}):
        answer = ben.http.post(_DOWNLOAD, data={**anna.asked, **changed})
        tries.note("another name, her files", f"download {changed}", answer)
        answers.append(answer.status_code)
    if set(answers) != {404}:
        tries.success(f"what is there answers differently: {answers}")
    tries.note("another name, her files", "upload", _upload(ben, anna.token))
    for index in ben.functions:
        told = strangers.event(anna.strings()[index % len(anna.strings())])
        kind, content = ben.asks_fitting(index, anna.token, told, f"n{index}x")
        kind = "not his" if strangers.NOT_YOURS in content else kind
        tries.told("another name, her key", f"function {index}", kind, content)
        if kind in ("200", "done") and strangers.needs_key(ben, index):
            tries.success(f"function {index} did something for Ben with Anna's key")


PARTS = {each.__name__: each for each in (routes, functions, files, detours)}


def _everything(app: running.App, tries: strangers.Tries, chosen: list[str]) -> None:
    anna = Anna(app)
    anna.makes_everything()
    again, ben = Anna(app), visiting.Visitor(app)
    again.signs_in("anna", PEOPLE["anna"])
    ended = str(again.http.cookies[SIGNED_IN])
    again.http.post(_SIGN_OUT)
    ben.signs_in("ben", PEOPLE["ben"])
    content = anna.run.model.read_bytes()
    if anna.takes().content != content:
        raise SystemExit("Anna's own download doesn't work, so a refusal would say nothing")
    tries.keep_from_them(
        content[:200], (anna.owner.path / "desk.json").read_bytes(), b"def _sweep(",
        anna.run.id, anna.owner.path.name, Path(anna.waiting["files"][0]["path"]).read_bytes(),
    )  # fmt: skip
    before = anna.state()  # a download leaves a note with the training
    for who, headers in outsiders(anna, ended).items():
        began, outsider = time.monotonic(), Outsider(app, anna, tries, headers)
        for part in chosen:
            PARTS[part](outsider)
        print(f"{who}: {time.monotonic() - began:.0f} s", flush=True)
    inside = Outsider(app, anna, tries, {"Cookie": f"{SIGNED_IN}={ben.http.cookies[SIGNED_IN]}"})
    another_name(inside)
    guesses(Outsider(app, anna, tries, {}))
    if anna.state() != before:
        tries.success("something of Anna's has changed")
    if anna.takes().content != content:
        tries.success("Anna has lost her model")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--parts", default=",".join(PARTS), help="some of them, commas between")
    chosen = options.parse_args()
    tries = strangers.Tries()
    listed = "\n".join(f"{name}: {password}" for name, password in PEOPLE.items())
    with running.App(port=chosen.port, environment={"FREEZEPOINT_AUTH": listed}) as app:
        _everything(app, tries, chosen.parts.split(","))
    return tries.tell()


if __name__ == "__main__":
    sys.exit(main())
