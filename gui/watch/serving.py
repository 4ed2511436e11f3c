"""The figures on a port of their own, for this computer only."""

import logging
import threading
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, ProcessCollector, make_wsgi_app

from gui.core.errors import RunError
from gui.watch.figures import Figures

HOST: Final = "127.0.0.1"
_PATH: Final = "/metrics"
_PORTS: Final = range(1, 65536)
_QUIET_S: Final = 10.0  # who connects and says nothing is left
_LOG: Final = logging.getLogger(__name__)
_NAMES: Final = frozenset((HOST, "localhost"))

Environ = dict[str, Any]
Begin = Callable[..., object]
App = Callable[[Environ, Begin], Iterable[bytes]]


def serve(figures: Figures, port: int) -> Callable[[], None]:
    """Answer at ``http://127.0.0.1:<port>/metrics`` until the program ends.

    Args:
        figures: What is told.
        port: 1 to 65535.

    Returns:
        What ends it.

    Raises:
        RunError: When another program has the port.
    """
    if port not in _PORTS:
        raise _unusable(port)
    registry = CollectorRegistry()
    registry.register(figures)
    ProcessCollector(registry=registry)
    app = _Only(make_wsgi_app(registry))
    try:
        server = make_server(HOST, port, app, _Server, _Request)
    except OSError as error:
        raise _unusable(port) from error
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()

    def end() -> None:
        server.shutdown()
        server.server_close()

    return end


def _unusable(port: int) -> RunError:
    why = "another program has it" if port in _PORTS else "ports are numbers from 1 to 65535"
    return RunError(
        f"Port {port} on {HOST} can't be used for the figures: {why}.",
        "Try another one with --metrics.",
    )


class _Only:
    """Nothing but the one address, and only under this computer's own names.

    A page elsewhere could have a name of its own lead here and read what a browser may.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    def __call__(self, environ: Environ, begin: Begin) -> Iterable[bytes]:
        name = str(environ.get("HTTP_HOST", HOST)).rpartition(":")
        if (name[0] or name[2]).lower() not in _NAMES:
            return _refuse(begin, "421 Misdirected Request")
        if environ.get("PATH_INFO") != _PATH:
            return _refuse(begin, "404 Not Found")
        try:
            return self._app(environ, begin)
        except Exception:  # the next look must be answered, whatever is wrong with this one
            _LOG.exception("metrics")
            return _refuse(begin, "500 Internal Server Error")


def _refuse(begin: Begin, status: str) -> Iterable[bytes]:
    begin(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [f"{status}\n".encode()]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Request(WSGIRequestHandler):
    timeout = _QUIET_S

    def log_message(self, *_: object) -> None:
        """Say nothing of each look."""
