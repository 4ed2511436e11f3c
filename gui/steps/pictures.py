"""Step 1: pictures in, classes out."""

from typing import Any

import gradio as gr

from gui.core import collection, dataset, uploads
from gui.core.collection import Progress
from gui.core.dataset import Edit
from gui.core.owner import Owner
from gui.core.site import Site
from gui.steps import by_hand, classes
from gui.steps.base import Shown, Step, escaped
from gui.steps.by_hand import ByHand
from gui.steps.flowers import FlowersPart
from gui.steps.sent import Sent, unknown
from gui.steps.wires import Wires
from gui.widgets.class_table import class_table
from gui.widgets.conflicts import conflicts
from gui.widgets.folder_drop import REFUSED, folder_drop
from gui.widgets.left_out import left_out
from gui.widgets.look_alikes import look_alikes
from gui.words import say


class PicturesStep(Step):
    """Drop a folder, see its classes, change them."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.missing = gr.Markdown(elem_classes="fp-missing")
        self.ready = gr.Markdown(elem_classes="fp-verdict", visible=False)
        self.drop = folder_drop(
            "folder",
            say("Drop a folder of pictures here"),
            say(
                "Make a folder for each thing (cats, dogs …) and put them all into one folder. The "
                "folders' names become the answers."
            ),
        )
        self.samples = gr.Button(say("Try the sample pictures"), render=False)
        self.flowers = FlowersPart(site, self.samples)
        self.conflicts = conflicts(say("Pictures in more than one class"))
        self.table = class_table(say("Your classes"))
        self.by_hand = ByHand(site)
        self.alike = look_alikes()
        self.left_out = left_out()
        self.next = gr.Button(
            say("Go on: choose how much may learn"),
            variant="primary",
            elem_classes="fp-next",
            visible=False,
        )
        self.parts: list[Any] = [
            self.missing,
            self.ready,
            self.drop,
            self.conflicts,
            self.table,
            *self.by_hand.parts,
            self.alike,
            self.left_out,
            self.next,
        ]

    def show(self, owner: Owner) -> Shown:
        """The classes of the open data set."""
        opened = owner.open_dataset
        lacking = dataset.missing(opened)
        return {
            self.ready: gr.update(value=classes.ready(owner, opened), visible=lacking is None),
            self.drop: {"slim": True} if opened and opened.classes else None,
            **self.by_hand.show(owner),
            self.table: classes.table(owner, opened) if opened else None,
            self.conflicts: classes.conflicts(opened) if opened else None,
            self.alike: classes.alike(opened) if opened else None,
            self.left_out: {"files": classes.left_out(opened)},
            self.missing: gr.update(value=escaped(lacking or ""), visible=bool(lacking and opened)),
            self.next: gr.update(visible=lacking is None),
        }

    def wire(self, wires: Wires, shows: list[Step]) -> list[Any]:
        """Connect the step; ``shows`` are the steps that depend on the pictures.

        Returns:
            The events after which the classes may be others.
        """
        changed, idle = [self, *shows], {self.drop: REFUSED}
        edited = wires.on(self.table.edited, self._edit, changed)
        decided = wires.on(self.conflicts.decided, self._decide, changed)
        edited.then(None, js=by_hand.REVEAL)
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
            *self.by_hand.wire(wires, changed),
        ]

    def _busy(self, done: int, total: int) -> Shown:
        return {self.drop: classes.reading(done, total)}

    def _take(self, owner: Owner, manifest: object, progress: Progress) -> None:
        given = uploads.read(manifest, owner.uploads)
        collection.take(owner, given, uploads.skipped(manifest), progress)

    def _edit(self, owner: Owner, event: Sent) -> Shown:
        match event.get("kind"):
            case "rename":
                collection.rename(owner, event.text("name"), event.text("to"))
            case "include":
                collection.include(owner, event.text("name"), included=event.truth("included"))
            case "add":
                return self.by_hand.open(event.text("name"))
            case _:
                raise unknown()
        return {}

    def _decide(self, owner: Owner, event: Sent) -> None:
        match event.get("kind"):
            case "decide":
                collection.correct(owner, [Edit(event.text("id"), event.text_or_none("to"))])
            case "leave_all_out":
                collection.leave_out_conflicts(owner)
            case "decide_again":
                collection.decide_again(owner)
            case _:
                raise unknown()
