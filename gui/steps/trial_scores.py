"""Dropped folders that bear the names of classes: the model is evaluated on them in full."""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.components import Component

from gui.core import trial, trust
from gui.core.given import File, Given
from gui.core.owner import Owner
from gui.core.site import Site
from gui.core.testing import open_run
from gui.core.trial import Trial
from gui.core.workshop import Progress
from gui.steps.base import Shown, escaped
from gui.steps.judged import of_trial
from gui.steps.mistakes import Mistakes
from gui.steps.sureness import Sureness
from gui.steps.wires import Wires
from gui.widgets.left_out import WORDS, left_out
from gui.widgets.progress_line import progress_line
from gui.words import again, say

_ASIDE_WORDS = {
    **WORDS,
    "summary": "{n} pictures don't count: see why",
    "summary_one": "{n} picture doesn't count: see why",
    "list": "Pictures that don't count, by reason",
}


class TrialScores:
    """Offered when the truth is known, worked out on a press."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.ask = gr.Button(visible=False)
        self.line = progress_line(say("Progress of the evaluation"))
        with gr.Column(visible=False) as self.found:
            self.sentence = gr.Markdown(elem_classes="fp-verdict")
            self.aside = left_out(words=_ASIDE_WORDS)
            self.mistakes = Mistakes(site, of_trial)
            self.sureness = Sureness()
        self.parts: list[Any] = [
            self.ask, self.line, self.found, self.sentence, self.aside,
            *self.mistakes.parts, *self.sureness.parts,
        ]  # fmt: skip

    def wire(self, wires: Wires, trial_id: Component) -> None:
        """Connect what opens the dropped pictures of a cell."""
        self.mistakes.wire(wires, trial_id)

    def offer(self, owner: Owner, taken: Trial | None) -> Shown:
        """The button for these pictures, if the truth is known of two or more; nothing else."""
        nothing = {
            **self._shown(owner, None, ""),
            self.line: None,
            self.ask: gr.update(visible=False),
        }
        if taken is None:
            return nothing
        pictures, classes = trial.told_apart(taken.truths(open_run(owner).split.labels))
        if pictures < 2:
            return nothing
        text = say(
            "Evaluate these: {pictures:,} pictures in {classes:,} class"
            if classes == 1
            else "Evaluate these: {pictures:,} pictures in {classes:,} classes",
            pictures=pictures,
            classes=classes,
        )
        return {**nothing, self.ask: gr.update(value=text, visible=True, interactive=True)}

    def work_out(self, owner: Owner, trial_id: str, progress: Progress) -> Shown:
        """Evaluate the open run on the dropped pictures."""
        run, taken = open_run(owner), trial.load(owner, trial_id)
        trial.touch(owner, taken)
        files = [
            File(each.rel, each.path, trial.folder(each.rel), each.original)
            for each in taken.entries
        ]
        found = self._site.jobs.workshop.evaluate_given(run, files, progress)
        if found.evaluation:
            trial.keep_evaluation(owner, taken, run.id, found.evaluation)
        return {
            **self._shown(owner, found, trial_id),
            self.line: None,
            self.ask: gr.update(interactive=True),
        }

    def busy(self, done: int, total: int) -> Shown:
        """How far it is."""
        text = say("Getting ready")
        if total:
            text = say("Evaluating: {done:,} of {total:,} pictures", done=done, total=total)
        line = {"text": text, "fraction": done / total if total else None, "state": "running"}
        return {self.line: line, self.ask: gr.update(interactive=False)}

    @property
    def idle(self) -> Shown:
        """So that it can be tried again."""
        return {self.line: None, self.ask: gr.update(interactive=True)}

    def _shown(self, owner: Owner, found: Given | None, trial_id: str) -> dict[Any, Any]:
        told = found.evaluation if found else None
        said = [f"## {escaped(trust.headline(told))}"] if told else []
        said += [caution] if told and (caution := escaped(trust.caution(told))) else []
        said += [escaped(found.sentence)] if found and found.sentence else []
        problems = found.problems if found else ()
        aside = [{"name": each.name, "reason": again(each.reason)} for each in problems]
        return {
            self.found: gr.update(visible=bool(said)),
            self.sentence: "\n\n".join(said),
            self.aside: {"files": aside},
            **self.mistakes.show(owner, of_trial(owner, trial_id) if told else None),
            **self.sureness.show(told, trial_id),
        }
