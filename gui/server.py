"""What the web server does beside Gradio: files for and from their owners, room, languages."""

import shutil
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Form, Header, HTTPException
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gui import receiving
from gui.core import downloads, leaving, notices
from gui.core.errors import DiskFull, DiskReadOnly, FreezepointError, NotYours
from gui.core.owner import Owner
from gui.core.workspace import Workspace
from gui.doors.asking import language, refusal
from gui.receiving import Refused, too_large
from gui.words import ENGLISH, again, joined, locales, say, speaking

_YEAR_S = 365 * 24 * 3600


def _user_of(request: Request) -> str:
    """The name that somebody has signed in with; "" where people have none."""
    return str(getattr(request.state, "user", None) or "")


class Files:
    """Files for and from their owners, in the place of Gradio's routes for them.

    Gradio's own downloads copy the file to a folder that serves it to whoever knows its path, and
    its uploads lie in one folder for everybody.

    Args:
        workspace: Where everything is kept.
        largest_bytes: What one uploaded file may have.
        plotly: The script that draws charts.
    """

    def __init__(self, workspace: Workspace, largest_bytes: int, plotly: Path) -> None:
        self._workspace, self._largest_bytes, self._plotly = workspace, largest_bytes, plotly

    def serve(self, app: FastAPI, download: str, script: str) -> None:
        """Add the routes; they go before Gradio's, which catch every path.

        Args:
            app: The running app.
            download: Where downloads are posted to. In a form the token stands in no address and
                no log.
            script: Where the script that draws charts is.
        """
        app.router.routes[:0] = [
            APIRoute(f"/{download}", self._download, methods=["POST"]),
            APIRoute("/gradio_api/upload", self._upload, methods=["POST"]),
            APIRoute(f"/{script}", self._script, methods=["GET"]),
        ]

    def _download(
        self,
        request: Request,
        token: Annotated[str, Form()],
        run: Annotated[str, Form()],
        file: Annotated[str, Form()],
    ) -> FileResponse:
        with speaking(language(request.headers)):
            try:
                asked = self._workspace.owner(token, _user_of(request)).run(run)
                found = downloads.find(asked, file)
                leaving.note(asked, file)
            except FreezepointError as error:
                told = joined(again(error.what), again(error.hint))
                raise HTTPException(404, told) from error
        return FileResponse(found, filename=found.name, media_type="application/octet-stream")

    async def _upload(
        self, request: Request, x_freezepoint_key: Annotated[str, Header()] = ""
    ) -> Response:
        """Take files into the folder of whose key the page sends, in the form that Gradio's has."""
        with speaking(language(request.headers)):
            owner = self._sender(request, x_freezepoint_key)
            try:
                paths = await receiving.receive(
                    request,
                    owner.uploads,
                    self._largest_bytes,
                    lambda: owner.quota.check_there(owner.path),
                )
            except NotYours as error:
                raise _not_found(error) from error
            except Refused as error:
                return _refused(error)
            except DiskReadOnly as error:
                return _refused(Refused(507, error.what, error.hint))
            except DiskFull:  # others have taken the reserve meanwhile
                return _refused(_no_room(self._workspace))
        return JSONResponse([str(path) for path in paths])

    def _sender(self, request: Request, key: str) -> Owner:
        try:
            return self._workspace.owner(key, _user_of(request))
        except NotYours as error:
            raise _not_found(error) from error

    def _script(self) -> FileResponse:
        return FileResponse(self._plotly, media_type="text/javascript")


class Reserve:
    """Refuses uploads that would leave less than a reserve on the disk that everybody shares.

    It looks before an upload, and again with each piece of it: others write meanwhile, and not
    every upload says how large it is. Also refused are those that are too large, and those with
    which all people together would keep more than they may.

    Args:
        app: What stands behind.
        workspace: Where everything is kept.
        reserve_bytes: What stays free.
        largest_bytes: What one upload may have.
    """

    def __init__(
        self, app: ASGIApp, workspace: Workspace, reserve_bytes: int, largest_bytes: int
    ) -> None:
        self._app = app
        self._workspace = workspace
        self._reserve_bytes, self._largest_bytes = reserve_bytes, largest_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 413 (too large) or 507 (insufficient storage)."""
        if scope["type"] != "http" or not scope["path"].endswith("/upload"):
            await self._app(scope, receive, send)
            return
        with speaking(language(Headers(scope=scope))):
            refused = self._refusal(scope)
        if refused is None:
            await self._app(scope, self._watched(receive), send)
        else:
            await _refused(refused)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Refused | None:
        """Why the upload isn't let in; None when it is."""
        length = Headers(scope=scope).get("content-length", "")
        size, work = int(length) if length.isdigit() else 0, self._workspace
        if size > self._largest_bytes:
            return too_large()
        if self._lacks(size):
            return _no_room(self._workspace)
        told = work.quota.refusal(work.owners, work.uploads, size)
        return Refused(507, told, "") if told else None

    def _watched(self, receive: Receive) -> Receive:
        async def watched() -> Message:
            message = await receive()
            if self._lacks(len(message.get("body", b""))):
                raise _no_room(self._workspace)
            return message

        return watched

    def _lacks(self, more_bytes: int) -> bool:
        return _free_bytes(self._workspace) - more_bytes < self._reserve_bytes


def _free_bytes(workspace: Workspace) -> int:
    return shutil.disk_usage(workspace.uploads).free


def _no_room(workspace: Workspace) -> Refused:
    """What the sender is told; who runs the program is told, too."""
    notices.tell(notices.DiskLow(_free_bytes(workspace), refused=True))
    return Refused(
        507,
        say("There is not enough room on the disk for this upload."),
        say("Free some space, for example by deleting old trainings, then try again."),
    )


def _not_found(error: NotYours) -> HTTPException:
    return HTTPException(404, joined(error.what, error.hint))


def _refused(error: Refused) -> Response:
    """The answer; whoever had stopped sending has to begin a new line."""
    stopped = error.status == HTTPStatus.REQUEST_TIMEOUT
    return refusal(error.status, error.sentence, {"Connection": "close"} if stopped else None)


class Language:
    """Leads whoever opens the first page to the one in their language.

    A person's choice ("?language=…") is kept in a cookie; before it there is what their browser
    asks for. The page of a language opened by its own address is shown as it is.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 307 (temporary redirect)."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        query, headers = QueryParams(scope["query_string"]), Headers(scope=scope)
        chosen = query.get("language", "")
        spoken = chosen if chosen in locales() else language(headers)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = MutableHeaders(scope=message)
                told.add_vary_header("Accept-Language, Cookie")
                if chosen == spoken:
                    told.append("Set-Cookie", f"language={spoken}; Max-Age={_YEAR_S}; Path=/")
            await send(message)

        if spoken == ENGLISH:
            await self._app(scope, receive, answer)
        else:
            more = _without(query, "language")
            address = f"./{spoken}?{more}" if more else f"./{spoken}"
            await RedirectResponse(address)(scope, receive, answer)


def _without(query: QueryParams, name: str) -> str:
    return str(QueryParams([(key, each) for key, each in query.multi_items() if key != name]))
