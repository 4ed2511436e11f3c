"""What was taken for what, and the pictures of it, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from gui.core import evaluation, fixes, gallery, thumbnails
from gui.core.dataset import Dataset, Picture
from gui.core.errors import NotYours, RunError
from gui.core.evaluation import Evaluation
from gui.core.explanation import Where
from gui.core.fixes import Fix
from gui.core.gallery import PAGE, View
from gui.core.owner import Owner
from gui.core.runs import Run
from gui.core.site import Site
from gui.steps import layers, scores
from gui.steps.base import Shown, Wires
from gui.widgets.cell_table import cell_table
from gui.widgets.picture_grid import picture_grid
from gui.widgets.score_table import score_table
from gui.words import joined, say


class Mistakes:
    """The classes, what each was taken for, and the pictures; each opens what is below it."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.classes = score_table(say("The classes"))
        self.heading = gr.Markdown(
            say(
                "### What was taken for what\nEach row is a class, and tells what its pictures "
                "were called (this table is called a confusion matrix). **Blue** is right, "
                "**orange** is wrong. Press a number to see its pictures below."
            )
        )
        self.cells = cell_table(say("What was taken for what"))
        self.back = gr.Button(say("Show the worst mistakes again"), size="sm", visible=False)
        self.grid = picture_grid(say("Pictures"))
        self.parts: list[Any] = [self.classes, self.heading, self.cells, self.back, self.grid]

    def wire(self, wires: Wires) -> None:
        """Connect what opens pictures; what puts them right is another's (``steps.mending``)."""
        how: dict[str, Any] = {"extra": self.parts, "show_progress": "hidden"}
        wires.on(self.classes.picked, self._open_class, **how)
        wires.on(self.cells.picked, self._open_cell, **how)
        wires.on(self.back.click, lambda owner: self._open(owner, {}), **how)
        wires.on(self.grid.picked, self._turn_or_look, concurrency_limit=4, **how)

    def show(self, owner: Owner, view: View | None = None, start: int = 0) -> Shown:
        """Tables and pictures of the open run; nothing as long as it isn't evaluated."""
        run = owner.open_run
        told = evaluated(run)
        if run is None or told is None:
            gone = dict.fromkeys((self.classes, self.cells, self.grid))
            return {
                **gone,
                self.heading: gr.update(visible=False),
                self.back: gr.update(visible=False),
            }
        view = view or View(run.id)
        chosen = (view.truth, view.answer) if view.kind == "cell" else None
        return {
            self.classes: scores.table(told.metrics, opens=True),
            self.heading: gr.update(visible=True),
            self.cells: scores.cells(told.metrics, chosen),
            self.back: gr.update(visible=view.kind != "mistakes"),
            self.grid: self._page(owner, run, told, view, start),
        }

    def _open_class(self, owner: Owner, event: gr.EventData) -> Shown:
        return self._open(owner, {"kind": "class", "truth": event.id, "answer": event.id})

    def _open_cell(self, owner: Owner, event: gr.EventData) -> Shown:
        return self._open(owner, {"kind": "cell", "truth": event.truth, "answer": event.answer})

    def _open(self, owner: Owner, asked: dict[str, Any]) -> Shown:
        run, told = opened(owner)
        view = {"run": run.id, "kind": "mistakes", "truth": 0, "answer": 0, **asked}
        shown = self.show(owner, gallery.read(view, run.id, len(told.labels)))
        return {part: shown[part] for part in (self.cells, self.back, self.grid)}

    def _turn_or_look(self, owner: Owner, event: gr.EventData) -> Shown:
        run, told = opened(owner)
        view = gallery.read(event.view, run.id, len(told.labels))
        where = layers.read(event._data.get("layer"))
        look = self._look(run, event.id, where) if event.kind == "look" else {}
        return {self.grid: self._page(owner, run, told, view, event.first, look)}

    def _look(self, run: Run, sha256: object, where: Where) -> dict[str, Any]:
        """Where the model looked in one picture, by its digest."""
        picture = gallery.find(sha256, run.split)
        file = (picture.name, run.pictures_root / picture.path)
        (found,) = self._site.jobs.explain(run, [file], where)
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
        run: Run,
        told: Evaluation,
        view: View,
        start: object,
        looks: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The value of the grid: one page of a view."""
        found = gallery.pictures(view, told, run.split)
        first = gallery.first(start, len(found))
        mends = can_mend(owner, run)
        fixed = {each.picture.sha256: each for each in fixed_by(owner, run)}
        return {
            "title": gallery.title(view, told, len(found)),
            "note": gallery.note(view, told, len(found)),
            "pictures": [
                {**_card(run, each, told.labels, fixed), "look": (looks or {}).get(each.sha256)}
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


def evaluated(run: Run | None) -> Evaluation | None:
    """What a run's kept model answered to its validation pictures, if that is known."""
    return known(run, "validation")


def known(run: Run | None, side: evaluation.Side) -> Evaluation | None:
    """What a run's kept model answered to a side, if that is known and still holds."""
    history = run.history if run else None
    told = history.evaluated if history else None
    if run is None or history is None or told is None or history.busy or not history.finished:
        return None
    try:
        read = evaluation.load(run.evaluation(side))
    except RunError:
        return None
    return read if read.epoch == told.epoch else None  # else it is of before more training


def opened(owner: Owner) -> tuple[Run, Evaluation]:
    """The open run and its evaluation.

    Raises:
        NotYours: When there is none.
    """
    run = owner.open_run
    told = evaluated(run)
    if run is None or told is None:
        raise NotYours(say("There are no results to show."), say("Go to Results again."))
    return run, told


def can_mend(owner: Owner, run: Run) -> bool:
    """Whether the pictures that this run learned from are the open ones."""
    return fixes.belongs(run, owner.open_dataset)


def fixed_by(owner: Owner, run: Run) -> tuple[Fix, ...]:
    """What this person has put right since the run began."""
    dataset = owner.open_dataset
    return fixes.pending(dataset, run.split) if dataset and can_mend(owner, run) else ()


def thumbnail(run: Run, name: str, sha256: str, path: str) -> str:
    """A small square of one of a run's pictures, "" when it is gone."""
    return thumbnails.thumbnail(Dataset(run.pictures_root, ()), Picture(name, sha256, path))


def _card(
    run: Run, shown: gallery.Shown, labels: Sequence[str], fixed: dict[str, Fix]
) -> dict[str, Any]:
    card: dict[str, Any] = {
        "id": shown.sha256,
        "name": shown.name.partition("/")[2] or shown.name,
        "thumbnail": thumbnail(run, shown.name, shown.sha256, shown.path),
        "truth": labels[shown.truth],
        "fix": fixed[shown.sha256].sentence if shown.sha256 in fixed else "",
    }
    if shown.answered:
        card["answer"] = labels[shown.answered.answer]
        card["confidence"] = shown.answered.confidence
    return card
