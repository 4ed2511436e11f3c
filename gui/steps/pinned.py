"""The pinned pictures on the page: sent once, then only the answers that are new."""

from __future__ import annotations

from typing import Any

from gui.core import pinned
from gui.core.history import History
from gui.core.owner import Owner
from gui.core.pinned import Pinned
from gui.core.runs import Run
from gui.steps.base import Shown
from gui.steps.curves import NOTHING, Drawn
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

    def show(self, run: Run | None, history: History | None, drawn: Drawn = NOTHING) -> Shown:
        """The answers so far, or those that came after what was drawn."""
        if run is None or history is None or not history.epochs:
            return {self.strip: None}
        grows = drawn.begins(run, history)
        split, new = run.split, history.epochs[drawn.epochs if grows else 0 :]
        followed = pinned.followed(split, new)
        if not (followed or (grows and pinned.followed(split, history.epochs))):
            return {self.strip: None}
        kept = history.kept if not history.busy else None
        value = {
            "version": Drawn.of(run, history).version,
            "rounds": _rounds(followed),
            "shown": (kept or history.epochs[-1]).epoch,
            "kept": kept is not None,
        }
        if grows:
            return {self.strip: {**value, "after": drawn.version}}
        pictures = [_card(run, each) for each in followed]
        return {self.strip: {**value, "labels": list(split.labels), "pictures": pictures}}

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
