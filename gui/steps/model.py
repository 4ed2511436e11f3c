"""Step 2: the freeze point, the head, the picture size, the augmentation."""

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr
from gradio.components import Component

from gui.core import dataset, vgg16
from gui.core.config import Config, ModelSettings
from gui.core.owner import Owner
from gui.core.site import Site
from gui.steps import drawing
from gui.steps.base import Shown, Step, fields
from gui.steps.mode import MORE, SIMPLE
from gui.steps.presets import Presets
from gui.steps.sees import BlocksSeen
from gui.steps.sent import Sent
from gui.steps.variants import Variants
from gui.steps.wires import Wires
from gui.widgets.layer_strip import layer_strip
from gui.words import mark, say

_WHAT = mark(
    "VGG16 has already learned from more than a million photos. What is **frozen** keeps what it "
    "knows; what comes after the **freeze point** learns from your pictures."
)


class ModelStep(Step):
    """Choose what is frozen and see what that means."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.missing = gr.Markdown(elem_classes="fp-missing")
        with gr.Column() as self.body:
            gr.Markdown(say(_WHAT))
            self.presets = Presets(site)
            self.settings = fields(ModelSettings, ["freeze_point"])
            self.strip = layer_strip(say("VGG16, layer by layer"))
            with gr.Row(elem_classes="fp-wraps"):
                with gr.Column():
                    self.plain = gr.Markdown(elem_classes=SIMPLE)
                    self.counts = gr.Markdown(elem_classes=MORE)
                with gr.Column():
                    self.plan = gr.Markdown(elem_classes="fp-plan")
                    self.risk = gr.Markdown(elem_classes="fp-risk")
            self.sees = BlocksSeen(site)
            with gr.Row(elem_classes=MORE):
                self.settings |= fields(ModelSettings, ["head", "image_size"])
            with gr.Row(elem_classes=["fp-wraps", MORE]):
                self.settings |= fields(ModelSettings, ["flip", "rotation", "zoom"])
            self.variants = Variants(site)
            with gr.Accordion(
                say("The full table of layers, as Keras prints it"), open=False, elem_classes=MORE
            ) as self.full:
                self.ask = gr.Button(say("Show the table"), size="sm")
                self.summary = gr.Code(
                    label=say("Keras summary"),
                    language=None,
                    interactive=False,
                    elem_classes="fp-code",
                    max_lines=24,
                )
            self.next = gr.Button(say("Go on: train"), variant="primary", elem_classes="fp-next")
        self.parts: list[Any] = [self.missing, self.body]
        folds = [*self.sees.restored, *self.variants.restored]
        self.restored = [
            *self.settings.values(), self.presets.cards, self.strip, self.plain, self.counts, *folds
        ]  # fmt: skip

    def show(self, owner: Owner) -> Shown:
        """What is missing, or the step itself."""
        lacking = dataset.missing(owner.open_dataset)
        return {
            self.missing: gr.update(value=lacking or "", visible=bool(lacking)),
            self.body: gr.update(visible=lacking is None),
        }

    def restore(self, owner: Owner) -> Shown:
        """Every control as the open run was trained with, and the network drawn for it."""
        run = owner.open_run
        config = run.config if run else Config()
        settings = config.model
        controls = {part: getattr(settings, name) for name, part in self.settings.items()}
        cards = self.presets.restore(owner, config)
        folds = {**self.sees.restore(owner), **self.variants.restore(owner)}
        return {**controls, **cards, **self._drawn(owner, settings), **folds}

    def wire(
        self, wires: Wires, pictures_changed: Sequence[Any], train: Mapping[str, Component]
    ) -> None:
        """Connect the step; the events say that the number of classes may be another."""
        shape: dict[str, Component] = {
            name: self.settings[name] for name in ("freeze_point", "head", "image_size")
        }
        changes = [part.change for part in self.settings.values()]  # type: ignore[attr-defined]
        for event in [*changes, *(each.then for each in pictures_changed)]:
            wires.on(
                event,
                self._redraw,
                extra=[self.strip, self.plain, self.counts, self.summary],
                values=shape,
                queue=False,
                show_progress="hidden",
            )
        wires.on(
            self.strip.chosen,
            self._choose,
            extra=[self.settings["freeze_point"]],
            queue=False,
            show_progress="hidden",
            trigger_mode="always_last",  # a key that is pressed again before the answer has come
        )
        for event in (self.ask.click, self.full.expand):
            wires.on(event, self._summarise, extra=[self.summary], values=self.settings)
        self.sees.wire(wires, self.settings["image_size"], pictures_changed)
        self.variants.wire(wires, {**self.settings, **train}, pictures_changed)

    def _redraw(self, owner: Owner, **values: object) -> Shown:
        # The table that Keras printed was for other values.
        return {**self._drawn(owner, ModelSettings.read(values)), self.summary: None}

    def _choose(self, owner: Owner, event: Sent) -> Shown:
        del owner
        point = event.text("name")
        vgg16.position(point)
        return {self.settings["freeze_point"]: point}

    def _summarise(self, owner: Owner, **values: object) -> Shown:
        settings = ModelSettings.read(values)
        return {self.summary: self._site.jobs.questions.summary(settings, _classes(owner))}

    def _drawn(self, owner: Owner, settings: ModelSettings) -> dict[Any, Any]:
        point, head, size = settings.freeze_point, settings.head, settings.image_size
        counts = vgg16.count(point, head, size, _classes(owner))
        network = drawing.network(point, head, size, _classes(owner))
        return {
            self.strip: network,
            self.plain: drawing.plainly(counts),
            self.counts: drawing.told(point, counts),
        }


def _classes(owner: Owner) -> int:
    opened = owner.open_dataset
    return max(2, len(opened.usable)) if opened else 2
