"""Part of taking the model home: put it on the Hugging Face Hub."""

from typing import Any

import gradio as gr

from gui.core import leaving, take_home
from gui.core.errors import FreezepointError, RunError
from gui.core.forecast import size
from gui.core.owner import Owner
from gui.core.runs import Run
from gui.core.site import Site
from gui.sharing import hub
from gui.steps.base import Shown, Step, escaped
from gui.steps.wires import Wires
from gui.words import mark, say

_WHAT = mark(
    "Uploads your model, its card (with the names of your classes and its scores), the class names "
    "and the settings to huggingface.co, into a repository of your own. **None of your pictures is "
    "uploaded.** As long as it is private, only you can see it."
)


class HubPart(Step):
    """Upload the open run's model into a repository of the person's own."""

    def __init__(self, site: Site, endpoint: str = hub.ENDPOINT) -> None:
        self._site = site
        self._endpoint = endpoint
        with gr.Accordion(say("Put it on the Hugging Face Hub"), open=False) as self.body:
            gr.Markdown(say(_WHAT))
            self.name = gr.Textbox(
                label=say("Name of the repository"),
                info=say("For example sea-animals, or your-team/sea-animals."),
                max_length=200,
            )
            if site.host.signs_in:
                gr.LoginButton(say("Sign in with Hugging Face"), say("Logout ({})"))
            self.token = gr.Textbox(
                label=say(
                    "Your access token, unless you are signed in"
                    if site.host.signs_in
                    else "Your access token"
                ),
                info=say(
                    "With the right to write, from huggingface.co/settings/tokens. It is used for "
                    "this upload and kept nowhere."
                ),
                type="password",
                max_length=500,
            )
            self.private = gr.Checkbox(True, label=say("Private: only I can see it"))
            self.update = gr.Checkbox(
                False, label=say("Update it if I have a repository of this name already")
            )
            self.push = gr.Button(say("Upload"))
            self.told = gr.Markdown()
        self.parts: list[Any] = [self.body, self.push, self.token, self.told]

    def show(self, owner: Owner) -> Shown:
        """There as soon as the model is finished; what was said of another run goes."""
        run = owner.open_run
        return {
            self.body: gr.update(visible=run is not None and _finished(run)),
            self.push: gr.update(value=say("Upload"), interactive=True),
            self.token: "",
            self.told: "",
        }

    def wire(self, wires: Wires) -> None:
        """Connect the part."""
        wires.follow(
            self.push.click,
            self._push,
            [self],
            lambda done, total: {
                self.push: gr.update(value=_busy(done, total), interactive=False),
                self.told: "",
            },
            {self.push: gr.update(value=say("Upload"), interactive=True)},
            values={
                "name": self.name,
                "access": self.token,
                "private": self.private,
                "update": self.update,
            },
            signed_in=self._site.host.signs_in,
        )

    def _push(
        self,
        owner: Owner,
        progress: hub.Progress,
        *,
        name: str,
        access: str,
        private: bool,
        update: bool,
        signed_in: str = "",
    ) -> Shown:
        run = owner.open_run
        if run is None:
            raise RunError(say("No training is open."), say("Open one under Runs."))
        address = hub.push(
            run,
            name.strip(),
            access.strip() or signed_in,
            progress,
            private=private,
            update=update,
            endpoint=self._endpoint,
        )
        leaving.note(run)
        return {self.told: say("It is on the Hub: {address}", address=escaped(address))}


def _finished(run: Run) -> bool:
    try:
        return take_home.stamp(run) > 0
    except FreezepointError:
        return False


def _busy(done: int, total: int) -> str:
    if not total:
        return say("Asking the Hub")
    return say("Uploading: {done} of {total}", done=size(done), total=size(total))
