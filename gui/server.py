"""What the web server does beside Gradio: hand models to their owners, keep room on the disk."""

import shutil
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Form, HTTPException
from fastapi.responses import FileResponse, PlainTextResponse
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from gui.core import downloads, leaving
from gui.core.errors import FreezepointError
from gui.core.workspace import Workspace


def serve_downloads(app: FastAPI, workspace: Workspace, path: str) -> None:
    """Let the owner of a run download its files, by a form post to ``path``.

    Gradio's own downloads copy the file to a folder that serves it to whoever knows its path. In a
    form the token stands in no address and no log. The route goes before Gradio's, which catch
    every path.
    """

    def download(
        token: Annotated[str, Form()], run: Annotated[str, Form()], file: Annotated[str, Form()]
    ) -> FileResponse:
        try:
            asked = workspace.owner(token).run(run)
            found = downloads.find(asked, file)
            leaving.note(asked, file)
        except FreezepointError as error:
            raise HTTPException(404, f"{error.what} {error.hint}") from error
        return FileResponse(found, filename=found.name, media_type="application/octet-stream")

    app.router.routes.insert(0, APIRoute(f"/{path}", download, methods=["POST"]))


class Reserve:
    """Refuses uploads that would leave less than a reserve on the disk that everybody shares."""

    def __init__(self, app: ASGIApp, folder: Path, reserve_bytes: int) -> None:
        self._app = app
        self._folder = folder
        self._reserve_bytes = reserve_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 507 (insufficient storage)."""
        if scope["type"] == "http" and scope["path"].endswith("/upload") and self._full(scope):
            sentence = "There is not enough room on the disk for this upload."
            await PlainTextResponse(sentence, status_code=507)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _full(self, scope: Scope) -> bool:
        headers: dict[bytes, Any] = dict(scope["headers"])
        length = headers.get(b"content-length", b"0")
        size = int(length) if length.isdigit() else 0
        return shutil.disk_usage(self._folder).free - size < self._reserve_bytes
