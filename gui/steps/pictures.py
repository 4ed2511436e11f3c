"""Step 1: pictures in, classes out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from gui.core import collection, dataset, uploads
from gui.core.collection import Progress
from gui.core.dataset import Edit
from gui.core.errors import PicturesError
from gui.core.owner import Owner
from gui.core.site import Site
from gui.steps import classes
from gui.steps.base import Shown, Step, Wires
from gui.steps.flowers import FlowersPart
from gui.widgets.class_table import class_table
from gui.widgets.conflicts import conflicts
from gui.widgets.folder_drop import folder_drop
from gui.widgets.left_out import left_out
from gui.widgets.look_alikes import look_alikes

_REVEAL = Path(__file__).resolve().parents[2] / "assets" / "reveal.js"


class PicturesStep(Step):
    """Drop a folder, see its classes, change them."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.drop = folder_drop(
            "folder",
            "Drop a folder of pictures here",
            "Make a folder for each thing (cats, dogs …) and put them all into one folder. The "
            "folders' names become the answers.",
        )
        self.samples = gr.Button("Try the sample pictures", elem_classes="fp-second", render=False)
        self.flowers = FlowersPart(site, self.samples)
        self.conflicts = conflicts("Pictures in more than one class")
        self.table = class_table("Your classes")
        self.new = gr.Button("Add a class", visible=False)
        with gr.Column(visible=False, elem_classes="fp-adding") as self.adding:
            self.target = gr.Textbox(
                label="Add pictures to this class", info="A new name makes a new class."
            )
            self.more = folder_drop("pictures", "Drop its pictures here")
            self.cancel = gr.Button("Cancel", size="sm")
        self.alike = look_alikes()
        self.left_out = left_out()
        self.missing = gr.Markdown(elem_classes="fp-missing")
        self.next = gr.Button(
            "Go on: choose how much may learn",
            variant="primary",
            elem_classes="fp-next",
            visible=False,
        )
        self.parts: list[Any] = [
            self.drop,
            self.conflicts,
            self.table,
            self.new,
            self.alike,
            self.left_out,
            self.adding,
            self.target,
            self.more,
            self.missing,
            self.next,
        ]

    def show(self, owner: Owner) -> Shown:
        """The classes of the open data set."""
        opened = owner.open_dataset
        lacking = dataset.missing(opened)
        return {
            self.drop: None,
            self.more: None,
            self.adding: gr.update(visible=False),
            self.table: classes.table(owner, opened) if opened else None,
            self.new: gr.update(visible=opened is not None),
            self.conflicts: classes.conflicts(opened) if opened else None,
            self.alike: classes.alike(opened) if opened else None,
            self.left_out: {"files": classes.left_out(opened)},
            self.missing: gr.update(value=lacking or "", visible=bool(lacking and opened)),
            self.next: gr.update(visible=lacking is None),
        }

    def wire(self, wires: Wires, shows: list[Step]) -> list[Any]:
        """Connect the step; ``shows`` are the steps that depend on the pictures.

        Returns:
            The events after which the classes may be others.
        """
        changed, idle = [self, *shows], {self.drop: None}
        edited = wires.on(self.table.edited, self._edit, changed)
        decided = wires.on(self.conflicts.decided, self._decide, changed)
        opened = wires.on(self.new.click, self._open_new, extra=[self.adding, self.target])
        wires.on(self.cancel.click, self._close_new, extra=[self.adding, self.more], queue=False)
        for event in (edited, opened):
            event.then(None, js=_REVEAL.read_text(encoding="utf-8"))
        return [
            wires.follow(
                self.drop.uploaded,
                self._take,
                changed,
                self._busy,
                idle,
                values={"manifest": self.drop},
            ),
            wires.follow(self.samples.click, self._site.take_samples, changed, self._busy, idle),
            self.flowers.wire(wires, changed),
            edited,
            decided,
            wires.follow(
                self.more.uploaded,
                self._add,
                changed,
                lambda done, total: {self.more: _reading(done, total)},
                {self.more: None},
                values={"manifest": self.more, "name": self.target},
            ),
        ]

    def _busy(self, done: int, total: int) -> Shown:
        return {self.drop: _reading(done, total)}

    def _take(self, owner: Owner, manifest: Mapping[str, Any], progress: Progress) -> None:
        given = uploads.read(manifest["files"], self._site.workspace.uploads)
        collection.take(owner, given, uploads.skipped(manifest), progress)

    def _add(
        self, owner: Owner, manifest: Mapping[str, Any], name: str, progress: Progress
    ) -> None:
        given = uploads.read(manifest["files"], self._site.workspace.uploads)
        collection.add(owner, name, given, progress)

    def _open_new(self, owner: Owner) -> Shown:
        del owner
        return {self.adding: gr.update(visible=True), self.target: ""}

    def _close_new(self, owner: Owner) -> Shown:
        del owner
        return {self.adding: gr.update(visible=False), self.more: None}

    def _edit(self, owner: Owner, event: gr.EventData) -> Shown:
        match event.kind:
            case "rename":
                collection.rename(owner, event.name, event.to)
            case "include":
                collection.include(owner, event.name, included=event.included)
            case "add":
                return {self.adding: gr.update(visible=True), self.target: event.name}
            case _:
                raise PicturesError("The page asked for something unknown.", "Reload the page.")
        return {}

    def _decide(self, owner: Owner, event: gr.EventData) -> None:
        match event.kind:
            case "decide":
                collection.correct(owner, [Edit(event.id, event.to)])
            case "leave_all_out":
                collection.leave_out_conflicts(owner)
            case "decide_again":
                collection.decide_again(owner)
            case _:
                raise PicturesError("The page asked for something unknown.", "Reload the page.")


def _reading(done: int, total: int) -> dict[str, Any]:
    if not total:
        return {"busy": "Unpacking and reading your pictures"}
    return {"busy": f"Reading {done} of {total} pictures", "fraction": done / total}
