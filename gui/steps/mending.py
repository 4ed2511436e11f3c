"""Fix and retrain: what a person has put right, and learning it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import gradio as gr

from gui.core import collection, fixes, gallery, retraining, time_span
from gui.core.dataset import Edit
from gui.core.errors import FreezepointError, NotYours
from gui.core.fixes import Fix
from gui.core.owner import Owner
from gui.core.retraining import Kind
from gui.core.runs import Run
from gui.core.site import Site
from gui.steps.base import Shown, Step, escaped
from gui.steps.judged import evaluated, opened, thumbnail
from gui.steps.mistakes import can_mend, fixed_by
from gui.steps.sent import Sent, unknown
from gui.steps.wires import Wires
from gui.widgets.fix_list import fix_list
from gui.words import again, joined, mark, say

_PICTURED = 24  # fixes that are shown with their picture; the others are lines
_NOTE = mark("Only Freezepoint's own record changes; your files stay as they are.")
_OTHERS = mark(
    "Other pictures are open now. To mend those of this training, open it again under **Runs**."
)


class Mending:
    """The list of fixes and the buttons that make a new training of them."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.others = gr.Markdown(say(_OTHERS), elem_classes="fp-missing", visible=False)
        self.list = fix_list(say("What you have put right"))
        self.problem = gr.Markdown(elem_classes="fp-missing", visible=False)
        with gr.Row(elem_classes="fp-wraps"):
            self.again = gr.Button(
                say("Retrain"), variant="primary", visible=False, elem_classes="fp-retrain"
            )
            self.head = gr.Button(say("Retrain only the head"), visible=False)
        self.parts: list[Any] = [self.others, self.list, self.problem, self.again, self.head]

    def wire(
        self,
        wires: Wires,
        grid: gr.HTML,
        look_at: Callable[[Owner, gallery.View, int], Shown],
        looked_at: Sequence[Any],
        shows: list[Step],
        edited: list[Step],
    ) -> list[Any]:
        """Connect it.

        Args:
            wires: What connects.
            grid: Where pictures are put right.
            look_at: Shows the pictures of a view, from a number on.
            looked_at: The parts that this changes.
            shows: Steps that depend on the run.
            edited: Steps that depend on the pictures.

        Returns:
            The events after which the pictures may be others.
        """
        changed = [*self.parts, *looked_at]

        def fix(owner: Owner, event: Sent) -> Shown:
            view = self._fix(owner, event)
            # All of it: the list of fixes can be used while the test pictures are looked at.
            first = event.number("first")
            return {**look_at(owner, view, first), **self.show(owner, view, first)}

        for kind, button in (("same", self.again), ("head", self.head)):
            wires.on(button.click, lambda owner, how=kind: self._retrain(owner, how), shows)
        return [
            wires.on(part.fixed, fix, edited, extra=changed, show_progress="hidden")
            for part in (grid, self.list)
        ]

    def show(self, owner: Owner, view: gallery.View | None = None, start: int = 0) -> Shown:
        """What was put right since the open run began, and what learning it again takes."""
        run = owner.open_run
        if run is None or evaluated(run) is None:
            hidden = (self.others, self.problem, self.again, self.head)
            return {self.list: None, **dict.fromkeys(hidden, gr.update(visible=False))}
        found = fixed_by(owner, run)
        view = view or gallery.View(run.id)
        listed = [
            {
                "id": each.picture.sha256,
                "name": each.picture.name,
                "thumbnail": _thumbnail(run, each) if place < _PICTURED else "",
                "text": each.sentence,
            }
            for place, each in enumerate(found)
        ]
        place = {"view": view.to_json(), "first": start}
        return {
            self.others: gr.update(visible=not can_mend(owner, run)),
            self.list: {"fixes": listed, "note": say(_NOTE), "place": place},
            **self._buttons(owner, run, len(found)),
        }

    def _buttons(self, owner: Owner, run: Run, count: int) -> Shown:
        problem, takes = "", dict[str, str]()
        if count:
            edits = _edits(owner, run)
            for kind in retraining.kinds(run):
                try:
                    plan = self._site.retraining.plan(owner, edits, kind)
                except FreezepointError as error:
                    problem = joined(again(error.what), again(error.hint))
                    break
                takes[kind] = time_span.duration(plan.seconds()) if plan else ""
        same, head = _asks(fixes.count(count), takes)
        return {
            self.problem: gr.update(value=escaped(problem), visible=bool(problem)),
            self.again: gr.update(value=same, visible="same" in takes),
            self.head: gr.update(value=head, visible="head" in takes),
        }

    def _fix(self, owner: Owner, event: Sent) -> gallery.View:
        """Note what a person decided about one picture of the open run."""
        run, told = opened(owner)
        view = gallery.read(event.get("view"), run.id, len(told.labels))
        if view.of != "validation":
            raise unknown()
        if not can_mend(owner, run):
            raise NotYours(
                say("Other pictures are open now."), say("Open this training again under Runs.")
            )
        picture = gallery.find(event.get("id"), run.split)
        to: str | None
        match event.get("kind"):
            case "move" if event.get("to") in told.labels:
                to = event.text("to")
            case "leave_out":
                to = None
            case "undo":
                to = told.labels[picture.label]
            case _:
                raise unknown()
        collection.correct(owner, [Edit(picture.sha256, to)])
        return view

    def _retrain(self, owner: Owner, kind: Kind) -> None:
        run, _ = opened(owner)
        edits = _edits(owner, run)
        if not edits:
            raise NotYours(
                say("Nothing was put right yet."), say("Say of a picture what it really is.")
            )
        self._site.retraining.start(owner, edits, kind)


def _asks(fixed: str, takes: Mapping[str, str]) -> tuple[str, str]:
    """What the two buttons say: with how many fixes, and how long each takes where it is known."""
    same = say("Retrain with {fixes}", fixes=fixed)
    if time := takes.get("same"):
        same = say("Retrain with {fixes} (about {time})", fixes=fixed, time=time)
    head = say("Only the head, with {fixes}", fixes=fixed)
    if time := takes.get("head"):
        head = say("Only the head, with {fixes} (about {time})", fixes=fixed, time=time)
    return same, head


def _thumbnail(run: Run, fix: Fix) -> str:
    picture = fix.picture
    return thumbnail(run, picture.name, picture.sha256, picture.path)


def _edits(owner: Owner, run: Run) -> list[Edit]:
    return [Edit(each.picture.sha256, each.to) for each in fixed_by(owner, run)]
