"""Step: take the training home, in the forms that a person asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import gradio as gr

from gui.core import ended, take_home
from gui.core.errors import RunError
from gui.core.forms import Group
from gui.core.new_run import title_of
from gui.core.owner import Owner
from gui.core.runs import Run
from gui.core.site import Site
from gui.sharing.orders import Orders
from gui.steps import forms, missing
from gui.steps.base import Shown, Step, escaped
from gui.steps.hub import HubPart
from gui.steps.sent import Sent
from gui.steps.wires import Wires
from gui.widgets.take_home import take_home as cards
from gui.words import mark, say

DOWNLOADS: Final = "freezepoint/download"  # relative to the page
_GLANCE_S: Final = 0.5
_OTHERS: Final[tuple[Group, ...]] = ("other", "app", "program")
_RECIPE = Path(__file__).resolve().parents[2] / "assets" / "use_model.py"
_ELSEWHERE = mark(
    "`model.keras` is the whole model: VGG16, your head, and the class names inside. It takes "
    "pictures as they are (red, green and blue, 0 to 255, any size) and gives one probability for "
    "each class, in the order of `labels.txt`. Using it needs `keras`, `tensorflow` and `pillow`."
)


class HomeStep(Step):
    """Have the finished training made into what is needed elsewhere, and download it."""

    def __init__(self, site: Site) -> None:
        self._orders = Orders(site.jobs.workshop)
        self.missing = gr.Markdown(elem_classes="fp-missing")
        with gr.Column() as self.body:
            self.title = gr.Markdown()
            self.groups: dict[Group, gr.HTML] = {"model": _group("model")}
            with gr.Accordion(say("Other forms for other programs"), open=False):
                self.groups |= {group: _group(group) for group in _OTHERS}
                _explain()
            self.groups["about"] = _group("about")
            self.hub = HubPart(site)
        self.timer = gr.Timer(_GLANCE_S, active=False)  # while something is made
        self.live: list[Any] = [*self.groups.values(), self.timer]
        self.parts: list[Any] = [self.missing, self.body, self.title, *self.live, *self.hub.parts]

    def show(self, owner: Owner) -> Shown:
        """What is missing, or the forms of the open run."""
        run = owner.open_run
        lacking = missing.for_home(run, earlier=owner.may_open_runs)
        return {
            self.missing: gr.update(value=lacking or "", visible=bool(lacking)),
            self.body: gr.update(visible=lacking is None),
            self.title: _title(run) if run and not lacking else "",
            **self._forms(owner),
            **self.hub.show(owner),
        }

    def wire(self, wires: Wires) -> None:
        """Connect the step; several forms can be asked for, one after another."""
        quick: dict[str, Any] = {"queue": False, "show_progress": "hidden", "extra": self.live}
        for part in self.groups.values():
            wires.on(part.picked, self._ask, trigger_mode="multiple", **quick)
        wires.on(self.timer.tick, self._forms, **quick)
        self.hub.wire(wires)

    def enter(self, owner: Owner) -> Shown:
        """Have the model checked for whoever comes to take it home: unchecked it isn't offered."""
        run = owner.open_run
        if run is None or missing.for_home(run):
            return {}
        if "keras" not in {**take_home.made(run), **self._orders.of(run)}:
            self._place(owner, run, "keras")
        return self._forms(owner)

    def _ask(self, owner: Owner, event: Sent) -> Shown:
        run = owner.open_run
        if run is None:
            raise RunError(say("No training is open."), say("Open one under Runs."))
        if event.get("kind") == "stop":
            self._orders.stop(run, event.text("id"))
        else:
            self._place(owner, run, event.text("id"))
        return self._forms(owner)

    def _place(self, owner: Owner, run: Run, form: str) -> None:
        with owner.room(take_home.likely_bytes(run, form)):
            self._orders.place(run, form)

    def _forms(self, owner: Owner) -> Shown:
        """Every form as it stands, and whether to look again soon."""
        run = owner.open_run
        if run is None or missing.for_home(run):
            return {**dict.fromkeys(self.groups.values()), self.timer: gr.update(active=False)}
        orders, fields = self._orders.of(run), {"token": owner.token, "run": run.id}
        under_way = any(each.state != "failed" for each in orders.values())
        return {
            **{
                part: forms.cards(run, group, orders, fields) for group, part in self.groups.items()
            },
            self.timer: gr.update(active=under_way),
        }


def _group(group: Group) -> gr.HTML:
    name, about = forms.GROUPS[group]
    return cards(say(name), say(about), DOWNLOADS)


def _explain() -> None:
    with gr.Accordion(say("How to use it in Python"), open=False):
        gr.Markdown(say(_ELSEWHERE))
        gr.Code(
            _RECIPE.read_text(encoding="utf-8"),
            language="python",
            label=say("How to use it"),
            interactive=False,
            wrap_lines=True,
        )


def _title(run: Run) -> str:
    title, evaluated = escaped(title_of(run)), run.history.evaluated
    if evaluated is None:
        return f"**{title}**"
    return say("**{title}**: {score}.", title=title, score=ended.score(evaluated))
