"""What a training will take, told on the page before anyone presses Start."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import gradio as gr
from gradio.components import Component

from gui.core import forecast, ladder, vgg16
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.errors import FreezepointError, SettingError
from gui.core.owner import Owner
from gui.core.site import Site
from gui.steps import risks
from gui.steps.base import Shown, Step, escaped
from gui.steps.wires import Wires
from gui.words import again, joined, say

_LOOK_S = 2.0  # until this computer is measured


class PlanLines(Step):
    """The same sentences in two places: beside the freeze point and beside Start."""

    def __init__(
        self,
        site: Site,
        lines: Sequence[gr.Markdown],
        settings: Mapping[str, Component],
        risk: gr.Markdown,
    ) -> None:
        self._site = site
        self._lines = lines
        self._risk = risk
        self._settings = settings
        self.timer = gr.Timer(_LOOK_S)
        self.parts: list[Any] = []
        self.restored: list[Any] = [*lines, risk, self.timer]

    def show(self, owner: Owner) -> Shown:
        """Nothing that doesn't hang on the settings on the page."""
        del owner
        return {}

    def restore(self, owner: Owner) -> Shown:
        """For the settings of the open run."""
        run = owner.open_run
        config = run.config if run else Config()
        return self._told(owner, replace(config, train=owner.desk.divided(config.train)))

    def wire(self, wires: Wires, others: Sequence[Callable[..., Any]]) -> None:
        """Tell it anew at each change of a setting, at the given events, and once it is known."""
        changes = [part.change for part in self._settings.values()]  # type: ignore[attr-defined]
        for event in (*changes, *others, self.timer.tick):
            wires.on(
                event,
                self._tell,
                extra=self.restored,
                values=self._settings,
                queue=False,
                show_progress="hidden",
            )

    def _tell(self, owner: Owner, **values: object) -> Shown:
        try:
            config = Config(ModelSettings.read(values), TrainSettings.read(values))
        except SettingError:  # a number half typed; Start says what is wrong
            return dict.fromkeys([*self._lines, self._risk], "")
        return self._told(owner, config)

    def _told(self, owner: Owner, config: Config) -> dict[Any, Any]:
        measuring = self._site.jobs.speeds is None and self._site.jobs.weights_problem is None
        text = foretold(self._site, owner, config)
        told = {**dict.fromkeys(self._lines, text), self._risk: risks.judged(owner, config)}
        return {**told, self.timer: gr.update(active=measuring)}


def foretold(site: Site, owner: Owner, config: Config) -> str:
    """What a training of the open pictures takes, or why it can't be started; "" without any."""
    if owner.open_dataset is None:
        return ""
    try:
        plan = site.plan(owner, config)
    except FreezepointError as error:
        return f"⚠ {escaped(_problem(error))}"
    if plan is not None:
        return forecast.describe(plan)
    return _unknown(site)


def compared(
    site: Site, owner: Owner, points: Sequence[str], values: Mapping[str, object]
) -> tuple[str, bool]:
    """What comparing these freeze points of the open pictures takes, and whether it can start."""
    if owner.open_dataset is None:
        return "", True
    if len({vgg16.first_learning(each) for each in points}) < ladder.FEWEST:
        return say("Tick at least two freeze points."), False
    run = owner.open_run
    if run and run.history.busy:
        return say("A training is under way: see Train."), False
    try:
        config = Config(ModelSettings.read(values), TrainSettings.read(values))
        plan = site.comparison.plan(owner, config, points)
    except FreezepointError as error:
        return f"⚠ {escaped(_problem(error))}", False
    if plan is not None:
        return forecast.describe_ladder(plan, config), True
    return _unknown(site), True


def _unknown(site: Site) -> str:
    """Why nobody can say yet how long it takes, or "" where nobody ever will."""
    measuring = site.jobs.speeds is None and not site.jobs.weights_problem
    return say(forecast.MEASURING) if measuring else ""


def _problem(error: FreezepointError) -> str:
    return joined(again(error.what), again(error.hint))
