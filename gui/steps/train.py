"""Step 3: start, watch, stop, go on."""

from dataclasses import asdict
from typing import Any

import gradio as gr
from gradio.components import Component

from gui.core import collection, dataset, files, machine, progress
from gui.core.config import DIVISION, Config, ModelSettings, TrainSettings, phases, resolve
from gui.core.history import History
from gui.core.owner import Owner
from gui.core.remedies import MORE_EPOCHS
from gui.core.runs import Run
from gui.core.site import Site
from gui.steps.base import Shown, Step, escaped, fields
from gui.steps.coaching import Coaching
from gui.steps.curves import NOTHING, Curves, Drawn
from gui.steps.mode import MORE
from gui.steps.pinned import PinnedPictures
from gui.steps.wires import Wires, all_shown, parts
from gui.widgets.private_link import private_link
from gui.widgets.progress_line import progress_line
from gui.words import joined, say

_GLANCE_S = 1.0
_FIRST = ("epochs", "patience")
_SETTINGS = (
    "head_epochs", "batch_size", "head_rate", "fine_rate", "views", "validation_share",
    "test_share", "seed",
)  # fmt: skip


class Gate(Step):
    """What can't be started while a comparison is running, and a sentence that says so."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.note = gr.Markdown(elem_classes="fp-missing", visible=False)
        self.parts: list[Any] = [self.note]  # and then the buttons

    def show(self, owner: Owner) -> Shown:
        """Open, or closed with the reason."""
        run = owner.open_run
        alone = run is not None and run.history.busy  # shown here: it has buttons of its own
        number = "" if alone else self._site.comparison.under_way(owner)
        text = ""
        if number:
            text = say(
                "A comparison is running (freeze point {number}): see Compare.", number=number
            )
        note, *buttons = self.parts
        return {
            note: gr.update(value=text, visible=bool(number)),
            **{button: gr.update(interactive=not number) for button in buttons},
        }


class TrainStep(Step):
    """Settings, three buttons, and the curves. Watching is one follower for live and old runs."""

    def __init__(self, site: Site, model: dict[str, Component]) -> None:
        self._site = site
        self._model = model
        self.missing = gr.Markdown(elem_classes="fp-missing")
        with gr.Column() as self.body:
            with gr.Row(elem_classes=MORE):
                self.settings = fields(TrainSettings, _FIRST)
            with gr.Accordion(say("Finer settings"), open=False, elem_classes=MORE):
                with gr.Row():
                    self.settings |= fields(TrainSettings, _SETTINGS)
                self.rates = gr.Markdown(rates(Config()))
            with gr.Column() as self.planned:
                self.plan = gr.Markdown(elem_classes="fp-plan")
            self.gate = Gate(site)
            self.start = gr.Button(say("Start"), variant="primary")
        self.line = progress_line(say("Progress of the training"), reveals=True)
        with gr.Row():
            self.stop = gr.Button(
                say("Stop and keep the best"), visible=False, elem_classes="fp-stop"
            )
            self.more = gr.Button(say("Train {n} more", n=MORE_EPOCHS), visible=False)
            self.go_on = gr.Button(say("Go on"), variant="primary", visible=False)
            self.keep = gr.Button(say("Keep the best so far"), visible=False)
        self.curves = Curves()
        self.coaching = Coaching(site)
        self.pinned = PinnedPictures()
        with gr.Column(visible=False) as self.anew:
            gr.Markdown(say("A new training with these settings:"))
            self.plan_anew = gr.Markdown(elem_classes="fp-plan")
            self.start_anew = gr.Button(say("Start a new training"))
        self.link = private_link()
        self.next = gr.Button(
            say("Go on: see how good it is"),
            variant="primary",
            elem_classes="fp-next",
            visible=False,
        )
        self.timer = gr.Timer(_GLANCE_S, active=False)
        self.seen = gr.State("")  # which run, state and epoch the page shows
        self.gate.parts += [self.start, self.start_anew, self.more, self.go_on, self.keep]
        shown = [*self.gate.parts[1:], self.stop, self.next, self.planned, self.anew]
        seen = [*self.curves.parts, *self.coaching.parts, *self.pinned.parts]
        self.live: list[Any] = [self.line, *seen, self.timer, *shown]
        self.parts: list[Any] = [self.missing, self.body, self.gate.note, *self.live]
        self.restored = list(self.settings.values())

    def show(self, owner: Owner) -> Shown:
        """What is missing, and the open run as it stands."""
        run = owner.open_run
        history = run.history if run else None
        lacking = None if run else dataset.missing(owner.open_dataset)
        watched, gate = self._watched(run, history), self.gate.show(owner)
        return {
            self.missing: gr.update(value=escaped(lacking or ""), visible=bool(lacking)),
            self.body: gr.update(visible=lacking is None),
            **watched,
            **{part: {**watched.get(part, {}), **how} for part, how in gate.items()},
            **self._seen(run, history, NOTHING),
        }

    def restore(self, owner: Owner) -> Shown:
        """Every control as the open run was trained with."""
        run = owner.open_run
        settings = owner.desk.divided(run.config.train if run else TrainSettings())
        return {part: getattr(settings, name) for name, part in self.settings.items()}

    @property
    def starts(self) -> list[gr.Button]:
        """The buttons that start a training: the first, and the one below a result."""
        return [self.start, self.start_anew]

    def wire(self, wires: Wires, shows: list[Step], divided: list[Step]) -> None:
        """Connect the step; the lists are the steps that depend on the run and on the split."""
        self.curves.wire(wires)
        self.pinned.wire(wires)
        changed, values = [self, *shows], {**self._model, **self.settings}
        self.coaching.wire(wires, values, changed)
        for button in self.starts:
            wires.on(button.click, self._start, changed, values=values)
        wires.on(self.stop.click, self._site.stop, changed)
        wires.on(self.go_on.click, self._site.go_on, changed)
        wires.on(self.keep.click, self._site.keep_best, changed)
        wires.on(self.more.click, lambda owner: self._site.train_more(owner, MORE_EPOCHS), changed)
        division = {name: values[name] for name in DIVISION}
        for part in division.values():
            wires.on(
                part.change,  # type: ignore[attr-defined]
                collection.divide,
                divided,
                values=division,
                queue=False,
                show_progress="hidden",
            )
        watching = [self.seen, *self.live, *parts(shows)]
        wires.on(
            self.timer.tick,
            lambda owner, seen, drawn: self._glance(owner, seen, drawn, shows),
            extra=watching,
            values={"seen": self.seen, "drawn": self.curves.drawn},
            queue=False,
            show_progress="hidden",
        )
        follows = {
            name: values[name] for name in ("freeze_point", "head", "head_rate", "fine_rate")
        }
        for part in follows.values():
            wires.on(
                part.change,  # type: ignore[attr-defined]
                self._tell_rates,
                extra=[self.rates],
                values=follows,
                queue=False,
                show_progress="hidden",
            )

    def _start(self, owner: Owner, **values: object) -> None:
        config = Config(ModelSettings.read(values), TrainSettings.read(values))
        self._site.start(owner, config)

    @files.still()
    def _glance(self, owner: Owner, seen: str, drawn: Drawn, shows: list[Step]) -> Shown:
        """What has changed since the last look; the curves and other steps only when they did."""
        run = owner.open_run
        history = run.history if run else None
        now = f"{run.id} {history.state} {len(history.epochs)}" if run and history else ""
        shown = {self.seen: now, **self._watched(run, history)}
        if now == seen:
            return shown
        return {**shown, **self._seen(run, history, drawn), **all_shown(shows, owner)}

    def _seen(self, run: Run | None, history: History | None, drawn: Drawn) -> Shown:
        """The curves and what goes with them, as far as the page has not been sent it."""
        return {
            **self.curves.show(run, history, drawn),
            **self.coaching.show(run, history),
            **self.pinned.show(run, history, drawn),
        }

    def _watched(self, run: Run | None, history: History | None) -> dict[Any, Any]:
        """Progress and buttons."""
        if run is None or history is None:
            return {self.line: None, self.timer: gr.update(active=False), **self._buttons(None)}
        stopping = run.stop_requested
        lost = history.state == "running" and machine.is_full(run.path) and not run.worked_on
        standing = self._site.jobs.standing(run)
        line = progress.describe(history, standing, stopping=stopping, lost=lost)
        return {
            self.line: asdict(line),
            self.timer: gr.update(active=history.busy),
            **self._buttons(history, stopping=stopping),
        }

    def _buttons(self, history: History | None, *, stopping: bool = False) -> dict[Any, Any]:
        busy, begun = history is not None and history.busy, history is not None
        whole = history is not None and not busy and history.finished is not None
        broken = history is not None and not busy and not whole
        return {
            self.start: gr.update(visible=not begun),
            self.stop: gr.update(
                visible=busy, value=say("Stop at once" if stopping else "Stop and keep the best")
            ),
            self.more: gr.update(visible=whole),
            self.go_on: gr.update(visible=broken),
            self.keep: gr.update(visible=broken and bool(history and history.epochs)),
            self.next: gr.update(visible=whole),
            self.planned: gr.update(visible=not begun),
            self.anew: gr.update(visible=begun and not busy),  # below the result of the last one
        }

    def _tell_rates(self, owner: Owner, **values: object) -> Shown:
        del owner
        return {self.rates: rates(Config(ModelSettings.read(values), TrainSettings.read(values)))}


def rates(config: Config) -> str:
    """Which learning rates a training with these settings uses, in words."""
    train = resolve(config).train
    head = say("Learning rate of the head: **{rate}**.", rate=_plain(train.head_rate))
    if not any(phase == "fine" for phase, _ in phases(config, train.epochs)):
        return head
    return joined(head, say("When VGG16 learns too: **{rate}**.", rate=_plain(train.fine_rate)))


def _plain(rate: float) -> str:
    """A small number without an exponent: 0.00002."""
    return f"{rate:.9f}".rstrip("0")
