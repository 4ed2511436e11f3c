"""How long a browser may take to send something: whoever stops half way holds no place for ever."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Patience:
    """Gives up what is sent to us when nothing more of it comes.

    To the program it is then as if the browser had gone: what was received of it is thrown away.
    The answer, and whatever waits for one, may take as long as it likes.
    """

    def __init__(self, app: ASGIApp, quiet_s: float) -> None:
        """Know how long.

        Args:
            app: Who is called.
            quiet_s: After as many seconds without a further piece it is given up.
        """
        self._app = app
        self._quiet_s = quiet_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with a limit between two pieces of its body."""
        whole = scope["type"] != "http" or scope["method"] in ("GET", "HEAD")

        async def patient() -> Message:
            nonlocal whole
            if whole:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), self._quiet_s)
            except TimeoutError:
                return {"type": "http.disconnect"}
            whole = not message.get("more_body", False)
            return message

        await self._app(scope, patient, send)
