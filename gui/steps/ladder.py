"""Which freeze point is best for my pictures? Several, one after another, side by side."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import gradio as gr
from gradio.components import Component

from gui.charts import ladder as charts
from gui.core import climb, dataset, files, ladder, verdict
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.errors import NotYours, SettingError
from gui.core.ladder import Ladder
from gui.core.owner import Owner
from gui.core.rung import Rung
from gui.core.site import Site
from gui.steps import rungs as rows
from gui.steps.base import Shown, Step, escaped
from gui.steps.plan import compared
from gui.steps.sent import Sent
from gui.steps.wires import Wires, all_shown, parts
from gui.widgets.live_plot import live_plot
from gui.widgets.progress_line import progress_line
from gui.widgets.rung_table import rung_table
from gui.words import say

_GLANCE_S = 1.0
_MOMENT_S = 10.0
_POINT = "freeze_point"  # the one setting that each rung has its own of


class LadderStep(Step):
    """Choose freeze points, watch them learn one after another, read which is best."""

    def __init__(self, site: Site, settings: dict[str, Component]) -> None:
        self._site = site
        self._settings = {name: part for name, part in settings.items() if name != _POINT}
        self.missing = gr.Markdown(elem_classes="fp-missing")
        with gr.Column() as self.body:
            gr.Markdown(_about())
            with gr.Column() as self.choice:
                self.points = gr.CheckboxGroup(
                    rows.choices({}),
                    value=list(ladder.QUICK),
                    label=say("Freeze points to compare"),
                    elem_classes="fp-choices",
                )
                self.plan = gr.Markdown(elem_classes="fp-plan")
            with gr.Row():
                self.start = gr.Button(say("Compare them"), variant="primary")
                self.go_on = gr.Button(say("Go on with the rest"), variant="primary", visible=False)
                self.stop_rung = gr.Button(say("Stop this one and go on"), visible=False)
                self.stop = gr.Button(say("Stop the comparison"), visible=False)
        self.line = progress_line(say("Progress of the comparison"))
        self.verdict = gr.Markdown(elem_classes="fp-verdict", visible=False)
        self.take = gr.Button(variant="primary", visible=False)
        self.table = rung_table(say("The freeze points side by side"))
        with gr.Row(elem_classes="fp-wraps") as self.curves:
            empty = say("The curves appear when the first epoch has ended.")
            self.accuracy = live_plot(say("Accuracy of each freeze point"), empty)
            self.loss = live_plot(say("Loss of each freeze point"), empty)
        self.timer = gr.Timer(_GLANCE_S, active=False)
        self.seen = gr.State("")  # which ladder, states and epochs the page shows
        self._buttons = [self.start, self.go_on, self.stop_rung, self.stop]
        drawn = [self.verdict, self.take, self.table, self.curves, self.accuracy, self.loss]
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
            **self._drawn(owner, opened, rungs),
        }

    def restore(self, owner: Owner) -> Shown:
        """The freeze points of the open ladder, as far as they are offered here."""
        opened = owner.open_ladder
        chosen = opened.points if opened else ladder.QUICK
        return {self.points: [each for each in ladder.OFFERED if each in chosen]}

    def wire(self, wires: Wires, shows: list[Step], everything: list[Step]) -> None:
        """Connect the step; the lists are the steps that show all runs, and the open one."""
        changed, values = [self, *shows], {**self._settings, "points": self.points}
        wires.on(self.start.click, self._start, changed, values=values)
        wires.on(self.go_on.click, self._site.comparison.go_on, changed)
        wires.on(self.stop_rung.click, self._site.comparison.stop_rung, changed)
        wires.on(self.stop.click, self._site.comparison.stop, changed)
        wires.on(self.table.picked, self._pick, [self, *everything], restores=True)
        wires.on(self.take.click, self._take, [self, *everything], restores=True)
        wires.on(
            self.timer.tick,
            lambda owner, seen: self._glance(owner, seen, shows),
            extra=[self.seen, *self.live, *parts(shows)],
            values={"seen": self.seen},
            queue=False,
            show_progress="hidden",
        )

    def wire_plan(
        self,
        wires: Wires,
        arrived: Callable[..., Any],
        others: Sequence[Callable[..., Any]],
    ) -> None:
        """Tell what it takes when the person comes here, ticks a point, or other events say so."""
        values = {**self._settings, "points": self.points}
        told = [self.plan, self.start]
        how: dict[str, Any] = {"values": values, "queue": False, "show_progress": "hidden"}
        wires.on(arrived, self._arrive, extra=[*told, self.points], **how)
        wires.on(self.points.change, self._tell, extra=told, **how)
        for event in (self.seen.change, *others):
            wires.on(event, self._tell_all, extra=[*told, self.points], **how)

    def _start(self, owner: Owner, points: Sequence[str], **values: object) -> None:
        config = Config(ModelSettings.read(values), TrainSettings.read(values))
        self._site.comparison.start(owner, config, points)

    def _arrive(self, owner: Owner, event: Sent, points: Sequence[str], **values: object) -> Shown:
        return self._tell_all(owner, points, **values) if event.get("id") == "compare" else {}

    def _tell_all(self, owner: Owner, points: Sequence[str], **values: object) -> Shown:
        """What comparing takes, and each of the freeze points by itself."""
        if any(each.busy for each in _open(owner)[1]) or owner.open_dataset is None:
            return {}
        run = owner.open_run
        if run and run.history.busy:  # it tells so with every epoch
            return self._tell(owner, points, **values)
        try:
            config = Config(ModelSettings.read(values), TrainSettings.read(values))
        except SettingError:
            return self._tell(owner, points, **values)
        known = rows.choices(self._site.comparison.learning_s(owner, config))
        return {self.points: gr.update(choices=known), **self._tell(owner, points, **values)}

    def _tell(self, owner: Owner, points: Sequence[str], **values: object) -> Shown:
        """What comparing the ticked points takes, or why they can't be compared."""
        text, ready = compared(self._site, owner, points, values)
        return {self.plan: text, self.start: gr.update(interactive=ready)}

    def _pick(self, owner: Owner, event: Sent) -> None:
        self._site.open_run(owner, event.text("id"))

    def _take(self, owner: Owner) -> None:
        advised = verdict.advised(_open(owner)[1])
        if advised is None:
            raise NotYours(
                say("Nothing is advised any more."), say("Open one of the freeze points below.")
            )
        self._site.open_run(owner, advised.run_id)

    @files.still()
    def _glance(self, owner: Owner, seen: str, shows: list[Step]) -> Shown:
        """What has changed since the last look; what is drawn and other steps only when it did."""
        opened, rungs = _open(owner)
        now = _state_of(opened, rungs)
        shown = {self.seen: now, **self._watched(owner, rungs)}
        if now == seen:
            return shown
        return {**shown, **self._drawn(owner, opened, rungs), **all_shown(shows, owner)}

    def _watched(self, owner: Owner, rungs: Sequence[Rung]) -> dict[Any, Any]:
        """Progress and buttons."""
        busy = [each for each in rungs if each.busy]
        lacking = any(each.history and not each.whole for each in rungs)
        advised = verdict.advised(rungs)
        current = owner.run(busy[0].run_id) if busy else None
        stopping = bool(current and current.stop_requested)
        standing = self._site.jobs.standing(current) if current else None
        if standing and standing.place == 1 and self._begins_soon(rungs):
            standing = None
        line = asdict(climb.describe(rungs, standing, stopping=stopping)) if rungs else None
        return {
            self.choice: gr.update(visible=not busy),
            self.line: line,
            self.timer: gr.update(active=bool(busy)),
            self.start: gr.update(
                visible=not busy,
                value=say("Start a new comparison" if rungs else "Compare them"),
                variant="secondary" if rungs else "primary",  # the answer is what matters then
            ),
            self.go_on: gr.update(
                visible=lacking and not busy, variant="secondary" if advised else "primary"
            ),
            self.stop_rung: gr.update(
                visible=len(busy) > 1,
                value=say(
                    "Stop this one at once and go on" if stopping else "Stop this one and go on"
                ),
            ),
            self.stop: gr.update(
                visible=bool(busy),
                value=say("Stop the comparison at once" if stopping else "Stop the comparison"),
            ),
        }

    def _begins_soon(self, rungs: Sequence[Rung]) -> bool:
        """Whether nobody else has to end before the first in the queue, a rung of these, begins."""
        told = [each.history for each in rungs if each.history]
        ends = [end.at for each in told if (end := each.finished or each.failed)]
        # The worker that ends one rung begins the next; for a moment it is still at the one before.
        just_ended = bool(ends) and self._site.clock() - max(ends) < _MOMENT_S
        return just_ended or not self._site.jobs.pids

    def _drawn(self, owner: Owner, opened: Ladder | None, rungs: Sequence[Rung]) -> dict[Any, Any]:
        """Verdict, what to do next, table and curves."""
        advised = verdict.advised(rungs)
        table = rows.table(rungs, _shared(owner, rungs), verdict.winner(rungs))
        told = {each.name: each.history for each in rungs if each.history and each.history.epochs}
        return {
            self.verdict: gr.update(value=escaped(verdict.verdict(rungs)), visible=bool(rungs)),
            self.take: gr.update(
                value=say("Take {name} and test it", name=advised.name) if advised else "",
                visible=advised is not None,
            ),
            self.table: table if rungs else None,
            self.curves: gr.update(visible=bool(rungs)),
            self.accuracy: _figure(charts.accuracy(told), opened) if told else None,
            self.loss: _figure(charts.loss(told), opened) if told else None,
        }


def _about() -> str:
    title = say("Which freeze point is best for my pictures?")
    text = say(
        "Each freeze point you tick is trained on the same pictures, one after another, with the "
        "other settings as they are under Model and Train. What is frozen in all of them runs over "
        "your pictures only once, during the first training."
    )
    return f"### {title}\n\n{text}"


def _shared(owner: Owner, rungs: Sequence[Rung]) -> Config | None:
    """The settings of all rungs; they differ in the freeze point only."""
    known = (each.run_id for each in rungs if each.history)
    return next((owner.run(each).config for each in known), None)


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
