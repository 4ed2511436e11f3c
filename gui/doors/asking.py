"""Who asks, in which language, and what they are told when the answer is no."""

import ipaddress
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from gui.words import locales, wanted

VISIT: Final = "freezepoint_visit"  # the cookie that tells one browser from another
SIGNED_IN: Final = "freezepoint_sign_in"


@dataclass(frozen=True)
class Place:
    """How the program can be reached.

    Attributes:
        space: Whether it runs on a Hugging Face Space: behind its proxy, in a frame of its page.
        names: Further names of this computer that a request may be addressed to.
    """

    space: bool = False
    names: tuple[str, ...] = ()


def address(scope: Scope, place: Place) -> str:
    """The network address that a request comes from.

    On a Space the last public one that its proxy names: what stands before it is the asker's own
    claim. Elsewhere nobody is believed but the connection itself (and, as uvicorn does, a proxy on
    this very computer).
    """
    if place.space:
        named = Headers(scope=scope).get("x-forwarded-for", "").split(",")
        for each in reversed([one.strip() for one in named]):
            if _is_public(each):
                return each
    client = scope.get("client")
    return str(client[0]) if client else ""


def is_here(address: str) -> bool:
    """Whether an address is this computer's own."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def is_secure(scope: Scope, place: Place) -> bool:
    """Whether the browser speaks https, itself or with the proxy before us."""
    origin = Headers(scope=scope).get("origin", "")
    return place.space or scope.get("scheme") == "https" or origin.startswith("https://")


def language(headers: Headers) -> str:
    """The language that a person chose before, or else the one that their browser asks for."""
    kept = cookies(headers).get("language", "")
    return kept if kept in locales() else wanted(headers.get("accept-language", ""))


def cookies(headers: Headers) -> dict[str, str]:
    """The cookies of a request."""
    return cookie_parser(headers.get("cookie", ""))


def cookie(name: str, value: str, scope: Scope, place: Place, age_s: int | None = None) -> str:
    """A cookie that scripts can't read and other sites don't send.

    Inside a Space's frame the page is "another site" itself, so there the cookie goes along, but
    only inside that frame (CHIPS). Source: https://developer.mozilla.org, Set-Cookie, Partitioned.
    """
    age = "" if age_s is None else f"; Max-Age={age_s}"
    secure = "; Secure" if is_secure(scope, place) else ""
    site = "None; Partitioned" if place.space else "Lax"
    return f"{name}={value}{age}; Path=/; HttpOnly; SameSite={site}{secure}"


def refusal(status: int, sentence: str, headers: dict[str, str] | None = None) -> Response:
    """An answer that the page shows as it is, whichever of Gradio's ways it came by."""
    told = {"Cache-Control": "no-store", **(headers or {})}
    return JSONResponse({"detail": sentence, "error": sentence}, status, told)


def _is_public(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False
