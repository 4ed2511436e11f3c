"""Files of a run, streamed to the person who owns it and to nobody else.

Gradio's own downloads copy the file to a folder that serves it to whoever knows its path, and only
from some folders. This is a form post, so the token stands in no address and no log.
"""

from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Form, HTTPException
from fastapi.responses import FileResponse
from fastapi.routing import APIRoute

from gui.core.errors import FreezepointError
from gui.core.runs import Run
from gui.core.workspace import Workspace


def serve(app: FastAPI, workspace: Workspace, path: str) -> None:
    """Add the route to a running app, before Gradio's own, which catch every path."""

    def download(
        token: Annotated[str, Form()], run: Annotated[str, Form()], file: Annotated[str, Form()]
    ) -> FileResponse:
        try:
            found = _file(workspace.owner(token).run(run), file)
        except FreezepointError as error:
            raise HTTPException(404, f"{error.what} {error.hint}") from error
        return FileResponse(found, filename=found.name, media_type="application/octet-stream")

    app.router.routes.insert(0, APIRoute(f"/{path}", download, methods=["POST"]))


def _file(run: Run, name: str) -> Path:
    files = {path.name: path for path in (run.model, run.labels)}
    if name not in files or not files[name].is_file():
        raise HTTPException(404, "The model isn't finished yet. Wait for the end of the training.")
    return files[name]
