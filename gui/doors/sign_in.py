"""Where a list or a password is asked for: nothing of the page is there without it."""

import asyncio
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Final, Literal
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, QueryParams
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gui.core import notices
from gui.core.accounts import Accounts
from gui.core.sign_ins import LASTS_S, SignIns
from gui.doors import sign_in_page
from gui.doors.addresses import OWN, STARTED
from gui.doors.asking import SIGNED_IN, Place, address, cookie, cookies, language, refusal
from gui.doors.buckets import Allowance, Buckets
from gui.doors.sign_in_page import Shown
from gui.words import ENGLISH, locales, say, speaking

SIGN_IN: Final = f"{OWN}sign-in"
SIGN_OUT: Final = f"{OWN}sign-out"
_LARGEST_BYTES: Final = 10_000
_TOLD: Final = "entered"  # in the address, right after a sign-in
_AT_ONCE: Final = 2  # passwords that are looked at: each takes 16 MiB and a core
# Wrong tries: a name's go slowly, an address's leave room for a whole class that mistypes.
_OF_NAME: Final = Allowance(burst=8, a_second=1 / 20)
_OF_ADDRESS: Final = Allowance(burst=60, a_second=1 / 2)
_PAGES: Final = frozenset(("/", *(f"/{code}" for code in locales() if code != ENGLISH)))


class SignIn:
    """Lets those in who have a name and password, or the one password, and tells who they are.

    The name stands in the request's state as ``user``, "" where people have none.

    Args:
        app: What stands behind.
        place: How the program can be reached.
        accounts: Who may come in.
        sign_ins: Who is in.
        clock: Seconds that never go back.
    """

    def __init__(
        self,
        app: ASGIApp,
        place: Place,
        accounts: Accounts,
        sign_ins: SignIns,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._place = app, place
        self._accounts, self._sign_ins = accounts, sign_ins
        self._of_name = Buckets(_OF_NAME, clock)
        self._of_address = Buckets(_OF_ADDRESS, clock)
        self._looking = asyncio.Semaphore(_AT_ONCE)
        self._hidden = secrets.token_bytes(16)  # what addresses are hidden with in notices

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request of somebody who is signed in on; ask anybody else to sign in."""
        if scope["type"] != "http" or scope["path"] == STARTED:
            await self._app(scope, receive, send)
            return
        key = cookies(Headers(scope=scope)).get(SIGNED_IN, "")
        user = self._sign_ins.who(key) if key else None
        answer: Response | None
        with speaking(_language(scope)):
            if scope["path"] == SIGN_IN and scope["method"] == "POST":
                answer = await self._enter(scope, receive)
            elif scope["path"] == SIGN_OUT and scope["method"] == "POST":
                answer = self._leave(scope, key)
            elif user is None:
                answer = self._ask(scope)
            else:
                answer = _arrived(scope)
        if answer is None:
            state = {**scope.get("state", {}), "user": user}
            await self._app({**scope, "state": state}, receive, send)
        else:
            await answer(scope, receive, send)

    def _ask(self, scope: Scope) -> Response:
        if scope["path"] not in _PAGES or scope["method"] not in ("GET", "HEAD"):
            return refusal(
                401, say("You aren't signed in any more. Reload the page, then sign in.")
            )
        lost = _TOLD in QueryParams(scope["query_string"])
        return self._page(scope, Shown(unkept=lost), 200)

    async def _enter(self, scope: Scope, receive: Receive) -> Response:
        form = await _form(receive)
        name, password = form.get("name", ""), form.get("password", "")
        with speaking(form["language"] if form.get("language") in locales() else _language(scope)):
            askers = self._askers(scope, name)
            wait_s = max(bucket.wait_s(asker) for bucket, asker in askers)
            if wait_s > 0:
                self._tell_refused(scope, "too_often")
                return self._page(scope, Shown(name, wait_s=wait_s), 429)
            async with self._looking:
                found = await run_in_threadpool(self._accounts.check, name, password)
            if found is None:
                for bucket, asker in askers:
                    bucket.take(asker)
                self._tell_refused(scope, "wrong")
                return self._page(scope, Shown(name, wrong=True), 401)
        answer = RedirectResponse(_back(form.get("language", ""), scope, self._place), 303)
        made = self._sign_ins.begin(found)
        kept = cookie(SIGNED_IN, made, scope, self._place, int(LASTS_S))
        answer.headers.append("Set-Cookie", kept)
        return answer

    def _askers(self, scope: Scope, name: str) -> list[tuple[Buckets, str]]:
        """Whose wrong tries count: the address's, and the name's where there are names."""
        of_address = (self._of_address, address(scope, self._place))
        of_name = (self._of_name, name.strip().casefold()[:200])
        return [of_address, of_name] if self._accounts.named else [of_address]

    def _tell_refused(self, scope: Scope, reason: Literal["wrong", "too_often"]) -> None:
        where = address(scope, self._place).encode()
        asker = hmac.digest(self._hidden, where, "sha256").hex()[:8]
        notices.tell(notices.SignInRefused(reason, asker))

    def _leave(self, scope: Scope, key: str) -> Response:
        if key:
            self._sign_ins.end(key)
        answer = RedirectResponse("../", 303)
        answer.headers.append("Set-Cookie", cookie(SIGNED_IN, "", scope, self._place, 0))
        return answer

    def _page(self, scope: Scope, shown: Shown, status: int) -> Response:
        inside = scope["path"] == SIGN_IN
        return sign_in_page.page(
            shown, status, named=self._accounts.named, root="../" if inside else "./"
        )


def _arrived(scope: Scope) -> Response | None:
    """Whose browser kept the cookie, as it was asked to tell, goes on to the page."""
    asked = QueryParams(scope["query_string"])
    if scope["path"] not in _PAGES or _TOLD not in asked:
        return None
    rest = QueryParams([pair for pair in asked.multi_items() if pair[0] != _TOLD])
    return RedirectResponse(f"./?{rest}" if rest else "./", 303)


def _language(scope: Scope) -> str:
    asked = QueryParams(scope["query_string"]).get("language", "")
    by_address = scope["path"].removeprefix("/")
    for each in (asked, by_address):
        if each in locales():
            return each
    return language(Headers(scope=scope))


def _back(chosen: str, scope: Scope, place: Place) -> str:
    """Where the page is; in a Space's frame it is told whether the browser kept the cookie."""
    other = chosen in locales() and chosen != language(Headers(scope=scope))
    asked = ([f"language={chosen}"] if other else []) + ([f"{_TOLD}=1"] if place.space else [])
    return "../" + ("?" + "&".join(asked) if asked else "")


async def _form(receive: Receive) -> Mapping[str, str]:
    """The fields that were sent; none when it is too much."""
    body = b""
    while len(body) <= _LARGEST_BYTES:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    if len(body) > _LARGEST_BYTES:
        return {}
    sent = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in sent.items()}
