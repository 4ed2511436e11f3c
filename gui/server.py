"""What the web server does beside Gradio: models for their owners, room on the disk, languages."""

import shutil
from typing import Annotated, Any

from fastapi import FastAPI, Form, HTTPException
from fastapi.responses import FileResponse, PlainTextResponse, RedirectResponse
from fastapi.routing import APIRoute
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import Request, cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gui.core import downloads, leaving
from gui.core.errors import FreezepointError
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

    Also those with which all people together would keep more than they may.
    """

    def __init__(self, app: ASGIApp, workspace: Workspace, reserve_bytes: int) -> None:
        self._app = app
        self._workspace = workspace
        self._reserve_bytes = reserve_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 507 (insufficient storage)."""
        sentence = ""
        if scope["type"] == "http" and scope["path"].endswith("/upload"):
            with speaking(_language(Headers(scope=scope))):
                sentence = self._refusal(scope)
        if sentence:
            await PlainTextResponse(sentence, status_code=507)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> str:
        """Why the upload isn't let in; "" when it is."""
        headers: dict[bytes, Any] = dict(scope["headers"])
        length = headers.get(b"content-length", b"0")
        size = int(length) if length.isdigit() else 0
        work = self._workspace
        if shutil.disk_usage(work.uploads).free - size < self._reserve_bytes:
            return say("There is not enough room on the disk for this upload.")
        return work.quota.refusal(work.owners, work.uploads, size)


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
