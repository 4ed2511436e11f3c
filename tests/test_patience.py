"""Uploads that stop half way."""

import asyncio

from gui.patience import Patience
from tests.asynchronous import run

LAST = {"type": "http.request", "body": b"b", "more_body": False}
FIRST = {"type": "http.request", "body": b"a", "more_body": True}
GONE = {"type": "http.disconnect"}


def heard(pieces, method="POST", quiet_s=0.05, asks=3):
    """What a program receives of a request whose pieces come after so many seconds each."""
    told = []

    async def app(scope, receive, send) -> None:
        for _ in range(asks):
            told.append(await receive())
            if told[-1] == GONE:
                return

    async def receive():
        seconds, message = pieces.pop(0)
        await asyncio.sleep(seconds)
        return message

    scope = {"type": "http", "method": method}
    run(Patience(app, quiet_s)(scope, receive, None))
    return told


def test_what_comes_is_passed_on() -> None:
    assert heard([(0, FIRST), (0, LAST), (0, GONE)]) == [FIRST, LAST, GONE]


def test_an_upload_that_stops_is_as_if_the_browser_had_gone() -> None:
    assert heard([(0, FIRST), (9, LAST)]) == [FIRST, GONE]
    assert heard([(9, FIRST)]) == [GONE]


def test_an_answer_may_take_longer() -> None:
    """A program waits for the browser's going all the time that it answers."""
    assert heard([(0, LAST), (0.2, GONE)]) == [LAST, GONE]
    assert heard([(0.2, LAST), (0.2, GONE)], method="GET") == [LAST, GONE]
