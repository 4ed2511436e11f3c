"""One of the person's pictures in the variants that a training reads."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import gradio as gr
from gradio.components import Component

from gui.core import caching, pixels, seeing, variants
from gui.core import config as settings
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.errors import FreezepointError, SettingError
from gui.core.owner import Owner
from gui.core.site import Site
from gui.core.split import Labelled
from gui.steps.base import Shown, Step
from gui.steps.wires import Wires
from gui.widgets.view_tiles import view_tiles
from gui.words import mark, say

# The settings that what is shown, or what is said of it, hangs on.
_ASKED: Final = (
    *("freeze_point", "image_size", "flip", "rotation", "zoom"),
    *("views", "epochs", "head_epochs"),
)
_OFF: Final = mark("Every augmentation is off: it learns from each picture as it is.")
_PLAIN: Final = mark("With one view it learns from each picture as it is.")
_VIEWS: Final = mark(
    "These are the very pixels that training reads: the first {n} of them, one in each epoch, in "
    "turn."
)
# Where the views are set; only who sees all settings sees those, too.
_MORE_VIEWS: Final = mark("With more views, see Train, it would learn from the next of these, too.")
_WHERE: Final = mark("How many is set by the views, see Train.")
_ANEW: Final = mark(
    "Variants of this kind are drawn anew in every epoch, so none comes twice: this early a freeze "
    "point begins each epoch with the pictures."
)
_ANEW_AFTER: Final = mark(
    "While only the head learns, it reads the first {n} of these, pixel by pixel, one in each "
    "epoch. Afterwards variants of this kind are drawn anew in every epoch."
)
_ANEW_AFTER_PLAIN: Final = mark(
    "While only the head learns, it reads the picture as it is. Afterwards variants of this kind "
    "are drawn anew in every epoch."
)


class Variants(Step):
    """A fold that is filled when it is opened."""

    def __init__(self, site: Site) -> None:
        self._site = site
        with gr.Accordion(say("See what it will learn from"), open=False) as self.fold:
            self.tiles = view_tiles(say("Variants of one of your pictures"))
        self.picture = gr.State("")  # the digest of the one that is shown; "" when closed
        self.parts: list[Any] = []
        self.restored: list[Any] = [self.fold, self.tiles, self.picture]

    def show(self, owner: Owner) -> Shown:
        """Nothing before it is asked for."""
        del owner
        return {}

    def restore(self, owner: Owner) -> Shown:
        """Closed: the pictures may be others."""
        del owner
        return {self.fold: gr.update(open=False), self.tiles: None, self.picture: ""}

    def wire(
        self, wires: Wires, controls: Mapping[str, Component], pictures_changed: Sequence[Any]
    ) -> None:
        """Draw when the fold is opened, and anew when it is open and a setting has changed."""
        quiet: dict[str, Any] = {"queue": False, "show_progress": "hidden"}
        shown = [self.tiles, self.picture]
        values = {**controls, "picture": self.picture}
        changes = [controls[name].change for name in _ASKED]  # type: ignore[attr-defined]
        changed = [*changes, *(each.then for each in pictures_changed)]
        wires.on(self.fold.expand, self._open, extra=shown, values=controls, **quiet)
        wires.on(self.fold.collapse, lambda _: {self.picture: ""}, extra=[self.picture], **quiet)
        wires.on(self.tiles.another, self._turn, extra=shown, values=values, **quiet)
        for event in changed:
            wires.on(event, self._again, extra=shown, values=values, **quiet)

    def _open(self, owner: Owner, **values: object) -> Shown:
        return self._drawn(owner, variants.after(_in_turn(owner), ""), values)

    def _turn(self, owner: Owner, picture: object, **values: object) -> Shown:
        return self._drawn(owner, variants.after(_in_turn(owner), str(picture)), values)

    def _again(self, owner: Owner, picture: object, **values: object) -> Shown:
        if not picture:
            return {}
        try:
            chosen = variants.same(_in_turn(owner), str(picture))
        except FreezepointError:
            return {self.tiles: None}  # what is missing is said elsewhere
        return self._drawn(owner, chosen, values)

    def _drawn(self, owner: Owner, chosen: Labelled, values: Mapping[str, object]) -> Shown:
        try:
            config = Config(ModelSettings.read(values), TrainSettings.read(values))
        except SettingError:
            return {self.picture: chosen.sha256}  # a number half typed
        opened = owner.dataset(owner.desk.dataset)
        drawn = variants.draw(opened.root / chosen.path, chosen.sha256, config.model)
        used = _read(config)
        tiles = [
            {"picture": pixels.address(each), "used": view < used}
            for view, each in enumerate(drawn)
        ]
        value = {
            "name": chosen.name,
            "note": note(config),
            "further": further(config),
            "tiles": tiles,
        }
        return {self.tiles: value, self.picture: chosen.sha256}


def note(config: Config) -> str:
    """How many of the variants are read, and when."""
    if not config.model.augments:
        return say(_OFF)
    used = _read(config)
    if not caching.worth_caching(config.model.freeze_point):
        if not used:
            return say(_ANEW)
        return say(_ANEW_AFTER_PLAIN) if used == 1 else say(_ANEW_AFTER, n=used)
    return say(_PLAIN) if used == 1 else say(_VIEWS, n=used)


def further(config: Config) -> str:
    """Where it is set how many are read; "" when that isn't what decides."""
    if not config.model.augments or not caching.worth_caching(config.model.freeze_point):
        return ""
    return say(_MORE_VIEWS) if _read(config) == 1 else say(_WHERE)


def _read(config: Config) -> int:
    """How many of the variants a training reads just so; the others only show the kind."""
    early = not caching.worth_caching(config.model.freeze_point)
    phases = dict(settings.phases(config, config.train.epochs))
    return 0 if early and "head" not in phases else caching.views(config)


def _in_turn(owner: Owner) -> list[Labelled]:
    return variants.in_turn(seeing.learned_from(owner, owner.dataset(owner.desk.dataset)))
