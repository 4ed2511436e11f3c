"""What each block of VGG16 sees in the person's own pictures, computed when they ask."""

from collections.abc import Sequence
from typing import Any, Final

import gradio as gr
from gradio.components import Component

from gui.core import seeing
from gui.core.activations import BLOCKS, Seen
from gui.core.config import ModelSettings
from gui.core.errors import FreezepointError, SettingError
from gui.core.owner import Owner
from gui.core.site import Site
from gui.steps.base import Shown, Step, escaped
from gui.steps.drawing import SEES
from gui.steps.wires import Wires
from gui.widgets.block_sights import block_sights
from gui.words import again, joined, mark, say

_LOOKING: Final = mark("Looking at your pictures: the first time takes a few seconds …")
_ABOUT: Final = mark(
    "This is VGG16 as it comes, before it learns anything from your pictures. Beside each picture "
    "stand filters of the block's last layer, those that differ the most from place to place. "
    "Every square is scaled by itself, so it tells where a filter answers, not how strongly "
    "compared with the others."
)
_UNREADABLE: Final = mark("⚠ {name}: {problem}")
_FACTS: Final = mark("{n} of {all} filters, each at {side} × {side} places")


class BlocksSeen(Step):
    """A fold that is filled when it is opened; a training under way goes on meanwhile."""

    def __init__(self, site: Site) -> None:
        self._site = site
        with gr.Accordion(say("What do the blocks see?"), open=False) as self.fold:
            self.note = gr.Markdown(say(_LOOKING))
            self.sights = block_sights(say("What the blocks see in your pictures"))
        self.opened = gr.State(False)
        self.parts: list[Any] = []
        self.restored: list[Any] = [self.fold, self.note, self.sights, self.opened]

    def show(self, owner: Owner) -> Shown:
        """Nothing before it is asked for."""
        del owner
        return {}

    def restore(self, owner: Owner) -> Shown:
        """Closed: what was seen was in other pictures."""
        del owner
        return {
            self.fold: gr.update(open=False),
            self.note: say(_LOOKING),
            self.sights: None,
            self.opened: False,
        }

    def wire(self, wires: Wires, image_size: Component, pictures_changed: Sequence[Any]) -> None:
        """Look when the fold is opened, and anew when it is open and something has changed."""
        changed = [image_size.change, *(each.then for each in pictures_changed)]  # type: ignore[attr-defined]
        quiet: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": 2}
        size = {"image_size": image_size}
        shown = [self.note, self.sights]
        wires.on(self.fold.expand, self._open, extra=[*shown, self.opened], values=size, **quiet)
        wires.on(
            self.fold.collapse,
            lambda _: {self.opened: False},
            extra=[self.opened],
            queue=False,
            show_progress="hidden",
        )
        for event in changed:
            wires.on(
                event, self._again, extra=shown, values={**size, "opened": self.opened}, **quiet
            )

    def _open(self, owner: Owner, image_size: object) -> Shown:
        return {**self._look(owner, image_size), self.opened: True}

    def _again(self, owner: Owner, image_size: object, opened: object) -> Shown:
        return self._look(owner, image_size) if opened is True else {}

    def _look(self, owner: Owner, image_size: object) -> Shown:
        try:
            size_px = ModelSettings.read({"image_size": image_size}).image_size
        except SettingError:
            return {}  # a number half typed
        try:
            seen = seeing.look(owner, self._site.jobs, size_px)
        except FreezepointError as error:
            problem = joined(again(error.what), again(error.hint))
            return {self.note: f"⚠ {escaped(problem)}", self.sights: None}
        return {self.note: "\n\n".join([say(_ABOUT), *_problems(seen)]), self.sights: _sights(seen)}


def _problems(seen: Sequence[Seen]) -> list[str]:
    return [
        say(_UNREADABLE, name=escaped(each.name), problem=escaped(again(each.problem)))
        for each in seen
        if each.problem
    ]


def _sights(seen: Sequence[Seen]) -> dict[str, Any]:
    """The value of the widget: the blocks, each with all pictures that could be read."""
    read = [each for each in seen if not each.problem]
    return {"blocks": [_block(block, read) for block in BLOCKS] if read else []}


def _block(block: int, read: Sequence[Seen]) -> dict[str, Any]:
    looks = [
        {
            "name": each.name,
            "thumbnail": each.thumbnail,
            "maps": [one.heat for one in found.maps],
        }
        for each in read
        for found in each.blocks
        if found.block == block
    ]
    first = next(each for each in read[0].blocks if each.block == block)
    most = max(len(each["maps"]) for each in looks)
    facts = say(_FACTS, n=most, all=first.channels, side=first.side)
    return {"block": block, "tells": say(SEES[block][1]), "facts": facts, "looks": looks}
