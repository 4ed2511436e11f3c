"""Step 1: pictures in, classes out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from gui.core import collection, dataset, split, thumbnails, uploads
from gui.core.collection import Progress
from gui.core.dataset import Dataset, PictureClass
from gui.core.errors import PicturesError
from gui.core.owner import Owner
from gui.core.site import Site
from gui.steps.base import Shown, Step, Wires
from gui.widgets.class_table import class_table
from gui.widgets.folder_drop import folder_drop
from gui.widgets.left_out import left_out

_REVEAL = Path(__file__).resolve().parents[2] / "assets" / "reveal.js"
_THUMBNAILS = 8  # of each class
_LARGEST_TABLE = 30  # classes with thumbnails; beyond it the page would be heavy


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
        self.samples = gr.Button("Try the sample pictures", elem_classes="fp-second")
        self.table = class_table("Your classes")
        self.new = gr.Button("Add a class", visible=False)
        with gr.Column(visible=False, elem_classes="fp-adding") as self.adding:
            self.target = gr.Textbox(
                label="Add pictures to this class", info="A new name makes a new class."
            )
            self.more = folder_drop("pictures", "Drop its pictures here")
            self.cancel = gr.Button("Cancel", size="sm")
        self.left_out = left_out()
        self.missing = gr.Markdown(elem_classes="fp-missing")
        self.next = gr.Button("Go on: choose how much may learn", variant="primary")
        self.parts: list[Any] = [
            self.drop,
            self.table,
            self.new,
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
            self.table: _table(owner, opened) if opened else None,
            self.new: gr.update(visible=opened is not None),
            self.left_out: {"files": _left_out(opened)},
            self.missing: gr.update(value=lacking or "", visible=bool(lacking and opened)),
            self.next: gr.update(interactive=lacking is None),
        }

    def wire(self, wires: Wires, shows: list[Step]) -> list[Any]:
        """Connect the step; ``shows`` are the steps that depend on the pictures.

        Returns:
            The events after which the classes may be others.
        """
        changed, idle = [self, *shows], {self.drop: None}
        edited = wires.on(self.table.edited, self._edit, changed)
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
            edited,
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


def _reading(done: int, total: int) -> dict[str, Any]:
    if not total:
        return {"busy": "Unpacking and reading your pictures"}
    return {"busy": f"Reading {done} of {total} pictures", "fraction": done / total}


def _left_out(opened: Dataset | None) -> list[dict[str, str]]:
    return (
        [{"name": each.name, "reason": each.reason} for each in opened.left_out] if opened else []
    )


def _table(owner: Owner, opened: Dataset) -> dict[str, Any]:
    counts = {}
    if dataset.missing(opened) is None:
        desk = owner.desk
        counts = split.counts(opened, split.divide(opened, desk.validation_share, desk.seed))
    few = len(opened.classes) <= _LARGEST_TABLE
    rows = [
        {
            "name": each.name,
            "count": len(each.pictures),
            "train": counts.get(each.name, (0, 0))[0],
            "validation": counts.get(each.name, (0, 0))[1],
            "thumbnails": _thumbnails(opened, each) if few else [],
            "included": each.included,
            "note": _note(each),
        }
        for each in opened.classes
    ]
    learn, check = (sum(side) for side in zip((0, 0), *counts.values(), strict=True))
    totals = (
        f"{len(opened.usable)} classes with {learn + check} pictures: {learn} to learn from, "
        f"{check} kept for checking. A picture kept for checking is never learned from. "
        "Dropping another folder replaces all of these."
    )
    return {"classes": rows, "totals": totals if counts else ""}


def _thumbnails(opened: Dataset, chosen: PictureClass) -> list[str]:
    spread = chosen.pictures[:: max(1, len(chosen.pictures) // _THUMBNAILS)][:_THUMBNAILS]
    return [thumbnails.thumbnail(opened, picture) for picture in spread]


def _note(chosen: PictureClass) -> str:
    if chosen.included and len(chosen.pictures) < dataset.SMALLEST_CLASS:
        return (
            f"Only {len(chosen.pictures)} picture: not used until there are "
            f"{dataset.SMALLEST_CLASS} or more. Add some, or leave the class out."
        )
    return ""
