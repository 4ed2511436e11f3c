"""The pinned pictures on the page: sent once for each run, then only the answers to them."""

from __future__ import annotations

from typing import Any

from gui.core import pinned
from gui.core.history import History
from gui.core.owner import Owner
from gui.core.pinned import Pinned
from gui.core.runs import Run
from gui.steps.base import Shown
from gui.steps.judged import thumbnail
from gui.steps.wires import Wires
from gui.widgets.pinned import pinned as pinned_widget
from gui.words import say


class PinnedPictures:
    """How the answers to a few pictures change while it learns."""

    def __init__(self) -> None:
        self.strip = pinned_widget(say("Pictures it never learns from"))
        self.parts: list[Any] = [self.strip]

    def wire(self, wires: Wires) -> None:
        """Send the pictures to a page that has missed them."""
        wires.on(
            self.strip.behind, self._whole, extra=self.parts, queue=False, show_progress="hidden"
        )

    def show(self, run: Run | None, history: History | None, known: str = "") -> Shown:
        """The answers so far; ``known`` is the id of the run whose pictures the page has."""
        if run is None or history is None or not history.epochs:
            return {self.strip: None}
        split = run.split
        followed = pinned.followed(split, history.epochs)
        if not followed:
            return {self.strip: None}
        kept = history.kept if not history.busy else None
        rounds = _rounds(followed)
        value = {
            "run": run.id,
            "rounds": rounds,
            "shown": kept.epoch if kept else rounds[-1]["epoch"],
            "kept": kept is not None,
        }
        if known != run.id:
            value |= {"labels": list(split.labels), "pictures": [_card(run, e) for e in followed]}
        return {self.strip: value}

    def _whole(self, owner: Owner) -> Shown:
        run = owner.open_run
        return self.show(run, run.history if run else None)


def _rounds(followed: tuple[Pinned, ...]) -> list[dict[str, Any]]:
    return [
        {
            "epoch": answers[0].epoch,
            "answers": [each.label for each in answers],
            "confidences": [each.confidence for each in answers],
        }
        for answers in zip(*(each.answers for each in followed), strict=True)
    ]


def _card(run: Run, followed: Pinned) -> dict[str, Any]:
    picture = followed.picture
    return {
        "name": picture.name,
        "truth": picture.label,
        "thumbnail": thumbnail(run, picture.name, picture.sha256, picture.path),
    }
