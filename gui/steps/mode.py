"""Simple or all there is: how much of the page a person sees, remembered in their browser."""

from pathlib import Path
from typing import Any

import gradio as gr

from gui.words import say

MORE = "fp-more"  # the class of what only people see who want all there is
SIMPLE = "fp-simple"  # the class of what stands in its place for everybody else
_JS = Path(__file__).resolve().parents[2] / "assets" / "more.js"


class Mode:
    """A switch; what has the class ``MORE`` is hidden while it is off, and keeps its values."""

    def __init__(self) -> None:
        self._kept = gr.BrowserState(False, storage_key="freezepoint-more", secret="freezepoint")
        self.more = gr.Checkbox(
            False,
            label=say("More settings"),
            container=False,
            elem_classes="fp-mode",
            min_width=0,
        )

    def wire(self, blocks: gr.Blocks) -> None:
        """Let the switch act in the browser at once, and be as it was left."""
        quick: dict[str, Any] = {
            "queue": False,
            "show_progress": "hidden",
            "api_visibility": "undocumented",
        }
        self.more.change(
            lambda more: more,
            inputs=[self.more],
            outputs=[self._kept],
            js=_JS.read_text(encoding="utf-8"),
            **quick,
        )
        blocks.load(lambda kept: bool(kept), inputs=[self._kept], outputs=[self.more], **quick)
