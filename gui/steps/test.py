"""Step 4: drop a picture, get an answer."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import gradio as gr

from gui.core import uploads
from gui.core.dataset import LeftOut
from gui.core.entry import Entry
from gui.core.history import History
from gui.core.owner import Owner
from gui.core.prediction import Prediction
from gui.core.site import Site
from gui.steps.base import Shown, Step, Wires, escaped, title_of, told
from gui.widgets.answers import answers
from gui.widgets.folder_drop import folder_drop

_AT_ONCE = 8  # pictures answered before the page is shown the next ones
_MOST = 200  # pictures in one drop


class TestStep(Step):
    """Test the open run with pictures it has never seen."""

    __test__ = False  # not one of pytest's

    def __init__(self, site: Site) -> None:
        self._site = site
        self.missing = gr.Markdown(elem_classes="fp-missing")
        with gr.Column() as self.body:
            self.title = gr.Markdown()
            self.drop = folder_drop(
                "pictures", "Drop pictures here", "One or many, also from the clipboard."
            )
            self.kept = gr.Button("Or try some of the pictures kept for checking")
            self.answers = answers("Answers")
            gr.Markdown(
                "It can only answer with the classes it learned: a picture of anything else still "
                "gets one of their names."
            )
            self.next = gr.Button("Go on: take it home", variant="primary")
        self.parts: list[Any] = [self.missing, self.body, self.title, self.next]
        self.restored = [self.answers]

    def show(self, owner: Owner) -> Shown:
        """What is missing, or which training is tested."""
        run = owner.open_run
        history = run.history if run else None
        lacking = missing(history)
        title = tested(title_of(run), history) if run and history else ""
        return {
            self.missing: gr.update(value=lacking or "", visible=bool(lacking)),
            self.body: gr.update(visible=lacking is None),
            self.title: title,
            self.next: gr.update(visible=bool(history and history.finished)),
        }

    def restore(self, owner: Owner) -> Shown:
        """No answers: they belong to the run that was open before."""
        del owner
        return {self.answers: None}

    def wire(self, wires: Wires) -> None:
        """Connect the step."""

        def handler(token: str, manifest: Mapping[str, Any]) -> Iterator[Shown]:
            given: list[Entry] = []
            with told():
                owner = wires.site.workspace.owner(token)
                try:
                    given = uploads.read(manifest["files"], self._site.workspace.uploads)
                    yield from self._answer(owner, given, uploads.skipped(manifest))
                except Exception:
                    yield {self.drop: None}
                    raise
                finally:
                    uploads.discard(given)

        self.drop.uploaded(
            handler,
            inputs_kwargs={"token": wires.token, "manifest": self.drop},
            outputs=[self.drop, self.answers],
            api_visibility="undocumented",
            show_progress="hidden",
            concurrency_limit=4,
        )
        wires.on(self.kept.click, self._try_kept, extra=[self.answers])

    def _try_kept(self, owner: Owner) -> Shown:
        found = self._site.predict_kept(owner, _AT_ONCE)
        told = [each.right for each in found if each.right is not None]
        note = (
            f"{sum(told)} of {len(told)} right. It never learned from these; they only helped to "
            "choose which epoch to keep."
        )
        return {self.answers: {"answers": [_card(each) for each in found], "note": note}}

    def _answer(
        self, owner: Owner, given: list[Entry], skipped: Sequence[LeftOut]
    ) -> Iterator[Shown]:
        found: list[dict[str, Any]] = []
        for start in range(0, min(len(given), _MOST), _AT_ONCE):
            busy = {"busy": f"Looking at {start} of {len(given)}", "fraction": start / len(given)}
            yield {self.drop: busy}
            found += map(_card, self._site.predict(owner, given[start : start + _AT_ONCE]))
            yield {self.answers: {"answers": found, "note": ""}}
        left = len(given) - _MOST
        note = f"The first {_MOST} pictures; drop the other {left} again." if left > 0 else ""
        refused = [_refused(each.name, each.reason) for each in skipped]
        yield {self.drop: None, self.answers: {"answers": found + refused, "note": note}}


def missing(history: History | None) -> str | None:
    """What is missing before pictures can be tested, as one sentence; None when nothing is."""
    if history is None:
        return "No model yet: train one first, or open an earlier training under Runs."
    if not history.epochs:
        return (
            "The model hasn't finished its first epoch yet: wait for the first point on the curve."
        )
    return None


def tested(title: str, history: History) -> str:
    """Which training is open, in words; safe for Markdown."""
    safe = escaped(title)
    if history.finished is None and history.best:
        return f"Testing **{safe}** with epoch {history.best.epoch}, the lowest loss so far."
    return f"Testing **{safe}**. Another training can be opened under Runs."


def _card(prediction: Prediction) -> dict[str, Any]:
    if prediction.problem:
        return _refused(prediction.name, prediction.problem)
    label, probability = prediction.best
    return {
        "name": prediction.name,
        "thumbnail": prediction.thumbnail,
        "label": label,
        "probability": probability,
        "probabilities": [
            {"label": each, "probability": value} for each, value in prediction.probabilities
        ],
        "problem": None,
        "truth": prediction.truth,
    }


def _refused(name: str, problem: str) -> dict[str, Any]:
    return {
        "name": name,
        "thumbnail": "",
        "label": "",
        "probability": 0.0,
        "probabilities": [],
        "problem": problem,
    }
