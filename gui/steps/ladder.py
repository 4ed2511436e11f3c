"""Which freeze point is best for my pictures? Several, one after another, side by side."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import gradio as gr
from gradio.components import Component

from gui.charts import ladder as charts
from gui.core import dataset, ladder, progress, verdict, vgg16
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.events import History
from gui.core.ladder import Ladder, Rung
from gui.core.site import Site
from gui.core.workspace import Owner
from gui.steps.base import Shown, Step, Wires, escaped
from gui.widgets.live_plot import live_plot
from gui.widgets.progress_line import progress_line
from gui.widgets.rung_table import rung_table

_GLANCE_S = 1.0
_POINT = "freeze_point"  # the one setting that each rung has its own of


class LadderStep(Step):
    """Choose freeze points, watch them learn one after another, read which is best."""

    def __init__(self, site: Site, settings: dict[str, Component]) -> None:
        self._site = site
        self._settings = {name: part for name, part in settings.items() if name != _POINT}
        self.missing = gr.Markdown(elem_classes="fp-missing")
        with gr.Column() as self.body:
            gr.Markdown(
                "### Which freeze point is best for my pictures?\n\n"
                "Each freeze point you tick is trained on the same pictures, one after another, "
                "with the other settings as they are under Model and Train. What is frozen in all "
                "of them runs over your pictures only once, during the first training."
            )
            with gr.Column() as self.choice:
                self.points = gr.CheckboxGroup(
                    [(_words(point), point) for point in ladder.OFFERED],
                    value=list(ladder.USUAL),
                    label="Freeze points to compare",
                    elem_classes="fp-choices",
                )
            with gr.Row():
                self.start = gr.Button("Compare them", variant="primary")
                self.go_on = gr.Button("Go on with the rest", variant="primary", visible=False)
                self.stop_rung = gr.Button("Stop this one and go on", visible=False)
                self.stop = gr.Button("Stop the comparison", visible=False)
        self.line = progress_line("Progress of the comparison")
        self.verdict = gr.Markdown(elem_classes="fp-verdict", visible=False)
        self.table = rung_table("The freeze points side by side")
        with gr.Row(elem_classes="fp-wraps") as self.curves:
            empty = "The curves appear when the first epoch has ended."
            self.accuracy = live_plot("Accuracy of each freeze point", empty)
            self.loss = live_plot("Loss of each freeze point", empty)
        self.timer = gr.Timer(_GLANCE_S, active=False)
        self.seen = gr.State("")  # which ladder, states and epochs the page shows
        self._buttons = [self.start, self.go_on, self.stop_rung, self.stop]
        drawn = [self.verdict, self.table, self.curves, self.accuracy, self.loss]
        self.live: list[Any] = [self.choice, self.line, self.timer, *self._buttons, *drawn]
        self.parts: list[Any] = [self.missing, self.body, *self.live]
        self.restored = [self.points]

    def show(self, owner: Owner) -> Shown:
        """What is missing, and the open ladder as it stands."""
        opened, rungs = _open(owner)
        lacking = None if opened else dataset.missing(owner.open_dataset)
        return {
            self.missing: gr.update(value=lacking or "", visible=bool(lacking)),
            self.body: gr.update(visible=lacking is None),
            **self._watched(owner, rungs),
            **self._drawn(opened, rungs),
        }

    def restore(self, owner: Owner) -> Shown:
        """The freeze points of the open ladder, as far as they are offered here."""
        opened = owner.open_ladder
        chosen = opened.points if opened else ladder.USUAL
        return {self.points: [each for each in ladder.OFFERED if each in chosen]}

    def wire(self, wires: Wires, shows: list[Step], everything: list[Step]) -> None:
        """Connect the step; the lists are the steps that show all runs, and the open one."""
        changed, values = [self, *shows], {**self._settings, "points": self.points}
        wires.on(self.start.click, self._start, changed, values=values)
        wires.on(self.go_on.click, self._site.go_on_comparing, changed)
        wires.on(self.stop_rung.click, self._site.stop_rung, changed)
        wires.on(self.stop.click, self._site.stop_comparing, changed)
        wires.on(self.table.picked, self._pick, [self, *everything], restores=True)
        wires.on(
            self.timer.tick,
            lambda owner, seen: self._glance(owner, seen, shows),
            extra=[self.seen, *self.live, *(part for step in shows for part in step.parts)],
            values={"seen": self.seen},
            queue=False,
            show_progress="hidden",
        )

    def _start(self, owner: Owner, points: Sequence[str], **values: object) -> None:
        config = Config(ModelSettings.read(values), TrainSettings.read(values))
        self._site.compare(owner, config, points)

    def _pick(self, owner: Owner, event: gr.EventData) -> None:
        self._site.open_run(owner, event.id)

    def _glance(self, owner: Owner, seen: str, shows: list[Step]) -> Shown:
        """What has changed since the last look; what is drawn and other steps only when it did."""
        opened, rungs = _open(owner)
        now = _state_of(opened, rungs)
        shown = {self.seen: now, **self._watched(owner, rungs)}
        if now == seen:
            return shown
        others = {part: how for step in shows for part, how in step.show(owner).items()}
        return {**shown, **self._drawn(opened, rungs), **others}

    def _watched(self, owner: Owner, rungs: Sequence[Rung]) -> dict[Any, Any]:
        """Progress and buttons."""
        busy = [each for each in rungs if each.busy]
        lacking = any(each.history and not each.history.finished for each in rungs)
        current = owner.run(busy[0].run_id) if busy else None
        stopping = bool(current and current.stop_requested)
        place = self._site.jobs.place(current) if current else None
        line = asdict(verdict.describe(rungs, place, stopping=stopping)) if rungs else None
        return {
            self.choice: gr.update(visible=not busy),
            self.line: line,
            self.timer: gr.Timer(active=bool(busy)),
            self.start: gr.update(
                visible=not busy,
                value="Start a new comparison" if rungs else "Compare them",
                variant="secondary" if rungs else "primary",  # the answer is what matters then
            ),
            self.go_on: gr.update(visible=lacking and not busy),
            self.stop_rung: gr.update(
                visible=len(busy) > 1,
                value="Stop this one at once and go on" if stopping else "Stop this one and go on",
            ),
            self.stop: gr.update(
                visible=bool(busy),
                value="Stop the comparison at once" if stopping else "Stop the comparison",
            ),
        }

    def _drawn(self, opened: Ladder | None, rungs: Sequence[Rung]) -> dict[Any, Any]:
        """Verdict, table and curves."""
        best = verdict.winner(rungs)
        table = {"rungs": [_row(each, best=each is best) for each in rungs]}
        told = {each.name: each.history for each in rungs if each.history and each.history.epochs}
        return {
            self.verdict: gr.update(value=escaped(verdict.verdict(rungs)), visible=bool(rungs)),
            self.table: table if rungs else None,
            self.curves: gr.update(visible=bool(rungs)),
            self.accuracy: _figure(charts.accuracy(told), opened) if told else None,
            self.loss: _figure(charts.loss(told), opened) if told else None,
        }


def _open(owner: Owner) -> tuple[Ladder | None, tuple[Rung, ...]]:
    opened = owner.open_ladder
    return opened, owner.rungs(opened) if opened else ()


def _state_of(opened: Ladder | None, rungs: Sequence[Rung]) -> str:
    """Another text whenever there is something new to draw."""
    states = (f"{each.history.state} {len(each.history.epochs)}" for each in rungs if each.history)
    return f"{opened.id} {', '.join(states)}" if opened else ""


def _figure(figure: Any, opened: Ladder | None) -> dict[str, Any]:  # noqa: ANN401 - plotly's
    figure.update_layout(uirevision=opened.id if opened else "")  # zoom outlives new points
    drawn: dict[str, Any] = json.loads(figure.to_json())
    return drawn


def _words(point: str) -> str:
    """A freeze point with what it means, for choosing."""
    first = vgg16.position(point)
    learning = [each for each in vgg16.LAYERS[first:] if each.kind == "conv"]
    if not learning:
        return "head only: all of VGG16 frozen, the quickest"
    if first == 0:
        return f"{point}: all of VGG16 learns, by far the slowest"
    if len(learning) == 1:
        return f"{point}: the last layer of VGG16 learns, too"
    blocks = len({each.block for each in learning})
    which = "the last block learns" if blocks == 1 else f"the last {blocks} blocks learn"
    return f"{point}: {which}, too{', slow' if blocks > 1 else ''}"


def _row(rung: Rung, *, best: bool) -> dict[str, Any]:
    told, history = rung.accuracy, rung.history
    result = told and {
        "share": told.share,
        "low": told.low,
        "high": told.high,
        "text": told.text,
        "low_text": told.low_text,
        "high_text": told.high_text,
    }
    learned = history is not None and bool(history.epochs)
    prepared = progress.duration(rung.preparing_s) if learned and rung.preparing_s >= 1 else ""
    return {
        "id": rung.run_id if history else "",
        "name": rung.name,
        "state": history.state if history else "deleted",
        "note": _note(history) if history else "",
        "result": result,
        "seconds": progress.duration(rung.seconds) if rung.seconds else "",
        "seconds_note": f"{prepared} of it to get the pictures ready" if prepared else "",
        "amount": f"{rung.learning:,}" if rung.learning else "",
        "best": best,
    }


def _note(history: History) -> str:
    if history.evaluated and not history.busy:
        return f"epoch {history.evaluated.epoch} of {len(history.epochs)} kept"
    if history.failed:
        return history.failed.what
    if history.epochs:
        return f"after {len(history.epochs)} of {history.epochs_planned} epochs"
    return ""
