"""A door with an app behind it that tells what came through, asked without a network."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from tests.asynchronous import run


async def behind(scope, receive, send) -> None:
    """Answers with all that it was asked."""
    request = Request(scope, receive)
    body = await request.body()
    told = {
        "path": scope["path"],
        "query": scope["query_string"].decode(),
        "body": body.decode("utf-8", "replace"),
        "user": scope.get("state", {}).get("user"),
    }
    await JSONResponse(told)(scope, receive, send)


class Asker:
    """Somebody at an address who sends requests."""

    def __init__(self, door: ASGIApp, client: str = "192.168.1.7") -> None:
        self._door, self._client = door, client
        self.cookies: dict[str, str] = {}

    def get(self, path: str, method: str = "GET", **headers: str) -> httpx.Response:
        return self._ask(method, path, b"", headers)

    def post(self, path: str, content: object = b"", **headers: str) -> httpx.Response:
        if not isinstance(content, bytes):
            headers = {"content-type": "application/json", **headers}
            content = json.dumps(content).encode()
        return self._ask("POST", path, content, headers)

    def _ask(self, method: str, path: str, content: bytes, headers: dict) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._door, client=(self._client, 5))
            async with httpx.AsyncClient(
                transport=transport, base_url="http://192.168.1.5:7860", cookies=self.cookies
            ) as client:
                answer = await client.request(method, path, content=content, headers=named)
                self.cookies = dict(client.cookies)
                return answer

        return run(ask())


@pytest.fixture
def asker() -> Callable[..., Asker]:
    return Asker


class Clock:
    """Seconds that pass when told to."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def told(answer: httpx.Response) -> Any:
    """What came through to the app."""
    assert answer.status_code == 200, answer.text
    return answer.json()
