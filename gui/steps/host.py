"""Part of the page on a host that forgets: the notice, and the question before leaving."""

from collections.abc import Sequence
from typing import Any

from gui.core import leaving
from gui.core.owner import Owner
from gui.core.site import Site
from gui.steps.base import Shown, Step, Wires
from gui.widgets.host_notice import host_notice
from gui.words import say


class HostPart(Step):
    """What a person must know about where the page runs; nothing on their own computer."""

    def __init__(self, site: Site, downloads: str) -> None:
        host = site.host
        self.parts: Sequence[Any] = (
            [host_notice(say("About this computer"), host.copy_address, downloads)]
            if host.forgets
            else []
        )

    def show(self, owner: Owner) -> Shown:
        """What of the open run isn't at home."""
        return {part: {"unsaved": leaving.unsaved(owner.open_run)} for part in self.parts}

    def wire(self, wires: Wires) -> None:
        """Connect the part."""
        for part in self.parts:
            wires.on(part.looked, lambda _: None, [self], queue=False, show_progress="hidden")
