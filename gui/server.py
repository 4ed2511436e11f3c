"""What the web server does beside Gradio: models for their owners, room on the disk, languages."""

import shutil
from http import HTTPStatus
from typing import Annotated

from fastapi import FastAPI, Form, HTTPException
from fastapi.responses import FileResponse, PlainTextResponse, RedirectResponse
from fastapi.routing import APIRoute
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.formparsers import MultiPartException
from starlette.requests import Request, cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gui.core import downloads, leaving, uploads
from gui.core.errors import DiskFull, DiskReadOnly, FreezepointError, disk_full
from gui.core.workspace import Workspace
from gui.words import ENGLISH, again, joined, locales, say, speaking, wanted

_YEAR_S = 365 * 24 * 3600


def serve_downloads(app: FastAPI, workspace: Workspace, path: str) -> None:
    """Let the owner of a run download its files, by a form post to ``path``.

    Gradio's own downloads copy the file to a folder that serves it to whoever knows its path. In a
    form the token stands in no address and no log. The route goes before Gradio's, which catch
    every path.
    """

    def download(
        request: Request,
        token: Annotated[str, Form()],
        run: Annotated[str, Form()],
        file: Annotated[str, Form()],
    ) -> FileResponse:
        with speaking(_language(request.headers)):
            try:
                asked = workspace.owner(token).run(run)
                found = downloads.find(asked, file)
                leaving.note(asked, file)
            except FreezepointError as error:
                told = joined(again(error.what), again(error.hint))
                raise HTTPException(404, told) from error
        return FileResponse(found, filename=found.name, media_type="application/octet-stream")

    app.router.routes.insert(0, APIRoute(f"/{path}", download, methods=["POST"]))


class Reserve:
    """Refuses uploads that would leave less than a reserve on the disk that everybody shares.

    It looks before an upload, and again with each piece of it: others write meanwhile, and not
    every upload says how large it is. What is left of one that breaks off is deleted at once. Also
    refused are those with which all people together would keep more than they may.
    """

    def __init__(self, app: ASGIApp, workspace: Workspace, reserve_bytes: int) -> None:
        self._app = app
        self._workspace = workspace
        self._reserve_bytes = reserve_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 507 (insufficient storage)."""
        if scope["type"] != "http" or not scope["path"].endswith("/upload"):
            await self._app(scope, receive, send)
            return
        with speaking(_language(Headers(scope=scope))):
            told = self._refusal(scope) or await self._pass_on(scope, receive, send)
        if told:
            await PlainTextResponse(told, status_code=507)(scope, receive, send)

    def _refusal(self, scope: Scope) -> str:
        """Why the upload isn't let in; "" when it is."""
        length = Headers(scope=scope).get("content-length", "")
        size, work = int(length) if length.isdigit() else 0, self._workspace
        if self._lacks(size):
            return _no_room()
        return work.quota.refusal(work.owners, work.uploads, size)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> str:
        """Let Gradio take an upload as long as there is room; what to tell when that runs out."""
        ran_out, whole = False, False

        async def watched() -> Message:
            nonlocal ran_out
            message = await receive()
            if self._lacks(len(message.get("body", b""))):
                ran_out = True
                raise MultiPartException("no room")  # Gradio deletes what it has of the upload
            return message

        async def answer(message: Message) -> None:
            nonlocal whole
            whole = whole or message.get("status") == HTTPStatus.OK
            if not ran_out:
                await send(message)

        try:
            with disk_full():
                await self._app(scope, watched, answer)
        except DiskReadOnly as error:
            return joined(error.what, error.hint)
        except DiskFull:  # others have taken the reserve meanwhile
            return _no_room()
        finally:
            if not whole:
                uploads.forget_broken(self._workspace.uploads)
        return _no_room() if ran_out else ""

    def _lacks(self, more_bytes: int) -> bool:
        free = shutil.disk_usage(self._workspace.uploads).free
        return free - more_bytes < self._reserve_bytes


def _no_room() -> str:
    return joined(
        say("There is not enough room on the disk for this upload."),
        say("Free some space, for example by deleting old trainings, then try again."),
    )


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
        language = chosen if chosen in locales() else _language(headers)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = MutableHeaders(scope=message)
                told.add_vary_header("Accept-Language, Cookie")
                if chosen == language:
                    told.append("Set-Cookie", f"language={language}; Max-Age={_YEAR_S}; Path=/")
            await send(message)

        if language == ENGLISH:
            await self._app(scope, receive, answer)
        else:
            more = _without(query, "language")
            address = f"./{language}?{more}" if more else f"./{language}"
            await RedirectResponse(address)(scope, receive, answer)


def _language(headers: Headers) -> str:
    """The language that a person chose before, or else the one that their browser asks for."""
    kept = cookie_parser(headers.get("cookie", "")).get("language", "")
    return kept if kept in locales() else wanted(headers.get("accept-language", ""))


def _without(query: QueryParams, name: str) -> str:
    return str(QueryParams([(key, each) for key, each in query.multi_items() if key != name]))
