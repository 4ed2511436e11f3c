"""Nobody keeps the others from coming through: how much one browser, and one address, may ask.

A school's thirty computers have one address among them, and each of its pages asks about once a
second while something runs: the allowances of an address are for a school with several classes. On
a person's own computer all of them are ten times as great.
"""

import math
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from gui.doors.asking import VISIT, Place, address, cookies, is_here, language, refusal
from gui.doors.buckets import Allowance, Buckets, Places
from gui.words import say, speaking

_HERE_FACTOR: Final = 10.0
_CLICKS: Final = Allowance(burst=400, a_second=40)
_CLICKS_OF_ADDRESS: Final = Allowance(burst=4000, a_second=400)
_NEWCOMERS: Final = Allowance(burst=240, a_second=240 / 3600)


@dataclass(frozen=True)
class Limits:
    """What is allowed; a page that is open asks at most four times a second, for a while.

    Attributes:
        clicks: Of one browser: presses, moved sliders, and what its pages ask by themselves.
        clicks_of_address: Of all browsers at one address.
        uploads: At the same time, of one browser; a page sends three at once.
        uploads_of_address: At the same time, of all browsers at one address.
        open: Connections that stay open, of one browser; a page has two.
        open_of_address: Of all browsers at one address.
        newcomers: People at one address who were never here before.
    """

    clicks: Allowance = _CLICKS
    clicks_of_address: Allowance = _CLICKS_OF_ADDRESS
    uploads: int = 9
    uploads_of_address: int = 120
    open: int = 60
    open_of_address: int = 1000
    newcomers: Allowance = _NEWCOMERS


class Rates:
    """Answers 429 (too many requests) to who asks too much, with when to come again.

    Args:
        app: What stands behind.
        place: How the program can be reached.
        limits: What is allowed.
        clock: Seconds that never go back.
    """

    def __init__(
        self,
        app: ASGIApp,
        place: Place,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        limits = limits or Limits()
        self._app, self._place = app, place
        self._clicks = Buckets(limits.clicks, clock)
        self._clicks_of_address = Buckets(limits.clicks_of_address, clock)
        self._uploads = Places(limits.uploads), Places(limits.uploads_of_address)
        self._open = Places(limits.open), Places(limits.open_of_address)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 429."""
        path = scope["path"] if scope["type"] == "http" else ""
        if path.endswith("/upload"):
            await self._counted(self._uploads, _too_many_uploads, scope, receive, send)
        elif path.startswith("/gradio_api/heartbeat/") or path == "/gradio_api/queue/data":
            await self._counted(self._open, _too_many_open, scope, receive, send)
        elif scope["type"] == "http" and scope["method"] == "POST":
            await self._clicked(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _clicked(self, scope: Scope, receive: Receive, send: Send) -> None:
        where, browser, factor = _who(scope, self._place)
        wait_s = self._clicks_of_address.take(where, factor)
        if wait_s == 0 and browser:
            wait_s = self._clicks.take(browser, factor)
        if wait_s == 0:
            await self._app(scope, receive, send)
        else:
            with speaking(language(Headers(scope=scope))):
                told = say("Too much was asked from here at once. Wait a moment, then go on.")
            await too_many(told, wait_s)(scope, receive, send)

    async def _counted(
        self,
        places: tuple[Places, Places],
        told: Callable[[], str],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        where, browser, factor = _who(scope, self._place)
        with _entered(places[1], where, factor) as one, _entered(places[0], browser, factor) as two:
            if one and two:
                await self._app(scope, receive, send)
                return
        with speaking(language(Headers(scope=scope))):
            sentence = told()
        await too_many(sentence, 1)(scope, receive, send)


def too_many(sentence: str, wait_s: float) -> ASGIApp:
    """The answer 429."""
    return refusal(429, sentence, {"Retry-After": str(max(1, math.ceil(wait_s)))})


def generosity(where: str, place: Place) -> float:
    """How many times an allowance an address has."""
    return _HERE_FACTOR if is_here(where) and not place.space else 1.0


def _who(scope: Scope, place: Place) -> tuple[str, str, float]:
    where = address(scope, place)
    return where, cookies(Headers(scope=scope)).get(VISIT, ""), generosity(where, place)


@contextmanager
def _entered(places: Places, asker: Hashable, factor: float) -> Iterator[bool]:
    """A place taken while the body runs; none is needed for a browser that keeps no cookie."""
    if not asker:
        yield True
    elif places.enter(asker, factor):
        try:
            yield True
        finally:
            places.leave(asker)
    else:
        yield False


def _too_many_uploads() -> str:
    return say(
        "Too many uploads are under way from here. Wait until one has ended, then try again."
    )


def _too_many_open() -> str:
    return say(
        "Freezepoint is open in too many tabs here. Close some of them, then reload the page."
    )
