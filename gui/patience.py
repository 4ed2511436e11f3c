"""How long a browser may take to send something: whoever stops half way holds no place for ever."""

import asyncio
import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_GONE: Final = "http.disconnect"


class Patience:
    """Gives up what is sent to us when nothing more of it comes, or hardly anything.

    To the program it is then as if the browser had gone: what was received of it is thrown away.
    The answer, and whatever waits for one, may take as long as it likes.

    Waiting uses up seconds that are in store, and every byte that comes brings some back. So a line
    may falter, but who sends a byte every now and then is given up. Only waiting counts: a program
    that is slow to take what has come uses up nothing.
    """

    def __init__(self, app: ASGIApp, quiet_s: float, slowest: float, store_s: float) -> None:
        """Know how long.

        Args:
            app: Who is called.
            quiet_s: After as many seconds without a further piece it is given up.
            slowest: Bytes a second that have to come in the long run.
            store_s: Seconds that are in store at first, and at most.
        """
        self._app = app
        self._quiet_s, self._slowest, self._store_s = quiet_s, slowest, store_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with limits to the coming of its body."""
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, self._patient(receive), send)
        else:
            await self._app(scope, receive, send)

    def _patient(self, receive: Receive) -> Receive:
        whole, gone, left_s = False, False, self._store_s

        async def patient() -> Message:
            nonlocal whole, gone, left_s
            if whole:
                return await receive()
            if gone:
                return {"type": _GONE}
            began = time.monotonic()
            try:
                message = await asyncio.wait_for(receive(), min(self._quiet_s, left_s))
            except TimeoutError:
                gone = True
                return {"type": _GONE}
            brought_s = len(message.get("body", b"")) / self._slowest
            left_s = min(self._store_s, left_s - (time.monotonic() - began) + brought_s)
            whole = not message.get("more_body", False)
            gone = not whole and left_s <= 0
            return message

        return patient
