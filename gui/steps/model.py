"""Step 2: the freeze point, the head, the picture size, the augmentation."""

from collections.abc import Sequence
from typing import Any

import gradio as gr
from gradio.components import Component

from gui.core import dataset, vgg16
from gui.core.config import Config, ModelSettings
from gui.core.owner import Owner
from gui.core.site import Site
from gui.core.vgg16 import Counts
from gui.steps.base import Shown, Step, Wires, fields
from gui.steps.mode import MORE
from gui.steps.presets import Presets
from gui.widgets.layer_strip import layer_strip

_SEES = {1: "edges and colours", 2: "corners and textures", 3: "patterns", 4: "parts", 5: "things"}


class ModelStep(Step):
    """Choose what is frozen and see what that means."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.missing = gr.Markdown(elem_classes="fp-missing")
        with gr.Column() as self.body:
            gr.Markdown(
                "VGG16 has already learned from more than a million photos. What is **frozen** "
                "keeps what it knows; what comes after the **freeze point** learns from your "
                "pictures."
            )
            self.presets = Presets(site)
            self.settings = fields(ModelSettings, ["freeze_point"])
            self.strip = layer_strip("VGG16, layer by layer")
            self.counts = gr.Markdown(elem_classes="fp-counts")
            self.plan = gr.Markdown(elem_classes="fp-plan")
            with gr.Row(elem_classes=MORE):
                self.settings |= fields(ModelSettings, ["head", "image_size"])
            with gr.Row(elem_classes=["fp-wraps", MORE]):
                self.settings |= fields(ModelSettings, ["flip", "rotation", "zoom"])
            with gr.Accordion(
                "The full table of layers, as Keras prints it", open=False, elem_classes=MORE
            ) as self.full:
                self.ask = gr.Button("Show the table", size="sm")
                self.summary = gr.Code(
                    label="Keras summary",
                    language=None,
                    interactive=False,
                    elem_classes="fp-code",
                    max_lines=24,
                )
            self.next = gr.Button("Go on: train", variant="primary", elem_classes="fp-next")
        self.parts: list[Any] = [self.missing, self.body]
        self.restored = [*self.settings.values(), self.presets.cards, self.strip, self.counts]

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
        return {**controls, **cards, **self._drawn(owner, settings)}

    def wire(self, wires: Wires, pictures_changed: Sequence[Any]) -> None:
        """Connect the step; the events say that the number of classes may be another."""
        shape: dict[str, Component] = {
            name: self.settings[name] for name in ("freeze_point", "head", "image_size")
        }
        changes = [part.change for part in self.settings.values()]  # type: ignore[attr-defined]
        for event in [*changes, *(each.then for each in pictures_changed)]:
            wires.on(
                event,
                self._redraw,
                extra=[self.strip, self.counts, self.summary],
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
        )
        for event in (self.ask.click, self.full.expand):
            wires.on(event, self._summarise, extra=[self.summary], values=self.settings)

    def _redraw(self, owner: Owner, **values: object) -> Shown:
        # The table that Keras printed was for other values.
        return {**self._drawn(owner, ModelSettings.read(values)), self.summary: None}

    def _choose(self, owner: Owner, event: gr.EventData) -> Shown:
        del owner
        vgg16.position(event.name)
        return {self.settings["freeze_point"]: event.name}

    def _summarise(self, owner: Owner, **values: object) -> Shown:
        settings = ModelSettings.read(values)
        return {self.summary: self._site.jobs.summary(settings, _classes(owner))}

    def _drawn(self, owner: Owner, settings: ModelSettings) -> dict[Any, Any]:
        point, head, size = settings.freeze_point, settings.head, settings.image_size
        counts = vgg16.count(point, head, size, _classes(owner))
        layers = [
            {
                "name": layer.name,
                "kind": layer.kind,
                "block": layer.block,
                "label": f"{layer.channels} filters" if layer.kind == "conv" else "halves the size",
                "size": " × ".join(map(str, vgg16.shape_after(layer.name, size)[:2])),
                "frozen": place < vgg16.position(point),
                "parameters": layer.parameters,
            }
            for place, layer in enumerate(vgg16.LAYERS)
        ]
        layers.append(
            {
                "name": vgg16.HEAD_ONLY,
                "kind": "head",
                "block": 6,
                "label": f"{head} head: names your classes",
                "size": f"{_classes(owner)} classes",
                "frozen": False,
                "parameters": vgg16.head_parameters(head, size, _classes(owner)),
            }
        )
        strip = {"layers": layers, "point": point, "caption": _sees(point)}
        return {self.strip: strip, self.counts: _told(point, counts)}


def _classes(owner: Owner) -> int:
    opened = owner.open_dataset
    return max(2, len(opened.usable)) if opened else 2


def _sees(point: str) -> str:
    first = vgg16.first_learning(point)
    if first == vgg16.HEAD_ONLY:
        return "All of VGG16 is frozen: it goes on seeing what it saw in a million photos."
    block = next(layer.block for layer in vgg16.LAYERS if layer.name == first)
    return f"Block {block}, which sees {_SEES[block]}, is the first that may change."


def _told(point: str, counts: Counts) -> str:
    first = vgg16.first_learning(point)
    share, layers = counts.trainable / counts.total, len(vgg16.WITH_WEIGHTS)
    lines = [
        f"**Frozen:** {counts.layers_frozen} of {layers} layers of VGG16, {counts.frozen:,} "
        f"parameters. **Learning:** {counts.layers_learning} of {layers} layers and the head, "
        f"{counts.trainable:,} parameters ({share:.1%} of all {counts.total:,}). "
        "A parameter is one number that the network can change; pools have none, so they don't "
        "count as layers here."
    ]
    if point != first:
        same = "head only" if first == vgg16.HEAD_ONLY else f"`{first}`"
        lines.append(
            f"`{point}` has no parameters of its own: the same numbers learn as with {same}."
        )
    return "\n\n".join(lines)
