"""The page as a table of contents: who is here, the steps in order, and coming back to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gradio as gr
import plotly
from starlette.middleware import Middleware

from gui import server
from gui.core import workspace
from gui.core.errors import NotYours
from gui.core.owner import Owner
from gui.core.site import Site
from gui.steps import home, journey, lessons
from gui.steps.base import Shown, Step, Wires
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
from gui.steps.test import TestStep
from gui.steps.train import TrainStep
from gui.theme import theme
from gui.widgets.step_bar import step_bar

_ASSETS = Path(__file__).resolve().parents[1] / "assets"
_PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
# Gradio looks for queued events 1,000 times a second and for progress 100 times: 3 % of a core, day
# and night. On Windows it looks as seldom as this.
_QUEUE_LOOK_S = 0.05
_PROGRESS_LOOK_S = 0.1
_LARGEST_UPLOAD_BYTES = 4 * 2**30  # one zip; folders come in small parts
_RESERVE_BYTES = 500 * 10**6  # stays free for the trainings of everybody


class Page(Step):
    """Everything that a person sees."""

    def __init__(self, site: Site) -> None:
        self._site = site
        with gr.Blocks(title="Freezepoint", delete_cache=(3600, 86400)) as self.blocks:
            # The browser keeps the token; the key only hides it from a casual look.
            self.token = gr.BrowserState("", storage_key="freezepoint", secret="freezepoint")
            with gr.Row(elem_classes="fp-top"):
                gr.HTML((_ASSETS / "header.html").read_text(encoding="utf-8"), padding=False)
                self.mode = Mode()
            self.host = HostPart(site, home.DOWNLOADS)
            self.bar = step_bar("Steps")
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
            lines = [self.model.plan, self.train.plan]
            self.plan = PlanLines(site, lines, settings, self.model.risk)
            self.weights = gr.Markdown(elem_classes="fp-foot")
            self.parts: list[Any] = [self.bar, self.weights]
            self._wire()
        # As queue(api_open=False) does, but that makes all of Gradio's routes once more.
        self.blocks.api_open = False
        self.blocks._queue.sleep_when_free = _QUEUE_LOOK_S
        self.blocks._queue.progress_update_sleep_when_free = _PROGRESS_LOOK_S

    def show(self, owner: Owner) -> Shown:
        """The bar of steps and the line at the foot."""
        return {self.bar: journey.bar(owner), self.weights: self._weights()}

    def serve_downloads(self, app: Any) -> None:  # noqa: ANN401 - what launch returns
        """Let people download their models from the running app."""
        server.serve_downloads(app, self._site.workspace, home.DOWNLOADS)

    def _wire(self) -> None:
        wires = Wires(self._site, self.token)
        with_run: list[Step] = [self.results, self.test, self.home, self.runs, self.host, self]
        edited: list[Step] = [self.model, self.train, self.ladder, self]
        changed = self.pictures.wire(wires, [*edited, self.results])
        changed += self.results.wire(wires, [self.train, *with_run], [self.pictures, *edited])
        self.model.wire(wires, changed, self.train.settings)
        self.train.wire(wires, with_run, [self.pictures])
        self.test.wire(wires)
        self.home.wire(wires)
        self.host.wire(wires)
        # Answers of the run before would stand under the new one's name.
        self.train.start.click(
            lambda: None, outputs=self.test.answers, queue=False, api_visibility="undocumented"
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
        moved = [self.tabs, self.bar, *self.home.live]

        def go(owner: Owner, event: gr.EventData) -> Shown:
            return self._go(owner, str(event.id))

        def opened(owner: Owner, event: gr.EventData) -> Shown:
            return self._go(owner, "train") if event.kind == "open" else {}

        for part in (self.bar, self.train.coaching.coach):
            wires.on(part.chosen, go, [self.train.gate], extra=moved, **quick)
        for part in (self.runs.list, self.ladder.table):
            wires.on(part.picked, opened, extra=moved, **quick)
        wires.on(
            self.ladder.take.click, lambda owner: self._go(owner, "test"), extra=moved, **quick
        )
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
        """Coming, coming back, and coming from another device are the same."""

        def arrive(token: str) -> tuple[str, str]:
            try:
                self._site.workspace.owner(token)
            except NotYours:
                token = workspace.new_token()  # new here
            return token, token

        arrived = self.blocks.load(
            arrive,
            inputs=[self.token],
            outputs=[self.token, self.train.link],
            js=(_ASSETS / "arrive.js").read_text(encoding="utf-8"),
            queue=False,
            api_visibility="undocumented",
        )
        wires.on(
            arrived.then,
            self._welcome,
            everything,
            extra=[self.tabs],
            restores=True,
            queue=False,
            show_progress="hidden",
        )

    def _welcome(self, owner: Owner) -> Shown:
        """Whoever has a training or a comparison under way comes back to it."""
        run, ladder = owner.open_run, owner.open_ladder
        if run and run.history.busy:
            return self._go(owner, "train")
        busy = ladder is not None and any(each.busy for each in owner.rungs(ladder))
        return self._go(owner, "compare") if busy else {}

    def _go(self, owner: Owner, step: str) -> Shown:
        if step not in NAMES:
            raise NotYours("The page asked for a step that isn't there.", "Reload the page.")
        bar = journey.bar(owner, step)
        entered = self.home.enter(owner) if step == "home" else {}
        return {self.tabs: gr.Tabs(selected=step), self.bar: bar, **entered}

    def _weights(self) -> str:
        jobs = self._site.jobs
        if jobs.weights_problem:
            return f"⚠ {jobs.weights_problem.what} {jobs.weights_problem.hint}"
        if jobs.weights:
            return (
                "Freezepoint builds on VGG16, which has learned from more than a million photos. "
                f"Its ImageNet weights come from {jobs.weights}."
            )
        return ""


@contextmanager
def _tab(step: str) -> Iterator[None]:
    """A step of the page, with its head; the rest is made inside."""
    with gr.Tab(NAMES[step], id=step, elem_classes=f"fp-{step}"):
        lessons.head(step, NAMES[step])
        yield


def launch_options(uploads: Path) -> dict[str, Any]:
    """What ``launch`` needs for the page: theme, styles, scripts; nothing from elsewhere."""
    uploads.mkdir(parents=True, exist_ok=True)
    reserve = Middleware(server.Reserve, folder=uploads, reserve_bytes=_RESERVE_BYTES)
    gr.set_static_paths([_PLOTLY])
    return {
        "theme": theme(),
        "css_paths": [_ASSETS / "page.css"],
        "head": f'<script src="gradio_api/file={_PLOTLY}" defer></script>',
        "favicon_path": str(_ASSETS / "favicon.svg"),
        "footer_links": [],
        "run_history": False,
        "enable_monitoring": False,
        "ssr_mode": False,
        "pwa": False,
        "mcp_server": False,
        "max_file_size": _LARGEST_UPLOAD_BYTES,
        "app_kwargs": {
            "max_body_size": _LARGEST_UPLOAD_BYTES + 2**20,  # and the form around the file
            "middleware": [reserve],
        },
        "quiet": True,
    }
