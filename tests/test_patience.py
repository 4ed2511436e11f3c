"""Uploads that stop half way, or hardly go on."""

import asyncio

from gui.patience import Patience
from tests.asynchronous import run

LAST = {"type": "http.request", "body": b"b", "more_body": False}
FIRST = {"type": "http.request", "body": b"a", "more_body": True}
MUCH = {"type": "http.request", "body": b"a" * 1000, "more_body": True}
GONE = {"type": "http.disconnect"}


def heard(pieces, method="POST", quiet_s=0.05, slowest=1.0, store_s=9.0, asks=3):
    """What a program receives of a request whose pieces come after so many seconds each."""
    told = []

    async def app(scope, receive, send) -> None:
        for _ in range(asks):
            told.append(await receive())
            if told[-1] == GONE:
                told.append(await receive())
                return

    async def receive():
        seconds, message = pieces.pop(0)
        await asyncio.sleep(seconds)
        return message

    scope = {"type": "http", "method": method}
    run(Patience(app, quiet_s, slowest, store_s)(scope, receive, None))
    return told


def test_what_comes_is_passed_on() -> None:
    assert heard([(0, FIRST), (0, LAST), (0, LAST)]) == [FIRST, LAST, LAST]


def test_an_upload_that_stops_is_as_if_the_browser_had_gone() -> None:
    assert heard([(0, FIRST), (9, LAST)]) == [FIRST, GONE, GONE]
    assert heard([(9, FIRST)]) == [GONE, GONE]


def test_an_answer_may_take_longer() -> None:
    """A program waits for the browser's going all the time that it answers."""
    assert heard([(0, LAST), (0.2, GONE), (0, GONE)]) == [LAST, GONE, GONE]
    assert heard([(0.2, LAST), (0.2, LAST)], method="GET", asks=2) == [LAST, LAST]


def test_a_byte_every_now_and_then_is_given_up() -> None:
    drops = [(0.04, FIRST)] * 20
    told = heard(drops, quiet_s=1, slowest=1000, store_s=0.1, asks=20)
    assert told[-2:] == [GONE, GONE]
    assert 2 <= told.count(FIRST) <= 3


def test_a_slow_line_may_falter_and_goes_on() -> None:
    pieces = [(0.01, MUCH), (0.08, FIRST), (0.01, MUCH), (0.08, FIRST), (0.01, LAST)]
    told = heard(list(pieces), quiet_s=1, slowest=10_000, store_s=0.15, asks=5)
    assert told == [message for _, message in pieces]


def test_much_at_first_is_no_licence_to_trickle_for_ever() -> None:
    drops = [(0, {**MUCH, "body": b"a" * 10**7})] + [(0.04, FIRST)] * 20
    assert heard(drops, quiet_s=1, slowest=1000, store_s=0.1, asks=20)[-1] == GONE


def test_a_program_that_is_slow_itself_uses_up_nothing() -> None:
    told = []

    async def app(scope, receive, send) -> None:
        for _ in range(4):
            told.append(await receive())
            await asyncio.sleep(0.06)

    async def receive():
        return FIRST

    run(Patience(app, 1, 1000.0, 0.1)({"type": "http", "method": "POST"}, receive, None))
    assert told == [FIRST] * 4
