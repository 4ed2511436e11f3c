"""Nobody keeps the others from coming through, and a school meets no limit."""

import asyncio

from gui.doors.asking import VISIT, Place, address
from gui.doors.buckets import Allowance, Buckets
from gui.doors.rates import Limits, Rates
from tests.doors.conftest import Asker, behind, run

RUN = "/gradio_api/run/predict"


def test_an_allowance_fills_up_again(clock):
    bucket = Buckets(Allowance(burst=2, a_second=0.5), clock)
    assert [bucket.take("a"), bucket.take("a"), bucket.take("a"), bucket.take("b")] == [0, 0, 2, 0]
    clock.now += 2
    assert bucket.wait_s("a") == 0
    assert [bucket.take("a"), bucket.take("a")] == [0, 2]
    clock.now += 1000
    assert [bucket.take("a") for _ in range(3)] == [0, 0, 2]


def test_what_is_remembered_is_bounded(clock):
    bucket = Buckets(Allowance(burst=2, a_second=0.001), clock)
    assert [bucket.take("greedy"), bucket.take("greedy")] == [0, 0]
    for number in range(50_000):
        bucket.take(number)
    assert len(bucket._used) <= 20_000
    assert bucket.take("greedy") > 0  # who has used most is remembered


def test_who_asks_too_much_waits_and_the_others_do_not(clock):
    limits = Limits(clicks=Allowance(3, 1), clicks_of_address=Allowance(10, 1))
    door = Rates(behind, Place(), limits, clock)
    one, other, elsewhere = Asker(door), Asker(door), Asker(door, "192.168.1.8")
    one.cookies, other.cookies = {VISIT: "one"}, {VISIT: "other"}
    assert [one.post(RUN).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = one.post(RUN)
    assert refused.headers["retry-after"] == "1"
    assert refused.json()["error"].startswith("Too much was asked from here at once.")
    assert other.post(RUN).status_code == 200
    without_cookie = [Asker(door).post(RUN).status_code for _ in range(10)]
    assert without_cookie[-1] == 429  # the address's allowance is used up
    assert elsewhere.post(RUN).status_code == 200
    assert one.get("/").status_code == 200
    clock.now += 1
    assert one.post(RUN).status_code == 200


def test_thirty_pupils_behind_one_address_never_meet_a_limit(clock):
    """Ten minutes of three tabs each that ask once a second, in one burst a second."""
    limits = Limits()
    by_browser, by_address = Buckets(limits.clicks, clock), Buckets(limits.clicks_of_address, clock)
    for _ in range(600):
        clock.now += 1
        for pupil in range(30):
            for _ in range(3):
                assert by_browser.take(pupil) == 0
                assert by_address.take("school") == 0
    newcomers = Buckets(limits.newcomers, clock)
    for _ in range(8):  # lessons, each with thirty others, some of whom open it anew
        assert all(newcomers.take("school") == 0 for _ in range(45))
        clock.now += 3600
    assert limits.uploads >= 3 * 3  # a page sends three at once
    assert limits.uploads_of_address >= 30 * 3
    assert limits.open_of_address >= 30 * 3 * 2


def test_so_many_uploads_at_the_same_time(clock):
    async def ask_twice() -> list[int]:
        import httpx

        waiting, going = asyncio.Event(), asyncio.Event()

        async def slow(scope, receive, send):
            waiting.set()
            await going.wait()
            await behind(scope, receive, send)

        door = Rates(slow, Place(), Limits(uploads=1, uploads_of_address=1), clock)
        transport = httpx.ASGITransport(door, client=("192.168.1.7", 5))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            first = asyncio.create_task(client.post("/gradio_api/upload"))
            await waiting.wait()
            second = await client.post("/gradio_api/upload")
            going.set()
            third_after = (await first).status_code, await client.post("/gradio_api/upload")
            return [third_after[0], second.status_code, third_after[1].status_code]

    assert run(ask_twice()) == [200, 429, 200]


def test_only_a_space_s_proxy_is_believed_and_only_its_own_word():
    def scope(forwarded: str) -> dict:
        headers = [(b"x-forwarded-for", forwarded.encode())]
        return {"type": "http", "client": ("10.0.0.1", 1), "headers": headers}

    claimed = scope("1.2.3.4, 8.8.8.8, 10.1.1.1")
    assert address(claimed, Place()) == "10.0.0.1"
    assert address(claimed, Place(space=True)) == "8.8.8.8"
    assert address(scope("nonsense, 10.1.1.1"), Place(space=True)) == "10.0.0.1"
