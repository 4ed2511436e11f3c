"""What mending the pictures has changed: before and after, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import gradio as gr

from gui.core import retraining, trust
from gui.core.errors import FreezepointError
from gui.core.evaluation import Evaluation
from gui.core.owner import Owner
from gui.core.retraining import BeforeAfter
from gui.core.runs import Run
from gui.steps import scores
from gui.steps.base import Shown
from gui.steps.judged import evaluated, thumbnail
from gui.widgets.picture_grid import picture_grid
from gui.widgets.share_pair import share_pair
from gui.words import say

_MOST = 24  # pictures of each kind that are shown


class Changes:
    """For a run that was trained again with mended pictures; nothing for any other."""

    def __init__(self) -> None:
        with gr.Column(visible=False) as self.body:
            self.pair = share_pair(say("Before and after"))
            self.mended = picture_grid(say("Pictures that became right"))
            self.spoiled = picture_grid(say("Pictures that became wrong"))
        self.parts: list[Any] = [self.body, self.pair, self.mended, self.spoiled]

    def show(self, owner: Owner) -> Shown:
        """Both results, and the pictures whose answers changed."""
        run, changed = owner.open_run, _changed(owner)
        told = evaluated(run)
        if run is None or told is None or changed is None:
            return {self.body: gr.update(visible=False)}
        return {
            self.body: gr.update(visible=True),
            self.pair: _pair(changed),
            self.mended: _grid(run, told, changed.mended, right=True),
            self.spoiled: _grid(run, told, changed.spoiled, right=False),
        }


def _changed(owner: Owner) -> BeforeAfter | None:
    """What came of mending; None for another run, or when the one before is gone."""
    run = owner.open_run
    with suppress(FreezepointError):
        if run and (before := retraining.retrained_from(run)):
            return retraining.before_after(owner.run(before), run)
    return None


def _pair(changed: BeforeAfter) -> dict[str, Any]:
    told = ((say("Before"), changed.before), (say("After your fixes"), changed.after))
    return {
        "title": say("Did your fixes help?"),
        "shares": [{**scores.share(each, each.text), "name": name} for name, each in told],
        "note": trust.changed(changed),
    }


def _grid(
    run: Run, told: Evaluation, names: Sequence[str], *, right: bool
) -> dict[str, Any] | None:
    if not names:
        return None
    wanted = set(names[:_MOST])
    shown = [
        {
            "id": each.sha256,
            "name": each.name.partition("/")[2] or each.name,
            "thumbnail": thumbnail(run, each.name, each.sha256, each.path),
            "truth": told.labels[each.truth],
            "answer": told.labels[each.answer],
            "confidence": each.confidence,
        }
        for each in told.answers
        if each.name in wanted
    ]
    left = len(names) - len(shown)
    return {
        "title": say("{n} became right" if right else "{n} became wrong", n=len(names)),
        "note": say("The first {n} of them.", n=len(shown)) if left > 0 else "",
        "pictures": shown,
        "view": {"run": run.id},
        "first": 0,
        "total": len(shown),
        "size": _MOST,
        "classes": [],
    }
