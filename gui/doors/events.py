"""What a page sends to Gradio: well formed, without files that aren't, and in its own session."""

import hashlib
import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gui.core.workspace import Workspace, is_token
from gui.doors.asking import VISIT, Place, address, cookie, cookies, language, refusal
from gui.doors.buckets import Buckets
from gui.doors.rates import Limits, generosity, too_many
from gui.words import say, speaking

_EVENTS: Final = frozenset(
    ("/gradio_api/run/predict", "/gradio_api/queue/join", "/gradio_api/cancel", "/gradio_api/reset")
)
_HEARTBEAT: Final = "/gradio_api/heartbeat/"
_LARGEST_BYTES: Final = 32 * 2**20  # a list of 100,000 files has 15 MB
_SESSION: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
# What the page sends. Left out are "batched", "simple_format" and "oauth_token", which change how
# Gradio takes the rest.
_SENT: Final = ("data", "event_data", "fn_index", "trigger_id", "session_hash", "event_id")
_KNOWN_MOST: Final = 10_000
_YEAR_S: Final = 365 * 24 * 3600  # else tabs opened again side by side would each get another


class Unfit(ValueError):  # noqa: N818 - names what was sent
    """What was sent isn't what the page sends."""


class Events:
    """Lets an event through as the page would send it, into the session of its own browser.

    Whoever knows another's ``session_hash`` would read what Gradio tells that page. So every
    browser has a cookie, and for Gradio a session's name is made of both: the same name from
    another browser is another session. A browser that keeps no cookies has the name alone.

    A dict that says it is one of Gradio's files would make Gradio fetch the address in it, or copy
    the path. The page has no parts that send such, so none comes through.
    """

    def __init__(
        self,
        app: ASGIApp,
        place: Place,
        workspace: Workspace,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._place, self._workspace = app, place, workspace
        self._newcomers = Buckets((limits or Limits()).newcomers, clock)
        self._met: dict[str, None] = {}  # digests of tokens that were counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 400, 413 or 429."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        visit = cookies(Headers(scope=scope)).get(VISIT, "")
        try:
            if scope["path"] in _EVENTS:
                await self._event(scope, receive, send, visit)
            elif scope["method"] == "GET":
                await self._app(_in_own_session(scope, visit), receive, self._known(scope, send))
            else:
                await self._app(scope, receive, send)
        except Unfit:
            with speaking(language(Headers(scope=scope))):
                told = say("The page asked for something unknown.")
            await refusal(400, told)(scope, receive, send)

    async def _event(self, scope: Scope, receive: Receive, send: Send, visit: str) -> None:
        body = await _body(receive)
        if body is None:
            with speaking(language(Headers(scope=scope))):
                told = say("That is more than the page can send at once.")
            await refusal(413, told)(scope, receive, send)
            return
        sent = _read(Headers(scope=scope), body)
        wait_s = self._counted(sent, address(scope, self._place))
        if wait_s:
            with speaking(language(Headers(scope=scope))):
                told = say("Very many people are new here from your address. Try again later.")
            await too_many(told, wait_s)(scope, receive, send)
            return
        sent["session_hash"] = _own(sent.get("session_hash"), visit)
        await _passed(self._app, scope, receive, send, json.dumps(sent).encode())

    def _counted(self, sent: Mapping[str, Any], where: str) -> float:
        """Count who was never here before; 0.0, or how long they have to wait."""
        token = next(iter(sent.get("data") or ()), None)
        if not is_token(token) or self._workspace.knows(token):
            return 0.0
        digest = hashlib.sha256(token.encode()).hexdigest()
        if digest in self._met:
            return 0.0
        wait_s = self._newcomers.take(where, generosity(where, self._place))
        if wait_s == 0:
            self._met[digest] = None
            if len(self._met) > _KNOWN_MOST:
                del self._met[next(iter(self._met))]
        return wait_s

    def _known(self, scope: Scope, send: Send) -> Send:
        """Give a browser that opens a page its cookie."""
        if VISIT in cookies(Headers(scope=scope)) or scope["path"].count("/") != 1:
            return send

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                made = cookie(VISIT, secrets.token_urlsafe(24), scope, self._place, _YEAR_S)
                MutableHeaders(scope=message).append("Set-Cookie", made)
            await send(message)

        return answer


def _own(session: object, visit: str) -> str | None:
    """The name of a session for Gradio, of a browser alone."""
    if session is None:
        return None
    if not isinstance(session, str) or not _SESSION.fullmatch(session):
        raise Unfit("session_hash")
    return hashlib.sha256(f"{visit}\n{session}".encode()).hexdigest() if visit else session


def _in_own_session(scope: Scope, visit: str) -> Scope:
    path = scope["path"]
    if path.startswith(_HEARTBEAT):
        path = _HEARTBEAT + str(_own(path.removeprefix(_HEARTBEAT), visit))
        return {**scope, "path": path, "raw_path": path.encode()}
    if path == "/gradio_api/queue/data":
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        session = _own(next(iter(asked.get("session_hash", ())), ""), visit)
        return {**scope, "query_string": urlencode({"session_hash": session}).encode()}
    return scope


def _read(headers: Headers, body: bytes) -> dict[str, Any]:
    """What was sent, without what the page doesn't send.

    Raises:
        Unfit: When it isn't what the page sends.
    """
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Unfit("content type")
    try:
        sent = json.loads(body)
        if not isinstance(sent, dict) or not isinstance(sent.get("data", []), list):
            raise Unfit("shape")
        _refuse_files([sent.get("data"), sent.get("event_data")])
    except (ValueError, RecursionError) as error:
        raise Unfit("JSON") from error
    return {name: sent[name] for name in _SENT if name in sent}


def _refuse_files(value: object) -> None:
    """Find what Gradio would take for a file, however deep.

    Raises:
        Unfit: When there is one.
    """
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            if "path" in each and "meta" in each:
                raise Unfit("a file")
            left.extend(each.values())
        elif isinstance(each, list):
            left.extend(each)


async def _body(receive: Receive) -> bytes | None:
    """All that was sent; None when it is too much."""
    parts, size = list[bytes](), 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Unfit("gone")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > _LARGEST_BYTES:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


async def _passed(app: ASGIApp, scope: Scope, receive: Receive, send: Send, body: bytes) -> None:
    """Pass a request on with another body."""
    left = [body]

    async def again() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return await receive()

    kept = [pair for pair in scope["headers"] if pair[0] != b"content-length"]
    headers = [*kept, (b"content-length", str(len(body)).encode())]
    await app({**scope, "headers": headers}, again, send)
