"""What was taken for what, and the pictures of it, a page at a time."""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.components import Component

from gui.core import fixes, gallery
from gui.core.errors import NotYours, RunError
from gui.core.explanation import Where
from gui.core.fixes import Fix
from gui.core.gallery import PAGE, View
from gui.core.owner import Owner
from gui.core.runs import Run
from gui.core.site import Site
from gui.steps import layers, scores
from gui.steps.base import Shown
from gui.steps.judged import Find, Judged
from gui.steps.sent import Sent
from gui.steps.wires import Wires
from gui.widgets.cell_table import cell_table
from gui.widgets.picture_grid import picture_grid
from gui.widgets.score_table import score_table
from gui.words import joined, say


class Mistakes:
    """The classes, what each was taken for, and the pictures; each opens what is below it."""

    def __init__(self, site: Site, find: Find) -> None:
        self._site = site
        self._find = find
        self.classes = score_table(say("The classes"))
        self.heading = gr.Markdown(
            say(
                "### What was taken for what\nEach row is a class, and tells what its pictures "
                "were called (this table is called a confusion matrix). **Blue** is right, "
                "**orange** is wrong. Press a number to see its pictures below."
            ),
            visible=False,
        )
        self.cells = cell_table(say("What was taken for what"))
        self.back = gr.Button(say("Show the worst mistakes again"), size="sm", visible=False)
        self.grid = picture_grid(say("Pictures"))
        self.parts: list[Any] = [self.classes, self.heading, self.cells, self.back, self.grid]

    def wire(self, wires: Wires, of: Component) -> None:
        """Connect what opens pictures; what puts them right is another's (``steps.mending``).

        Args:
            wires: What connects.
            of: Holds what the page calls the pictures that it shows.
        """
        how: dict[str, Any] = {"extra": self.parts, "show_progress": "hidden"}
        wires.on(self.classes.picked, self._open_class, **how)
        wires.on(self.cells.picked, self._open_cell, **how)
        wires.on(self.back.click, self._open, values={"of": of}, **how)
        wires.on(self.grid.picked, self._turn_or_look, concurrency_limit=4, **how)

    def show(
        self, owner: Owner, judged: Judged | None, view: View | None = None, start: int = 0
    ) -> Shown:
        """Tables and pictures of an evaluation; nothing without one.

        Args:
            owner: Whose pictures they are.
            judged: The evaluation.
            view: Which of its pictures; None for the worst mistakes.
            start: Number of the first picture, from 0.
        """
        if judged is None:
            gone = dict.fromkeys((self.classes, self.cells, self.grid))
            return {
                **gone,
                self.heading: gr.update(visible=False),
                self.back: gr.update(visible=False),
            }
        view = view or View(judged.run.id, of=judged.of)
        metrics, chosen = judged.told.metrics, (view.truth, view.answer)
        return {
            self.classes: scores.table(metrics, opens=judged.told.side == "validation"),
            self.heading: gr.update(visible=True),
            self.cells: {
                **scores.cells(metrics, chosen if view.kind == "cell" else None),
                "of": judged.of,
            },
            self.back: gr.update(visible=view.kind != "mistakes"),
            self.grid: self._page(owner, judged, view, start),
        }

    def _open_class(self, owner: Owner, event: Sent) -> Shown:
        return self._open(owner, kind="class", truth=event.get("id"), answer=event.get("id"))

    def _open_cell(self, owner: Owner, event: Sent) -> Shown:
        of, truth, answer = event.get("of"), event.get("truth"), event.get("answer")
        return self._open(owner, of or "validation", kind="cell", truth=truth, answer=answer)

    def _open(self, owner: Owner, of: object = "validation", **asked: object) -> Shown:
        run = owner.open_run
        plain = View(run.id if run else "").to_json()
        view, judged = self._asked(owner, {**plain, "of": of, **asked})
        shown = self.show(owner, judged, view)
        return {part: shown[part] for part in (self.cells, self.back, self.grid)}

    def _turn_or_look(self, owner: Owner, event: Sent) -> Shown:
        view, judged = self._asked(owner, event.get("view"))
        where = layers.read(event.get("layer"))
        look = self._look(judged, event.get("id"), where) if event.get("kind") == "look" else {}
        return {self.grid: self._page(owner, judged, view, event.get("first"), look)}

    def _asked(self, owner: Owner, asked: object) -> tuple[View, Judged]:
        """What a page asks for, looked up among the pictures of this person.

        Raises:
            NotYours: When it isn't there.
        """
        run = owner.open_run
        if run is not None:
            view = gallery.read(asked, run.id, len(run.split.labels))
            judged = self._find(owner, view.of)
            if judged is not None:
                return view, judged
        raise NotYours(say("There are no results to show."), say("Go to Results again."))

    def _look(self, judged: Judged, sha256: object, where: Where) -> dict[str, Any]:
        """Where the model looked in one picture, by its digest."""
        run = judged.run
        picture = gallery.find_shown(sha256, judged.told, run.split)
        (found,) = self._site.jobs.questions.explain(
            run, [(picture.name, judged.root / picture.path)], where
        )
        if found.problem:
            raise RunError(found.problem, say("Choose another picture."))
        note = ""
        if found.heat:
            note = say(
                "The brighter, the more the place spoke for “{answer}”.", answer=found.answer
            )
        note = joined(note, layers.told(run, where))
        look = {"thumbnail": found.thumbnail, "heat": found.heat, "note": note, "layer": where}
        return {picture.sha256: look}

    def _page(
        self,
        owner: Owner,
        judged: Judged,
        view: View,
        start: object,
        looks: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The value of the grid: one page of a view."""
        run, told = judged.run, judged.told
        found = gallery.pictures(view, told, run.split)
        first = gallery.first(start, len(found))
        # No choice may look at other pictures than those that it learned from or was checked with.
        mends = told.side == "validation" and can_mend(owner, run)
        fixed = {each.picture.sha256: each for each in fixed_by(owner, run)} if mends else {}
        return {
            "title": gallery.title(view, told, len(found)),
            "note": gallery.note(view, told, len(found)),
            "pictures": [
                {**_card(judged, each, fixed), "look": (looks or {}).get(each.sha256)}
                for each in found[first : first + PAGE]
            ],
            "view": view.to_json(),
            "first": first,
            "total": len(found),
            "size": PAGE,
            "classes": list(told.labels) if mends else [],
            "asks": True,
            "layers": [{"id": where, "name": name} for name, where in layers.choices(run)],
        }


def can_mend(owner: Owner, run: Run) -> bool:
    """Whether the pictures that this run learned from are the open ones."""
    return fixes.belongs(run, owner.open_dataset)


def fixed_by(owner: Owner, run: Run) -> tuple[Fix, ...]:
    """What this person has put right since the run began."""
    dataset = owner.open_dataset
    return fixes.pending(dataset, run.split) if dataset and can_mend(owner, run) else ()


def _card(judged: Judged, shown: gallery.Shown, fixed: dict[str, Fix]) -> dict[str, Any]:
    labels = judged.told.labels
    card: dict[str, Any] = {
        "id": shown.sha256,
        "name": shown.name.partition("/")[2] or shown.name,
        "thumbnail": judged.thumbnail(shown),
        "truth": labels[shown.truth],
        "fix": fixed[shown.sha256].sentence if shown.sha256 in fixed else "",
    }
    if shown.answered:
        card["answer"] = labels[shown.answered.answer]
        card["confidence"] = shown.answered.confidence
    return card
