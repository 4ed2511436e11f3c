"""The web server's start on a machine that is busy, or whose clock is set."""

import contextlib
import itertools
import socket
import time

import pytest
import uvicorn
from gradio import http_server
from gradio.exceptions import ServerFailedToStartError
from starlette.applications import Starlette

from gui import starting
from gui.core.errors import RunError
from gui.starting import PatientServer


def config(port: int, start_s: float = 0.0) -> uvicorn.Config:
    """A program that is ready after so many seconds."""

    @contextlib.asynccontextmanager
    async def opened(_):
        time.sleep(start_s)
        yield

    return uvicorn.Config(Starlette(lifespan=opened), port=port, log_level="critical")


def test_a_clock_that_is_set_forward_ends_no_start(port, monkeypatch) -> None:
    hours = itertools.count(time.time(), 3600.0)
    monkeypatch.setattr(http_server.time, "time", lambda: next(hours))
    with pytest.raises(ServerFailedToStartError):
        http_server.Server(config(port(), 0.3)).run_in_thread()
    server = PatientServer(config(port(), 0.3))
    server.run_in_thread()
    assert server.started
    server.close()


def test_a_port_that_another_program_has_is_told_at_once() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        began = time.monotonic()
        with pytest.raises(ServerFailedToStartError):
            PatientServer(config(other.getsockname()[1])).run_in_thread()
        assert time.monotonic() - began < 4


def test_a_start_without_an_end_is_not_told_as_a_port_that_is_taken(port, monkeypatch) -> None:
    monkeypatch.setattr(starting, "_MOST_S", 0.1)
    server = PatientServer(config(port(), 0.5))
    with pytest.raises(RunError, match=r"not ready within 0\.1 seconds"):
        server.run_in_thread()
    server.thread.join(0.6)
    server.close()
