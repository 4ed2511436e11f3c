"""Step 5: take the model home."""

from pathlib import Path
from typing import Any

import gradio as gr

from gui.core import progress
from gui.core.events import History
from gui.core.site import Site
from gui.core.workspace import Owner
from gui.steps.base import Shown, escaped

_RECIPE = Path(__file__).resolve().parents[2] / "assets" / "use_model.py"


class HomeStep:
    """Download the finished model, with what is needed to use it elsewhere."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.missing = gr.Markdown(elem_classes="fp-missing")
        with gr.Column() as self.body:
            self.title = gr.Markdown()
            with gr.Row():
                self.model = gr.DownloadButton("Download model.keras", variant="primary")
                self.labels = gr.DownloadButton("Download labels.txt")
            gr.Markdown(
                "`model.keras` is the whole model: VGG16, your head, and the class names inside. "
                "It takes pictures as they are (red, green and blue, 0 to 255, any size) and gives "
                "one probability for each class, in the order of `labels.txt`."
            )
            gr.Code(
                _RECIPE.read_text(encoding="utf-8"),
                language="python",
                label="How to use it: needs only Keras, TensorFlow and Pillow",
                interactive=False,
                wrap_lines=True,
            )
        self.parts: list[Any] = [self.missing, self.body, self.title, self.model, self.labels]

    def show(self, owner: Owner) -> Shown:
        """What is missing, or the files of the open run."""
        run = owner.open_run
        history = run.history if run else None
        lacking = missing(history)
        title = _title(run.about.title, history) if run and history and not lacking else ""
        files = (run.model, run.labels) if run and not lacking else (None, None)
        return {
            self.missing: gr.update(value=lacking or "", visible=bool(lacking)),
            self.body: gr.update(visible=lacking is None),
            self.title: title,
            self.model: gr.update(value=files[0]),
            self.labels: gr.update(value=files[1]),
        }


def missing(history: History | None) -> str | None:
    """What is missing before the model can be taken home; None when nothing is."""
    if history is None:
        return "No model yet: train one first, or open an earlier training under Runs."
    if history.finished is None:
        return "The model isn't finished: wait for the end of the training, or stop it."
    return None


def _title(title: str, history: History) -> str:
    result = f" {progress.score(history.evaluated)}." if history.evaluated else ""
    return f"**{escaped(title)}**{'.' if not result else ':'}{result}"
