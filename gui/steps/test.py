"""Test the open training with pictures it has never seen: dropped, pasted, or from the camera."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from gui.core import answer_table, trial, uploads
from gui.core.dataset import LeftOut
from gui.core.errors import NotYours
from gui.core.history import History
from gui.core.new_run import title_of
from gui.core.owner import Owner
from gui.core.prediction import Prediction
from gui.core.runs import Run
from gui.core.site import Site
from gui.core.testing import open_run
from gui.core.trial import Trial
from gui.steps import cards, layers, missing
from gui.steps.base import Shown, Step, escaped
from gui.steps.familiarity import Familiarity
from gui.steps.sent import Sent
from gui.steps.streaming import stream
from gui.steps.trial_scores import TrialScores
from gui.steps.versus import Versus
from gui.steps.wires import Wires
from gui.widgets.answers import answers
from gui.widgets.folder_drop import REFUSED, folder_drop
from gui.widgets.webcam import webcam
from gui.words import joined, mark, say

_KEPT = 12  # of the pictures kept for checking
_KEPT_NOTE = mark(
    "It never learned from these, but they also helped to tell what is none of the classes."
)
_LIMITS = mark(
    "It can only answer with the classes it learned: a picture of anything else still gets one of "
    "their names. Where a picture looks unlike all that it has learned from, it says so: of many "
    "such pictures, not of all, and now and then of one that it knows."
)


class TestStep(Step):
    """Test the open run with pictures it has never seen."""

    __test__ = False  # not one of pytest's

    def __init__(self, site: Site) -> None:
        self._site = site
        self.missing = gr.Markdown(elem_classes="fp-missing")
        with gr.Column() as self.body:
            self.title = gr.Markdown()
            self.drop = folder_drop(
                "pictures",
                say("Drop pictures here"),
                say(
                    "One, many or a whole folder, also from the clipboard. They are deleted when "
                    "the next ones come, or after an hour."
                ),
                folders=True,
            )
            with gr.Row(elem_classes="fp-ways"):
                self.camera = webcam(say("Camera"))
                self.kept = gr.Button(say("Try pictures it hasn't learned from"), size="sm")
            self.familiarity = Familiarity(site)
            self.answers = answers(say("Answers"))
            with gr.Accordion(say("More: where it looks"), open=False):
                self.where = layers.control()
            self.scores = TrialScores(site)
            self.versus = Versus(site)
            gr.Markdown(say(_LIMITS))
            self.next = gr.Button(
                say("Go on: take it home"), variant="primary", elem_classes="fp-next"
            )
        self.trial = gr.State("")
        own = [
            self.missing, self.body, self.title, self.where, self.next, *self.familiarity.parts
        ]  # fmt: skip
        self.parts: list[Any] = [*own, *self.scores.parts]
        self.restored = [
            self.drop,
            self.answers,
            self.trial,
            *self.scores.parts,
            *self.versus.parts,
        ]

    def show(self, owner: Owner) -> Shown:
        """What is missing, or which training is tested."""
        run = owner.open_run
        history = run.history if run else None
        others = owner.may_open_runs
        lacking = missing.for_test(history, earlier=others)
        return {
            self.missing: gr.update(value=lacking or "", visible=bool(lacking)),
            self.body: gr.update(visible=lacking is None),
            self.title: tested(title_of(run), history, others=others) if run and history else "",
            self.where: _choices(run) if run else gr.skip(),
            self.next: gr.update(visible=bool(history and history.finished)),
            **self.familiarity.show(owner),
        }

    def restore(self, owner: Owner) -> Shown:
        """No answers: they belong to the run that was open before."""
        nothing = {**self.scores.offer(owner, None), **self.versus.offer(owner, None)}
        return {self.drop: None, self.answers: None, self.trial: "", **nothing}

    def wire(self, wires: Wires) -> list[Any]:
        """Connect the step.

        Returns:
            The events after which pictures are answered.
        """
        asked = [self.drop, self.answers, self.trial, *self.scores.parts, *self.versus.parts]
        idle = {self.drop: REFUSED}
        answered = [
            stream(wires, part.uploaded, self._answer_given, asked, {"manifest": part}, idle=idle)
            for part in (self.drop, self.camera)
        ]
        answered.append(stream(wires, self.kept.click, self._answer_kept, asked, idle=idle))
        where = {"where": self.where}
        looked = self.answers.asked
        stream(wires, looked, self._explain, [self.answers], where, takes_event=True)
        wires.on(
            self.where.input,
            self._choose,
            extra=[self.answers],
            values={**where, "trial_id": self.trial},
            show_progress="hidden",
        )
        versus, ids = self.versus, {"trial_id": self.trial}
        other = {**ids, "run_id": versus.other}
        stream(wires, versus.ask.click, versus.compare, versus.parts, other, idle=versus.idle)
        scores, known = self.scores, self.familiarity
        wires.follow(
            scores.ask.click, scores.work_out, [self], scores.busy, scores.idle, values=ids
        )
        scores.wire(wires, self.trial)
        wires.follow(known.learn.click, known.remember, [self], known.busy, known.idle)
        return answered

    def _answer_given(self, owner: Owner, manifest: object) -> Iterator[Shown]:
        given = uploads.read(manifest, owner.uploads)
        try:
            open_run(owner)
            taken = trial.take(owner, given)
            yield from self._answer(owner, taken, uploads.skipped(manifest))
        finally:
            uploads.discard(given)

    def _answer_kept(self, owner: Owner) -> Iterator[Shown]:
        taken = self._site.testing.take_kept(owner, _KEPT)
        yield from self._answer(owner, taken, (), say(_KEPT_NOTE))

    def _answer(
        self, owner: Owner, taken: Trial, skipped: Sequence[LeftOut], note: str = ""
    ) -> Iterator[Shown]:
        total, found = len(taken.entries), list[Prediction]()
        yield {
            self.drop: _busy(0, total),
            self.answers: None,
            self.trial: taken.id,
            **self.scores.offer(owner, None),
            **self.versus.offer(owner, None),
        }
        for some in self._site.testing.answers(owner, taken):
            more = {"id": taken.id, "start": len(found), "note": ""}
            found += some
            shown = {self.answers: {**more, "answers": json.dumps([*map(cards.card, some)])}}
            yield {**shown, self.drop: _busy(len(found), total)} if len(found) < total else shown
        # Once more, without pictures: what the page has missed while it was busy is there then.
        again = [cards.card(each, pictured=False) for each in found] + cards.left_out(skipped)
        whole = {
            "id": taken.id,
            "start": 0,
            "answers": json.dumps(again),
            "note": joined(cards.summary(found), note, _left(taken)),
            "csv": answer_table.as_csv(found, open_run(owner).split.labels),
        }
        offers = {**self.scores.offer(owner, taken), **self.versus.offer(owner, taken)}
        trial.answered(owner, taken, open_run(owner).id, sum(not each.problem for each in found))
        yield {self.drop: {"slim": True}, self.answers: whole, **offers}

    def _explain(self, owner: Owner, where: str, event: Sent) -> Iterator[Shown]:
        trial_id, places = _asked(event)
        chosen, text = layers.read(where), layers.told(open_run(owner), layers.read(where))
        found: list[dict[str, Any]] = []

        def shown() -> Shown:
            value = {"id": trial_id, "layer": chosen, "explained": json.dumps(found)}
            return {self.answers: value}

        try:
            for some in self._site.testing.explain(owner, trial_id, places, chosen):
                found += cards.explained(some, text)
                yield shown()
        except Exception:
            yield shown()
            raise

    def _choose(self, owner: Owner, where: str, trial_id: str) -> Shown:
        """Another layer: each card can be asked anew, and shows what was seen of this one."""
        del owner
        value = {"id": trial_id, "layer": layers.read(where)}
        return {self.answers: value if trial_id else gr.skip()}


def tested(title: str, history: History, *, others: bool) -> str:
    """Which training is open, in words, and whether there are others; safe for Markdown."""
    safe = escaped(title)
    if history.finished is None and history.best:
        return say(
            "Testing **{title}** with epoch {epoch}, the least wrong so far.",
            title=safe,
            epoch=history.best.epoch,
        )
    if others:
        return say("Testing **{title}**. Another training can be opened under Runs.", title=safe)
    return say("Testing **{title}**.", title=safe)


def _choices(run: Run) -> dict[str, Any]:
    """The layers that can be asked; where there is one, it is the one that is asked."""
    found = layers.choices(run)
    return gr.update(choices=found) if found[1:] else gr.update(choices=found, value=found[0][1])


def _busy(done: int, total: int) -> dict[str, Any]:
    busy = say("Looking at {done:,} of {total:,}", done=done, total=total)
    return {"busy": busy, "fraction": done / total}


def _left(taken: Trial) -> str:
    if not taken.left:
        return ""
    return say(
        "The first {most:,} pictures; drop the other {left:,} again.",
        most=trial.MOST,
        left=taken.left,
    )


def _asked(event: Sent) -> tuple[str, list[int]]:
    """Which pictures of which trial are asked about; whoever calls may send anything.

    Raises:
        NotYours: When they are none.
    """
    trial_id, places = event.get("id"), event.get("places")
    if not isinstance(trial_id, str) or not isinstance(places, list):
        raise NotYours(
            say("The page asked for pictures that aren't there."), say("Drop them again.")
        )
    return trial_id, [each for each in places if type(each) is int][: trial.MOST]
