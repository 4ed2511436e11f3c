"""Other sites' pages start nothing here, and nothing is done under a name that isn't ours."""

import ipaddress
import socket
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from gui.doors.asking import Place, language, refusal
from gui.words import say, speaking

# Names that nobody on the internet can own, so that none of their pages can come under them.
# Source: RFC 6761 (localhost), 6762 (local), 8375 (home.arpa), ICANN 2024 (internal).
_NEAR: Final = ("localhost", "local", "home.arpa", "internal", "lan")


class Origins:
    """Refuses what a browser sends for another site's page.

    A browser tells with each request who makes it do so: in Sec-Fetch-Site where the page is secure
    or this computer's own, in Origin otherwise. Whoever sends neither is no browser, and has
    nobody's rights but their own. Source: https://words.filippo.io/csrf, as in Go's net/http.

    A page elsewhere can also let a name of its own lead to this computer (DNS rebinding); then both
    headers say "the same site". So the name itself must be ours, except on a Space, which is public
    under its own name anyway.
    """

    def __init__(self, app: ASGIApp, place: Place) -> None:
        self._app, self._place = app, place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 403 (another site) or 421 (another name)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        with speaking(language(headers)):
            if not self._place.space and not _ours(headers.get("host", ""), self._place.names):
                told = refusal(421, _other_name(headers.get("host", "")))
            elif _from_elsewhere(scope["method"], headers):
                told = refusal(403, say("Another site asked for this, so it wasn't done."))
            else:
                await self._app(scope, receive, send)
                return
        await told(scope, receive, send)


def _from_elsewhere(method: str, headers: Headers) -> bool:
    """Whether another site's page makes the browser ask; opening our page from there is no harm."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is None:
        return origin is not None and _host(origin) not in _hosts(headers)
    opens = method in ("GET", "HEAD") and headers.get("sec-fetch-mode") == "navigate"
    return site not in ("same-origin", "none") and not opens


def _hosts(headers: Headers) -> set[str]:
    """The names that the page was asked for under, the one before a proxy among them.

    A page of another site can't add the second header: the browser would ask us first, and be told
    no.
    """
    forwarded = headers.get("x-forwarded-host", "").split(",")
    return {each.strip().lower() for each in (headers.get("host", ""), *forwarded)} - {""}


def _host(origin: str) -> str | None:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return None
    return parts.netloc.lower() if parts.scheme in ("http", "https") else None


def _ours(host: str, names: tuple[str, ...]) -> bool:
    """Whether a request is addressed to this computer by a number or by a name that is its own."""
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    if not name or name in _own_names() or name in {each.lower() for each in names}:
        return bool(name)
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return "." not in name or name.endswith(tuple(f".{each}" for each in _NEAR))
    return True  # a page elsewhere can't be under a number that is ours


@cache
def _own_names() -> frozenset[str]:
    return frozenset((socket.gethostname().lower(), socket.getfqdn().lower()))


def _other_name(host: str) -> str:
    name = host.partition(":")[0][:100]
    return say(
        "Freezepoint doesn't know that this computer is called “{name}”. Open it by its number, or "
        "start it with --name {name}.",
        name=name,
    )
