"""Step 5: take the model home."""

from pathlib import Path
from typing import Any

import gradio as gr

from gui.core import progress
from gui.core.owner import Owner
from gui.core.runs import Run
from gui.core.site import Site
from gui.steps.base import Shown, Step, escaped, title_of
from gui.widgets.download import download

DOWNLOADS = "freezepoint/download"  # relative to the page
_RECIPE = Path(__file__).resolve().parents[2] / "assets" / "use_model.py"


class HomeStep(Step):
    """Download the finished model, with what is needed to use it elsewhere."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.missing = gr.Markdown(elem_classes="fp-missing")
        with gr.Column() as self.body:
            self.title = gr.Markdown()
            self.download = download("Download", DOWNLOADS)
            gr.Markdown(
                "This file is your model. Using it elsewhere takes a little Python, as below; here "
                "you can test with it at any time.\n\n"
                "`model.keras` is the whole model: VGG16, your head, and the class names inside. "
                "It takes pictures as they are (red, green and blue, 0 to 255, any size) and gives "
                "one probability for each class, in the order of `labels.txt`. Using it needs "
                "`keras`, `tensorflow` and `pillow`."
            )
            gr.Code(
                _RECIPE.read_text(encoding="utf-8"),
                language="python",
                label="How to use it",
                interactive=False,
                wrap_lines=True,
            )
        self.parts: list[Any] = [self.missing, self.body, self.title, self.download]

    def show(self, owner: Owner) -> Shown:
        """What is missing, or the files of the open run."""
        run = owner.open_run
        lacking = missing(run)
        return {
            self.missing: gr.update(value=lacking or "", visible=bool(lacking)),
            self.body: gr.update(visible=lacking is None),
            self.title: _title(run) if run and not lacking else "",
            self.download: _files(owner, run) if run and not lacking else None,
        }


def missing(run: Run | None) -> str | None:
    """What is missing before the model can be taken home; None when nothing is."""
    if run is None:
        return "No model yet: train one first, or open an earlier training under Runs."
    if not run.model.exists():
        return "The model isn't finished: wait for the end of the training, or stop it."
    return None


def _title(run: Run) -> str:
    title, evaluated = escaped(title_of(run)), run.history.evaluated
    return f"**{title}**: {progress.score(evaluated)}." if evaluated else f"**{title}**"


def _files(owner: Owner, run: Run) -> dict[str, object]:
    fields = {"token": owner.token, "run": run.id}
    return {"fields": fields, "files": [run.model.name, run.labels.name]}
