"""The page as it is sent: written by Gradio once, compressed, and known to a browser that has it.

Gradio writes it anew for everybody, a megabyte and a half in a twentieth of a second of processor
time, although it is the same: what is somebody's own comes with the first events.
"""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_KEPT: Final = 8  # of each language one, and a few more names that this computer is called by
# All that the page's own address is made from (gradio.route_utils.get_request_origin).
_ADDRESS: Final = ("host", "x-forwarded-host", "x-forwarded-proto", "x-gradio-server")
_OTHERS: Final = ("deep_link",)  # with it the page is another one

Key = tuple[str, ...]


@dataclass(frozen=True)
class _Printed:
    """A page.

    Attributes:
        plain: As Gradio has written it.
        packed: The same by gzip.
        tag: What a browser asks with whether it is still the same.
        kind: Its media type.
    """

    plain: bytes
    packed: bytes
    tag: str
    kind: str


class Printed:
    """Answers for the pages at some paths once they are known.

    Args:
        app: What writes them.
        paths: Where they are.
    """

    def __init__(self, app: ASGIApp, paths: Sequence[str]) -> None:
        self._app, self._paths = app, frozenset(paths)
        self._kept: OrderedDict[Key, _Printed] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 200 with the page, 304 to who has it, or as the app does where it isn't one."""
        if not self._is_page(scope):
            await self._app(scope, receive, send)
            return
        key = _key(scope)
        if key not in self._kept:
            written = await self._written(scope, receive, send)
            if written is None:
                return  # it is sent already: no page, but what went wrong
            self._kept[key] = written
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        await _answer(self._kept[key], Headers(scope=scope))(scope, receive, send)

    def _is_page(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] not in self._paths:
            return False
        query = QueryParams(scope["query_string"])
        return not any(name in query for name in _OTHERS)

    async def _written(self, scope: Scope, receive: Receive, send: Send) -> _Printed | None:
        """Have the page written; None when something else came, which is passed on."""
        began: list[Message] = []
        pieces: list[bytes] = []

        async def hear(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                began.append(message)
            elif began:
                pieces.append(message.get("body", b""))
            else:
                await send(message)

        await self._app(scope, receive, hear)
        if not began:
            return None
        plain = b"".join(pieces)
        kind = MutableHeaders(scope=began[0]).get("content-type", "text/html; charset=utf-8")
        tag = f'W/"{hashlib.sha256(plain).hexdigest()[:32]}"'
        return _Printed(plain, gzip.compress(plain, mtime=0), tag, kind)


def _key(scope: Scope) -> Key:
    headers = Headers(scope=scope)
    named = [str(headers.getlist(name)) for name in _ADDRESS]
    server = str(scope.get("server"))
    return (scope["path"], scope["scheme"], scope.get("root_path", ""), server, *named)


def _answer(page: _Printed, asked: Headers) -> Response:
    told = {"ETag": page.tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if page.tag in asked.get("if-none-match", ""):
        return Response(status_code=304, headers=told)
    if "gzip" in asked.get("accept-encoding", ""):
        packed = {**told, "Content-Encoding": "gzip"}
        return Response(page.packed, headers=packed, media_type=page.kind)
    return Response(page.plain, headers=told, media_type=page.kind)
