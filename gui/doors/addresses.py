"""Which addresses there are: those that the page needs, by name; anything else is not found."""

import re
from collections.abc import Mapping
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from gui.doors.asking import is_here, refusal
from gui.words import ENGLISH, locales

OWN: Final = "/freezepoint/"  # our own routes, which see to themselves
STARTED: Final = "/gradio_api/startup-events"  # asked by Gradio as it opens; by nobody afterwards
# No file of Gradio's page has another sign in its name; what leads out of a folder has.
_NAME: Final = r"[A-Za-z0-9_=~@+-][A-Za-z0-9._=~@+-]*"
# Each name but the last ends in its slash, so that there is one way only to read a path: with more
# of them, a long one that doesn't fit would be tried in all, for ever.
_PLAIN: Final = re.compile(rf"/(?:{_NAME}/)*(?:{_NAME})?")
_READ: Final = frozenset(("GET", "HEAD"))
_FOLDERS: Final = ("/assets/", "/static/")  # Gradio's page, the same for everybody
_EXACT: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(
        (
            "/",
            *(f"/{code}" for code in locales() if code != ENGLISH),
            "/theme.css",
            "/favicon.ico",
            "/robots.txt",
            "/config",
            "/login/huggingface",  # these three only where people sign in with Hugging Face
            "/login/callback",
            "/logout",
            "/gradio_api/info",
            "/gradio_api/queue/data",
        ),
        _READ,
    ),
    **dict.fromkeys(
        (
            "/gradio_api/run/predict",
            "/gradio_api/queue/join",
            "/gradio_api/cancel",
            "/gradio_api/reset",
            "/gradio_api/upload",
        ),
        frozenset(("POST",)),
    ),
}
_HEARTBEAT: Final = re.compile(r"/gradio_api/heartbeat/[A-Za-z0-9_-]{1,100}")


class Addresses:
    """Answers 404 to whatever the page doesn't ask for.

    Gradio has some sixty routes. Among those that are closed here are the ones that serve any
    uploaded file to whoever knows its path, that fetch any public address for the asker, that call
    a function by its name, and that write a session's state into a file.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._started = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 404."""
        if scope["type"] == "lifespan" or (scope["type"] == "http" and self._is_there(scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":  # we have none
            await receive()
            await send({"type": "websocket.close", "code": 1000})
        else:
            await refusal(404, "Not Found")(scope, receive, send)

    def _is_there(self, scope: Scope) -> bool:
        path, method = scope["path"], scope["method"]
        if path == STARTED and not self._started and is_here(str((scope["client"] or [""])[0])):
            self._started = True
            return True
        if not _PLAIN.fullmatch(path) or not _PLAIN.fullmatch(_sent(scope)):
            return False
        if path.startswith(OWN):
            return True
        if path.startswith(_FOLDERS) or _HEARTBEAT.fullmatch(path):
            return method in _READ
        return method in _EXACT.get(path, ())


def _sent(scope: Scope) -> str:
    """The path as it was sent: what is written with percent signs isn't asked for by the page."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return raw.decode("latin-1").partition("?")[0]
