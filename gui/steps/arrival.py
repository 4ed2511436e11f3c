"""Coming, coming back, and coming from another device: all of them are the same."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components import Component

from gui.core import workspace
from gui.core.errors import NotYours
from gui.core.site import Site
from gui.steps.base import user_of
from gui.words import say, spoken

_ASSETS = Path(__file__).resolve().parents[2] / "assets"


def wire(site: Site, blocks: gr.Blocks, token: gr.BrowserState, told: Sequence[Component]) -> Any:  # noqa: ANN401 - gradio's own
    """Let the page know who opens it.

    Args:
        site: Whose people.
        blocks: The page.
        token: Theirs, which their browser keeps.
        told: What is given the token for their private link, "" where none is needed, and the name
            that they have signed in with.

    Returns:
        The event after which the token is known.
    """

    def arrive(token: str, request: gr.Request) -> tuple[str, str, str]:
        user = user_of(request)
        if user:  # the same on every device, whatever this browser had: no link is needed
            return site.workspace.token_of(user), "", user
        try:
            site.workspace.owner(token)
        except NotYours:
            token = workspace.new_token()  # new here
        return token, token, ""

    for script in ("keep_place.js", "farewell_told.js"):
        blocks.load(None, js=_script(script), queue=False, api_visibility="undocumented")
    return blocks.load(
        arrive,
        inputs=[token],
        outputs=[token, *told],
        js=_arrive(),
        queue=False,
        api_visibility="undocumented",
    )


def _arrive() -> str:
    """The script for arriving, with what it asks and the language of the page."""
    question = say(
        "This link opens the pictures and trainings of another device, and this browser will keep "
        "showing them instead of its own. Open them?"
    )
    return (
        _script("arrive.js")
        .replace("QUESTION", json.dumps(question))
        .replace("LANGUAGE", f'"{spoken()}"')
    )


def _script(file: str) -> str:
    return (_ASSETS / file).read_text(encoding="utf-8")
