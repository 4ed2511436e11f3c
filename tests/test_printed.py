"""The page is written once, and sent packed to whoever hasn't got it."""

import gzip

import pytest
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.testclient import TestClient

from gui.printed import Printed


@pytest.fixture
def written():
    """What the app behind was asked for."""
    return []


@pytest.fixture
def client(written):
    async def app(scope, receive, send) -> None:
        host = dict(scope["headers"])[b"host"].decode()
        written.append((scope["method"], scope["path"], host))
        if len(written) == 1 and scope["path"] == "/broken":
            answer = PlainTextResponse("It went wrong.", 500)
        else:
            answer = HTMLResponse(f"<p>{scope['path']} at {host}</p>" * 100)
        await answer(scope, receive, send)

    return TestClient(Printed(app, ["/", "/zh-Hant", "/broken"]))


def test_a_page_is_written_once_for_all_who_ask_in_one_way(client, written) -> None:
    first = client.get("/")
    again = client.get("/?language=en", headers={"Accept-Encoding": "identity"})
    assert first.text == again.text == "<p>/ at testserver</p>" * 100
    assert first.headers["content-type"] == again.headers["content-type"]
    assert "zh-Hant" in client.get("/zh-Hant").text
    assert [path for _, path, _ in written] == ["/", "/zh-Hant"]


def test_it_comes_packed_to_who_can_unpack_it(client) -> None:
    with client.stream("GET", "/", headers={"Accept-Encoding": "gzip, br"}) as packed:
        raw = b"".join(packed.iter_raw())
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == b"<p>/ at testserver</p>" * 100
    plain = client.get("/", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert len(raw) < len(plain.content) / 5
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


def test_who_has_it_is_told_so_and_asks_again_each_time(client) -> None:
    first = client.get("/")
    assert first.headers["cache-control"] == "no-cache"
    same = client.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    other = client.get("/zh-Hant", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_another_address_has_another_page(client) -> None:
    """Nobody is given links to where somebody else has said to be."""
    for name in ("Host", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Gradio-Server"):
        assert client.get("/", headers={name: "https"}).status_code == 200
    told = client.get("/").text
    assert "https" not in told


def test_what_went_wrong_is_not_kept(client, written) -> None:
    assert client.get("/broken").status_code == 500
    assert client.get("/broken").status_code == 200
    assert len(written) == 2


def test_anything_else_passes(client, written) -> None:
    for _ in range(2):
        client.get("/other")
        client.post("/")
        client.get("/?deep_link=abc")
    assert len(written) == 6


def test_only_a_few_are_kept(client, written) -> None:
    for number in (*range(20), 0):
        client.get("/", headers={"Host": f"name-{number}"})
    assert len(written) == 21
