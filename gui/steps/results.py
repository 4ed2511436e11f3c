"""Can it be trusted, what does it get wrong, and mending that."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import gradio as gr

from gui.core import files, progress, trust
from gui.core.evaluation import Evaluation
from gui.core.gallery import View
from gui.core.new_run import title_of
from gui.core.owner import Owner
from gui.core.runs import Run
from gui.core.site import Site
from gui.core.workshop import Progress
from gui.steps import missing
from gui.steps.base import Shown, Step, escaped
from gui.steps.changes import Changes
from gui.steps.judged import known, of_run
from gui.steps.mending import Mending
from gui.steps.mistakes import Mistakes
from gui.steps.more_pictures import MorePictures
from gui.steps.sureness import Sureness
from gui.steps.wires import Wires, all_shown, parts
from gui.widgets.progress_line import progress_line
from gui.words import say

_GLANCE_S = 1.0


class ResultsStep(Step):
    """How good the open run is, and why; all of it is read from the run's folder."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.missing = gr.Markdown(elem_classes="fp-missing")
        self.line = progress_line(say("Progress of the results"))
        self.ask = gr.Button(say("Work it out"), variant="primary", visible=False)
        with gr.Column() as self.body:
            self.sentence = gr.Markdown(elem_classes="fp-verdict")
            self.changes = Changes()
            self.side = _side_choice()
            self.mistakes = Mistakes(site, of_run)
            self.mending = Mending(site)
            self.sureness = Sureness()
            self.more = MorePictures(site)
            self.next = gr.Button(
                say("Go on: test it with a picture"), variant="primary", elem_classes="fp-next"
            )
        # Its own: the one of Train sleeps as long as that tab was never opened.
        self.timer = gr.Timer(_GLANCE_S, active=False)
        self.seen = gr.State("")  # which run and state the page shows
        self.own: list[Any] = [
            self.timer, self.missing, self.line, self.ask, self.body, self.sentence, self.side
        ]  # fmt: skip
        parts = (self.changes, self.mistakes, self.mending, self.sureness, self.more)
        self.parts = [*self.own, *(one for part in parts for one in part.parts)]

    def show(self, owner: Owner) -> Shown:
        """What is missing, or everything that is known of the open run."""
        run = owner.open_run
        told = known(run, "validation")
        lacking = missing.for_results(run, earlier=owner.may_open_runs)
        tested = known(run, "test") if told else None
        return {
            self.missing: gr.update(value=lacking or "", visible=bool(lacking)),
            self.line: self._under_way(run),
            self.timer: gr.update(active=run is not None and run.history.busy),
            self.ask: gr.update(visible=lacking is None and told is None, interactive=True),
            self.body: gr.update(visible=told is not None),
            self.sentence: _sentence(run, told, tested) if run and told else "",
            **self.changes.show(owner),
            **self._look_at(owner, View(run.id if run else "")),
            self.side: gr.update(visible=tested is not None, value="validation"),
            **self.mending.show(owner),
            **self.more.show(owner),
        }

    def wire(self, wires: Wires, shows: list[Step], edited: list[Step]) -> list[Any]:
        """Connect the step.

        Args:
            wires: What connects.
            shows: Steps that depend on the run, this one among them.
            edited: Steps that depend on the pictures.

        Returns:
            The events after which the pictures may be others.
        """
        idle = {self.line: None, self.ask: gr.update(interactive=True)}
        wires.follow(self.ask.click, self._work_out, [self], self._busy, idle)
        wires.follow(
            self.more.ask.click, self.more.find_out, [self.more], self.more.busy, self.more.idle
        )
        wires.on(self.more.stop.click, self.more.end, queue=False, show_progress="hidden")
        self.mistakes.wire(wires, self.side)
        looked_at = [self.side, *self.mistakes.parts, *self.sureness.parts]
        wires.on(
            self.side.input,
            self._choose_side,
            extra=looked_at,
            values={"side": self.side},
            show_progress="hidden",
        )
        wires.on(
            self.timer.tick,
            lambda owner, seen: self._glance(owner, seen, shows),
            extra=[self.seen, *parts(shows)],
            values={"seen": self.seen},
            queue=False,
            show_progress="hidden",
        )
        grid = self.mistakes.grid
        return self.mending.wire(wires, grid, self._look_at, looked_at, shows, edited)

    def _choose_side(self, owner: Owner, side: str) -> Shown:
        run = owner.open_run
        return self._look_at(owner, View(run.id if run else "", of=side))

    def _look_at(self, owner: Owner, view: View, start: int = 0) -> Shown:
        """The pictures of a view, and how sure the model is of all on their side."""
        judged = of_run(owner, view.of)
        told = judged.told if judged else None
        return {
            self.side: view.of,
            **self.mistakes.show(owner, judged, view, start),
            **self.sureness.show(told, f"{view.run} {view.of}"),
        }

    @files.still()
    def _glance(self, owner: Owner, seen: str, shows: list[Step]) -> Shown:
        """How far a training is; everything else only when it has come further."""
        run = owner.open_run
        history = run.history if run else None
        now = f"{run.id} {history.state} {len(history.epochs)}" if run and history else ""
        shown = {self.seen: now, self.line: self._under_way(run)}
        if now == seen:
            return shown
        return {**shown, **all_shown(shows, owner)}

    def _work_out(self, owner: Owner, progress: Progress) -> None:
        run = owner.open_run
        if run is not None and missing.for_results(run) is None:
            self._site.jobs.workshop.evaluate(run, progress)

    def _busy(self, done: int, total: int) -> Shown:
        text = say("Getting ready")
        if total:
            text = say("Checking {done} of {total} pictures", done=done, total=total)
        line = {"text": text, "fraction": done / total if total else None, "state": "running"}
        return {self.line: line, self.ask: gr.update(interactive=False)}

    def _under_way(self, run: Run | None) -> dict[str, Any] | None:
        """How far a training is, seen from here."""
        if run is None or not run.history.busy:
            return None
        standing = self._site.jobs.standing(run)
        return asdict(progress.describe(run.history, standing, stopping=run.stop_requested))


def _side_choice() -> gr.Radio:
    """Whose answers are shown; offered only where there is a test part."""
    return gr.Radio(
        choices=[
            (say("Pictures kept for checking"), "validation"),
            (say("Test pictures"), "test"),
        ],
        value="validation",
        label=say("Which pictures are shown here"),
        info=say(
            "No choice may look at test pictures, so none of them can be moved or left out here."
        ),
        visible=False,
    )


def _sentence(run: Run, told: Evaluation, tested: Evaluation | None) -> str:
    lines = [say("How good is **{title}**?", title=escaped(title_of(run)))]
    if tested:
        lines.append(f"## {escaped(trust.headline(tested))}")
    lines.append(f"{'### ' if tested else '## '}{escaped(trust.headline(told))}")
    lines.append(escaped(trust.caution(told)))
    return "\n\n".join(lines)
