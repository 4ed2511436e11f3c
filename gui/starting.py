"""The start of the web server, however long a busy machine takes for it.

Gradio gives up after 5 seconds of the system's clock, which somebody may set meanwhile, and takes
it for a port that another program has. Here it is given up when it has ended, or after two minutes.
"""

import threading
import time
from contextlib import suppress

from gradio import http_server
from gradio.exceptions import ServerFailedToStartError

from gui.core.errors import RunError

_MOST_S = 120.0
_LOOK_S = 0.01


class PatientServer(http_server.Server):
    """Gradio's server, which is waited for."""

    def run_in_thread(self) -> None:
        """Start it; return when it answers.

        Raises:
            ServerFailedToStartError: When it ended, as it does where it can't have its port.
            RunError: When it takes for ever.
        """
        self.thread = threading.Thread(target=self._serve_all, daemon=True)
        self.thread.start()
        until = time.monotonic() + _MOST_S
        while not self.started:
            if not self.thread.is_alive():
                raise ServerFailedToStartError("the web server ended while it started")
            if time.monotonic() > until:
                raise RunError(
                    f"The page was not ready within {_MOST_S:g} seconds.",
                    "Close other programs, then start Freezepoint again.",
                )
            self.thread.join(_LOOK_S)

    def _serve_all(self) -> None:
        with suppress(SystemExit):  # as uvicorn ends where it can't start; the thread's end tells
            self.run()


def be_patient() -> None:
    """Have whatever Gradio launches from now on be waited for."""
    http_server.Server = PatientServer  # type: ignore[misc]
