"""The page as a table of contents: who is here, the steps in order, and coming back to them."""

import html
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gradio as gr

from gui.core import files
from gui.core.errors import NotYours
from gui.core.owner import Owner
from gui.core.site import Site
from gui.steps import arrival, home, journey, lessons
from gui.steps.base import Shown, Step
from gui.steps.home import HomeStep
from gui.steps.host import HostPart
from gui.steps.journey import NAMES
from gui.steps.ladder import LadderStep
from gui.steps.mode import Mode
from gui.steps.model import ModelStep
from gui.steps.pictures import PicturesStep
from gui.steps.plan import PlanLines
from gui.steps.results import ResultsStep
from gui.steps.runs import RunsStep
from gui.steps.sent import Sent
from gui.steps.test import TestStep
from gui.steps.train import TrainStep
from gui.steps.wires import Wires
from gui.widgets.language_links import Language, language_links
from gui.widgets.signed_in import signed_in
from gui.widgets.step_bar import step_bar
from gui.words import again, joined, locales, say, spoken

_ASSETS = Path(__file__).resolve().parents[1] / "assets"


class Page(Step):
    """Everything that a person sees, in the language that is spoken where it is made."""

    def __init__(self, site: Site, blocks: gr.Blocks, *, signs_in: bool = False) -> None:
        self._site = site
        self.blocks = blocks
        # The browser keeps the token; the key only hides it from a casual look.
        self.token = gr.BrowserState("", storage_key="freezepoint", secret="freezepoint")
        with gr.Row(elem_classes="fp-top"):
            gr.HTML(_header(), padding=False)
            language_links(say("Language"), _languages())
            self.mode = Mode()
            self.signed_in = signed_in(say("Signed in"), visible=signs_in)
        gr.HTML('<p class="fp-farewell" role="status" hidden></p>', padding=False)
        self.host = HostPart(site, home.DOWNLOADS)
        self.bar = step_bar(say("Steps"))
        with gr.Tabs(selected="pictures", elem_classes="fp-steps") as self.tabs:
            with _tab("pictures"):
                self.pictures = PicturesStep(site)
            with _tab("model"):
                self.model = ModelStep(site)
            with _tab("train"):
                self.train = TrainStep(site, self.model.settings)
            with _tab("compare"):
                settings = {**self.model.settings, **self.train.settings}
                self.ladder = LadderStep(site, settings)
            with _tab("results"):
                self.results = ResultsStep(site)
            with _tab("test"):
                self.test = TestStep(site)
            with _tab("home"):
                self.home = HomeStep(site)
            with _tab("runs"):
                self.runs = RunsStep(site)
        settings = {**self.model.settings, **self.train.settings}
        lines = [self.model.plan, self.train.plan, self.train.plan_anew]
        self.plan = PlanLines(site, lines, settings, self.model.risk)
        self.weights = gr.Markdown(elem_classes="fp-foot")
        self.kept = gr.Button(
            say("What is kept of you, and how to delete it"), size="sm", elem_classes="fp-foot-link"
        )
        self.parts: list[Any] = [self.bar, self.weights]
        self._wire()

    def show(self, owner: Owner) -> Shown:
        """The bar of steps and the line at the foot."""
        return {self.bar: journey.bar(owner), self.weights: self._weights()}

    def _wire(self) -> None:
        wires = Wires(self._site, self.token)
        with_run: list[Step] = [self.results, self.test, self.home, self.runs, self.host, self]
        edited: list[Step] = [self.model, self.train, self.ladder, self]
        changed = self.pictures.wire(wires, [*edited, self.results])
        changed += self.results.wire(wires, [self.train, *with_run], [self.pictures, *edited])
        self.model.wire(wires, changed, self.train.settings)
        self.train.wire(wires, with_run, [self.pictures])
        for answered in self.test.wire(wires):
            wires.on(answered.then, lambda _: None, [self], queue=False, show_progress="hidden")
        self.home.wire(wires)
        self.host.wire(wires)
        # Answers of the run before would stand under the new one's name.
        for button in self.train.starts:
            button.click(
                lambda: (None, None),
                outputs=[self.test.answers, self.test.drop],
                queue=False,
                api_visibility="undocumented",
            )
        everything: list[Step] = [
            self.pictures, self.model, self.train, self.plan, self.ladder, *with_run,
        ]  # fmt: skip
        self.ladder.wire(
            wires,
            [self.train.gate, self.runs, self],
            [each for each in everything if each is not self.ladder],
        )
        self.runs.wire(wires, [each for each in everything if each is not self.runs])
        self.runs.kept.wire(wires, self.host.notice)
        self._wire_steps(wires)
        renewed = [self.train.seen.change, *(each.then for each in changed)]
        self.plan.wire(wires, [*renewed, self.bar.chosen])
        costs = [*renewed, self.bar.chosen, self.plan.timer.tick]
        self.model.presets.wire(wires, {**self.model.settings, **self.train.settings}, costs)
        self.mode.wire(self.blocks)
        self.ladder.wire_plan(wires, self.bar.chosen, [*renewed, self.plan.timer.tick])
        self._wire_arrival(wires, everything)

    def _wire_steps(self, wires: Wires) -> None:
        """Going from step to step."""
        quick: dict[str, Any] = {"queue": False, "show_progress": "hidden"}
        moved = [self.tabs, self.bar, *self.home.live, *self.runs.kept.parts]

        def go(owner: Owner, event: Sent) -> Shown:
            return self._go(owner, event.text("id"))

        def opened(owner: Owner, event: Sent) -> Shown:
            return self._go(owner, "train") if event.get("kind") == "open" else {}

        for part in (self.bar, self.train.coaching.coach):
            wires.on(part.chosen, go, [self.train.gate], extra=moved, **quick)
        for part in (self.runs.list, self.ladder.table):
            wires.on(part.picked, opened, extra=moved, **quick)
        wires.on(
            self.ladder.take.click, lambda owner: self._go(owner, "test"), extra=moved, **quick
        )
        wires.on(self.kept.click, lambda owner: self._go(owner, "runs"), extra=moved, **quick)
        following = {
            "pictures": "model",
            "model": "train",
            "train": "results",
            "results": "test",
            "test": "home",
        }
        for name, after in following.items():
            button = getattr(self, name).next
            wires.on(
                button.click, lambda owner, to=after: self._go(owner, to), extra=moved, **quick
            )

    def _wire_arrival(self, wires: Wires, everything: list[Step]) -> None:
        told = [self.train.link, self.signed_in]
        arrived = arrival.wire(self._site, self.blocks, self.token, told)
        wires.on(
            arrived.then,
            self._welcome,
            everything,
            extra=[self.tabs],
            restores=True,
            queue=False,
            show_progress="hidden",
        )
        # Widgets send files with it (assets/widgets/shared.js).
        arrived.then(None, inputs=[self.token], js="(key) => void (window.freezepointKey = key)")

    def _welcome(self, owner: Owner) -> Shown:
        """Whoever has a training or a comparison under way comes back to it."""
        run, ladder = owner.open_run, owner.open_ladder
        if run and run.history.busy:
            return self._go(owner, "train")
        busy = ladder is not None and any(each.busy for each in owner.rungs(ladder))
        return self._go(owner, "compare") if busy else {}

    def _go(self, owner: Owner, step: str) -> Shown:
        if step not in NAMES:
            raise NotYours(
                say("The page asked for a step that isn't there."), say("Reload the page.")
            )
        with files.still():
            bar = journey.bar(owner, step)
        entered: Shown = {}
        if step == "home":
            entered = self.home.enter(owner)
        elif step == "runs":
            entered = self.runs.kept.show(owner)
        return {self.tabs: gr.Tabs(selected=step), self.bar: bar, **entered}

    def _weights(self) -> str:
        jobs = self._site.jobs
        if jobs.weights_problem:
            problem = jobs.weights_problem
            return f"⚠ {joined(again(problem.what), again(problem.hint))}"
        if jobs.weights:
            return say(
                "Freezepoint builds on VGG16, which has learned from more than a million photos. "
                "Its ImageNet weights come from {source}.",
                source=again(jobs.weights),
            )
        return ""


@contextmanager
def _tab(step: str) -> Iterator[None]:
    """A step of the page, with its head; the rest is made inside."""
    with gr.Tab(say(NAMES[step]), id=step, elem_classes=f"fp-{step}"):
        lessons.head(step, say(NAMES[step]))
        yield


def _header() -> str:
    summary = say(
        "Teach a network to tell your pictures apart. It has seen a million photos already; you "
        "choose how much of it may learn."
    )
    template = (_ASSETS / "header.html").read_text(encoding="utf-8")
    return template.replace("{summary}", html.escape(summary))


def _languages() -> list[Language]:
    """The other languages, and where their pages are."""
    return [
        {"code": each.code, "name": each.name, "address": f"./?language={each.code}"}
        for each in locales().values()
        if each.code != spoken()
    ]
