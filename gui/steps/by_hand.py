"""Classes made by hand, for who has no folder: a name, and pictures dropped or from the camera."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import gradio as gr

from gui.core import collection, uploads
from gui.core.collection import Progress
from gui.core.owner import Owner
from gui.core.site import Site
from gui.steps import classes
from gui.steps.base import Shown, Step
from gui.steps.wires import Wires
from gui.widgets.folder_drop import REFUSED, folder_drop
from gui.widgets.webcam import webcam
from gui.words import mark, say

REVEAL: Final = (Path(__file__).resolve().parents[2] / "assets" / "reveal.js").read_text("utf-8")
_TWO: Final = 2  # classes are needed before it can go on
_OFFERED: Final = mark("Class {number}")


class ByHand(Step):
    """A button for a new class, and the form for one class's pictures."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.hint = gr.Markdown(say("**No folder?** Make classes by hand:"))
        self.new = gr.Button(say("New class"), elem_classes="fp-new")
        with gr.Column(visible=False, elem_classes="fp-adding") as self.adding:
            self.name = gr.Textbox(
                label=say("Name of the class"),
                info=say(
                    "What these pictures show, such as “cat”. A name that is in the table already "
                    "adds to that class."
                ),
                max_length=200,
            )
            self.drop = folder_drop("pictures", say("Drop its pictures here"), folders=True)
            with gr.Row(elem_classes="fp-ways"):
                self.camera = webcam(say("Camera"), many=True)
                self.cancel = gr.Button(say("Cancel"), min_width=0)
        self.parts: list[Any] = [
            self.hint, self.new, self.adding, self.name, self.drop, self.camera
        ]  # fmt: skip

    def show(self, owner: Owner) -> Shown:
        """The form is closed: what it was opened for is done."""
        opened = owner.open_dataset
        begun = opened is not None and bool(opened.classes)
        alone = opened is not None and begun and not opened.conflicts and len(opened.usable) < _TWO
        return {
            self.hint: gr.update(visible=not begun),
            self.new: gr.update(variant="primary" if alone else "secondary"),
            self.adding: gr.update(visible=False),
            self.drop: None,
            self.camera: None,
        }

    def open(self, name: str) -> Shown:
        """The form for the pictures of one class."""
        return {self.adding: gr.update(visible=True), self.name: name}

    def wire(self, wires: Wires, changed: list[Step]) -> list[Any]:
        """Connect the form; ``changed`` are the steps that depend on the pictures.

        Returns:
            The events after which the classes may be others.
        """
        opened = wires.on(self.new.click, self._open_new, extra=[self.adding, self.name])
        opened.then(None, js=REVEAL)
        wires.on(self.cancel.click, self.show, extra=self.parts, queue=False)
        return [
            wires.follow(
                self.drop.uploaded,
                self._add,
                changed,
                lambda done, total: {self.drop: classes.reading(done, total)},
                {self.drop: REFUSED},
                values={"manifest": self.drop, "name": self.name},
            ),
            wires.follow(
                self.camera.uploaded,
                self._add,
                changed,
                lambda done, total: {self.camera: classes.reading(done, total)},
                {self.camera: {"kept": True}},
                values={"manifest": self.camera, "name": self.name},
            ),
        ]

    def _add(
        self, owner: Owner, manifest: Mapping[str, Any], name: str, progress: Progress
    ) -> None:
        given = uploads.read(manifest, owner.uploads)
        collection.add(owner, name, given, progress)

    def _open_new(self, owner: Owner) -> Shown:
        opened, number = owner.open_dataset, 1
        taken = {each.name for each in opened.classes} if opened else set()
        while say(_OFFERED, number=number) in taken:
            number += 1
        return self.open(say(_OFFERED, number=number))
