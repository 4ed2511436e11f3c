"""Whether the open training knows what it has learned from looks like, and letting it learn that.

A training does so at its end. One of an earlier version, or one that began with the pictures
themselves, has to look through them once more.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from gui.core.owner import Owner
from gui.core.site import Site
from gui.core.workshop import Progress
from gui.steps.base import Shown
from gui.widgets.progress_line import progress_line
from gui.words import mark, say

_UNKNOWING = mark(
    "This training can't say yet whether a picture is none of its classes: for that, it has to "
    "look through the pictures it has learned from once more."
)


class Familiarity:
    """A sentence and a button, as long as it doesn't know."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.sentence = gr.Markdown(say(_UNKNOWING), visible=False)
        self.learn = gr.Button(say("Let it look through them"), size="sm", visible=False)
        self.line = progress_line(say("Progress of looking through the pictures"))
        self.parts: list[Any] = [self.sentence, self.learn, self.line]

    def show(self, owner: Owner) -> Shown:
        """Nothing when it knows, or hasn't ended yet."""
        run = owner.open_run
        finished = run is not None and run.history.finished is not None
        asked = finished and not self._site.testing.knows_its_own(owner)
        return {
            self.sentence: gr.update(visible=asked),
            self.learn: gr.update(visible=asked, interactive=True),
            self.line: None,
        }

    def remember(self, owner: Owner, progress: Progress) -> None:
        """Look through them."""
        self._site.testing.remember(owner, progress)

    def busy(self, done: int, total: int) -> Shown:
        """How far it is."""
        text = say(
            "Looking through {done:,} of {total:,} pictures" if total else "Getting ready",
            done=done,
            total=total,
        )
        line = {"text": text, "fraction": done / total if total else None, "state": "running"}
        return {self.line: line, self.learn: gr.update(interactive=False)}

    @property
    def idle(self) -> Shown:
        """So that it can be tried again."""
        return {self.line: None, self.learn: gr.update(interactive=True)}
