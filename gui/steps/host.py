"""Part of the page: what a person must know about the computer that it runs on."""

from typing import Any, Final

import gradio as gr

from gui.core import expiry, kept, leaving
from gui.core.owner import Owner
from gui.core.site import Site
from gui.steps.base import Shown, Step
from gui.steps.wires import Wires
from gui.widgets.host_notice import host_notice
from gui.words import joined, say

_STILL_HERE_S: Final = 600.0  # an open page says so, where what nobody visits is deleted


class HostPart(Step):
    """A host that forgets, and one where things expire; nothing on a person's own computer."""

    def __init__(self, site: Site, downloads: str) -> None:
        host, limits = site.host, site.workspace.quota.limits
        self._expires = limits.expires
        self.notice = (
            [host_notice(say("About this computer"), host.copy_address, downloads)]
            if host.forgets
            else []
        )
        public = say("Anyone can open this page, so nothing is kept here for long.")
        gr.Markdown(
            joined(public, kept.until(host, limits)),
            visible=self._expires,
            elem_classes="fp-rules",
        )
        self.expired = gr.Markdown(visible=False, elem_classes="fp-expired")
        self.timer = gr.Timer(_STILL_HERE_S, active=self._expires)
        self.parts: list[Any] = [*self.notice, self.expired]

    def show(self, owner: Owner) -> Shown:
        """What of the open run isn't at home, and what has expired."""
        told = expiry.note(owner.path)
        return {
            **{part: {"unsaved": leaving.unsaved(owner.open_run)} for part in self.notice},
            self.expired: gr.update(value=told, visible=bool(told)),
        }

    def wire(self, wires: Wires) -> None:
        """Connect the part."""
        quick: dict[str, Any] = {"queue": False, "show_progress": "hidden"}
        for part in self.notice:
            wires.on(part.looked, lambda _: None, [self], **quick)
        wires.on(self.timer.tick, lambda _: None, [self], **quick)
