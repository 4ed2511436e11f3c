"""Part of step 1: the second sample, photographs that are downloaded."""

import urllib.parse
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import gradio as gr

from gui.core import flowers
from gui.core.errors import StoppedEarly
from gui.core.flowers import Hear
from gui.core.owner import Owner
from gui.core.site import Site
from gui.steps.base import Shown, Step
from gui.steps.wires import Wires
from gui.widgets.progress_line import progress_line
from gui.words import say

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "just_looking": "**Just looking?** You need no pictures of your own:",
        "open": "Try photographs of flowers",
        "about": "{pictures} photographs of daisies, dandelions, roses, sunflowers and tulips, "
        "collected by the TensorFlow team. The first time, {size} MB are downloaded from {host}; "
        "after that they stay on this computer.",
        "about_here": "{pictures} photographs of daisies, dandelions, roses, sunflowers and "
        "tulips, collected by the TensorFlow team. They are on this computer already: nothing is "
        "downloaded.",
        "licence": "The photographers share them under the licence "
        "[CC BY 2.0](https://creativecommons.org/licenses/by/2.0/): you may use and "
        "change them as long as you name who took them. The list of names comes with the pictures.",
        "number": "Photographs of each flower",
        "number_help": "{usual} of each are enough to begin with. There are between 633 and 898 of "
        "each; {most} means all of them, which take much longer.",
        "start": "Get the flowers",
        "stop": "Stop",
        "close": "Cancel",
        "credits": "Who took the photographs",
        "progress": "The flowers",
        "waiting": "Getting ready",
        "download": "Downloading the flowers: {done} of {total} MB",
        "download_open": "Downloading the flowers: {done} MB so far",
        "unpack": "Unpacking the flowers",
        "read": "Reading {done} of {total} pictures",
        "stopped": "Stopped. Nothing was added.",
    }
)
_MB: Final = 10**6


class FlowersPart(Step):
    """Photographs of five kinds of flowers, as many of each as a person wants."""

    def __init__(self, site: Site, beside: gr.Button) -> None:
        """Make the part.

        Args:
            site: What it uses.
            beside: A button that wasn't shown yet, for the other way; it stands in the same row.
        """
        self._site = site
        with gr.Column(elem_classes="fp-samples"):
            gr.Markdown(say(WORDS["just_looking"]))
            with gr.Row():
                beside.render()  # type: ignore[no-untyped-call]
                self.open = gr.Button(say(WORDS["open"]))
        with gr.Column(visible=False, elem_classes="fp-flowers") as self.panel:
            self.about = gr.Markdown()
            gr.Markdown(say(WORDS["licence"]))
            usual, most = flowers.USUAL, flowers.MOST
            self.number = gr.Slider(
                flowers.FEWEST,
                most,
                usual,
                step=10,
                label=say(WORDS["number"]),
                info=say(WORDS["number_help"], usual=usual, most=most),
            )
            with gr.Row():
                self.start = gr.Button(say(WORDS["start"]), variant="primary")
                self.close = gr.Button(say(WORDS["close"]))
                self.stop = gr.Button(say(WORDS["stop"]), visible=False, elem_classes="fp-stop")
            self.line = progress_line(say(WORDS["progress"]))
            with gr.Accordion(say(WORDS["credits"]), open=False, visible=False) as self.credits:
                self.names = gr.Textbox(
                    label=say(WORDS["credits"]), show_label=False, lines=8, max_lines=8
                )
        self.parts: list[Any] = [
            self.panel,
            self.about,
            self.start,
            self.close,
            self.stop,
            self.line,
            self.credits,
            self.names,
        ]

    def show(self, owner: Owner) -> Shown:
        """Where they come from, and who took them."""
        del owner
        known = self._site.flowers
        licence = known.licence
        return {
            self.about: say(
                WORDS["about_here" if known.here else "about"],
                pictures=f"{flowers.PICTURES:,}",
                size=flowers.SIZE_MB,
                host=urllib.parse.urlsplit(known.address).hostname,
            ),
            self.credits: gr.update(visible=bool(licence)),
            self.names: licence,
            **self._idle,
        }

    def wire(self, wires: Wires, changed: list[Step]) -> Any:  # noqa: ANN401 - gradio's own
        """Connect the part; ``changed`` are the steps that depend on the pictures.

        Returns:
            The event after which the classes may be others.
        """
        wires.on(
            self.open.click,
            lambda _: {self.panel: gr.update(visible=True)},
            [self],
            queue=False,
        )
        wires.on(
            self.close.click,
            lambda _: {self.panel: gr.update(visible=False)},
            [self],
            queue=False,
        )
        wires.on(self.stop.click, self._site.flowers.stop, queue=False)
        return wires.follow(
            self.start.click,
            self._open,
            [self, *changed],
            self._busy,
            self._idle,
            values={"per_class": self.number},
        )

    @property
    def _idle(self) -> Shown:
        return {
            self.line: None,
            self.start: gr.update(interactive=True),
            self.close: gr.update(visible=True),
            self.stop: gr.update(visible=False),
        }

    def _open(self, owner: Owner, progress: Hear, per_class: float) -> Shown:
        try:
            self._site.flowers.open(owner, int(per_class), progress)
        except StoppedEarly:
            return {self.line: _line(say(WORDS["stopped"]), "stopped")}
        return {self.panel: gr.update(visible=False)}

    def _busy(self, done: int, total: int, phase: str = "waiting") -> Shown:
        return {
            self.line: _line(told(done, total, phase), "running", done / total if total else None),
            self.start: gr.update(interactive=False),
            self.close: gr.update(visible=False),
            self.stop: gr.update(visible=True),
        }


def told(done: int, total: int, phase: str) -> str:
    """How far it is, as one sentence."""
    if phase == "download":
        known = "download" if total else "download_open"
        return say(WORDS[known], done=done // _MB, total=max(1, total // _MB))
    return say(WORDS[phase], done=done, total=total)


def _line(text: str, state: str, fraction: float | None = None) -> dict[str, Any]:
    return {"text": text, "state": state, "fraction": fraction}
