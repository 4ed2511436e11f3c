"""Part of Runs: what is kept of a person, and all of it deleted at once."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from gui.core import kept
from gui.core.owner import Owner
from gui.core.site import Site
from gui.core.workspace import new_token
from gui.steps.base import Shown, Step, escaped
from gui.steps.wires import Wires
from gui.words import say

_ANEW = (Path(__file__).resolve().parents[2] / "assets" / "farewell.js").read_text(encoding="utf-8")


class KeptPart(Step):
    """Says what is kept, where and until when; deletes it when that is confirmed."""

    def __init__(self, site: Site) -> None:
        self._site = site
        with gr.Column(elem_classes="fp-kept"):
            gr.Markdown(f"### {say('What is kept of you')}")
            self.told = gr.Markdown(elem_classes="fp-kept-told")
            self.ask = gr.Button(say("Delete everything of mine"), visible=False)
            with gr.Column(visible=False, elem_classes="fp-sure") as self.sure:
                self.question = gr.Markdown()
                with gr.Row():
                    self.delete = gr.Button(say("Yes, delete everything"), elem_classes="fp-delete")
                    self.keep = gr.Button(say("Keep it"))
            self.done = gr.Textbox(visible=False)  # for the page that is loaded then
        self.parts: list[Any] = [self.told, self.ask, self.sure, self.question]

    def show(self, owner: Owner) -> Shown:
        """What is kept now; a question that was open is closed."""
        found = kept.describe(owner, self._site.host)
        return {
            self.told: escaped(found.sentence),
            self.ask: gr.update(visible=found.anything),
            self.sure: gr.update(visible=False),
            self.question: escaped(found.question),
        }

    def wire(self, wires: Wires, leaving: Sequence[Any]) -> None:
        """Connect the part.

        Args:
            wires: Connects.
            leaving: Parts that ask before the page is left, as long as they have a value.
        """
        self._token = wires.token
        quick: dict[str, Any] = {"queue": False, "show_progress": "hidden"}
        wires.on(self.ask.click, self._ask, extra=[*self.parts, self.done], **quick)
        wires.on(self.keep.click, self.show, extra=self.parts, **quick)
        changed = [wires.token, self.done, *leaving]
        gone = wires.on(
            self.delete.click, lambda owner: self._delete(owner, leaving), extra=changed
        )
        # What the page shows of them is more than its steps know of: it is loaded anew.
        gone.success(None, inputs=[self.done], js=_ANEW)

    def _ask(self, owner: Owner) -> Shown:
        return {
            **self.show(owner),
            self.ask: gr.update(visible=False),
            self.sure: gr.update(visible=True),
            self.done: "",
        }

    def _delete(self, owner: Owner, leaving: Sequence[Any]) -> Shown:
        told = self._site.delete_everything(owner)
        return {
            self._token: new_token(),
            self.done: kept.farewell(told),
            **dict.fromkeys(leaving),
        }
