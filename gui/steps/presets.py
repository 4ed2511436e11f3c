"""The ready-made choices of how much may learn, each with what it would take here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from gradio.components import Component

from gui.core import forecast, presets, time_span
from gui.core.config import Config, TrainSettings
from gui.core.errors import FreezepointError
from gui.core.owner import Owner
from gui.core.presets import Preset
from gui.core.site import Site
from gui.steps.base import Shown
from gui.steps.sent import Sent, unknown
from gui.steps.wires import Wires
from gui.widgets.preset_cards import preset_cards
from gui.words import again, mark, say

_TAKES = mark("About {time}, {memory} of memory")


class Presets:
    """Cards that set many settings at once; the settings stay what counts."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.cards = preset_cards(say("How much may learn?"))

    def restore(self, owner: Owner, config: Config) -> Shown:
        """Every card, for settings that are on the page."""
        division = owner.desk.divided(TrainSettings())
        return self._told(owner, division, asdict(config.model) | asdict(config.train))

    def wire(
        self,
        wires: Wires,
        settings: Mapping[str, Component],
        others: Sequence[Callable[..., Any]],
    ) -> None:
        """Connect it; ``others`` are the events after which the times may be others."""
        quick: dict[str, Any] = {"queue": False, "show_progress": "hidden"}
        wires.on(self.cards.picked, self._use(settings), extra=settings.values(), **quick)
        for part in settings.values():
            wires.on(
                part.change,  # type: ignore[attr-defined]
                self._mark,
                extra=[self.cards],
                values=settings,
                **quick,
            )
        for event in others:
            wires.on(event, self._tell, extra=[self.cards], values=settings, **quick)

    def _use(self, settings: Mapping[str, Component]) -> Callable[[Owner, Sent], Shown]:
        def use(owner: Owner, event: Sent) -> Shown:
            del owner
            preset = presets.find(event.text("id"))
            if preset is None:
                raise unknown()
            return {settings[name]: value for name, value in preset.values().items()}

        return use

    def _mark(self, owner: Owner, **values: object) -> Shown:
        del owner
        return {self.cards: _mark(values)}

    def _tell(self, owner: Owner, **values: object) -> Shown:
        try:
            division = TrainSettings.read(values)
        except FreezepointError:
            division = TrainSettings()  # a number half typed
        return self._told(owner, division, values)

    def _told(
        self, owner: Owner, division: TrainSettings, values: Mapping[str, object]
    ) -> dict[Any, Any]:
        cards = [self._card(owner, each, division) for each in presets.PRESETS]
        return {self.cards: {"cards": cards, **_mark(values)}}

    def _card(self, owner: Owner, preset: Preset, division: TrainSettings) -> dict[str, Any]:
        takes, problem = "", False
        try:
            plan = self._site.plan(owner, preset.config(division))
        except FreezepointError as error:
            takes, problem = again(error.what), True
        else:
            if plan is not None:
                memory = forecast.size(plan.peak_bytes)
                takes = say(_TAKES, time=time_span.duration(plan.seconds()), memory=memory)
        return {
            "id": preset.id,
            "name": say(preset.name),
            "about": say(preset.about),
            "takes": takes,
            "problem": problem,
        }


def _mark(values: Mapping[str, object]) -> dict[str, str]:
    chosen = presets.chosen(values)
    return {"chosen": chosen.id if chosen else ""}
