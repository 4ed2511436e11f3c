"""People whose browsers call the page's events, and what they do."""

import html
import json
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from gui.core import workspace
from gui.core.events import Epoch, Evaluated, Finished, PhaseChanged, Started
from gui.core.owner import Owner
from gui.core.runs import Run
from gui.core.site import Site


class Visitor:
    """Somebody whose browser calls the page's events."""

    def __init__(self, page: Any, client: Client, site: Site) -> None:
        self.page = page
        self.client = client
        self.token = workspace.new_token()
        self.owner: Owner = site.workspace.owner(self.token)

    def does(self, part: Any, event: str, *values: object, token: str | None = None) -> dict:
        """Call the event of a part; its outputs by part, without those that stay as they are."""
        index, outputs = self._event(part, event)
        told = self.client.predict(token or self.token, *values, fn_index=index)
        told = told if isinstance(told, list | tuple) else (told,)
        return dict(zip(outputs, told, strict=True))

    def picks(
        self, part: Any, event: str = "picked", values: Sequence[object] = (), **event_data: object
    ) -> dict[str, Any]:
        """Let a part say what was done in it, as a browser does; how the event's call ended."""
        index, _ = self._event(part, event)
        address, session = f"{self.page.blocks.local_url}gradio_api/queue", workspace.new_token()
        asked = {
            "data": [self.token, *values],
            "event_data": event_data,
            "fn_index": index,
            "session_hash": session,
        }
        httpx.post(f"{address}/join", json=asked).raise_for_status()
        with httpx.stream("GET", f"{address}/data", params={"session_hash": session}) as lines:
            for line in lines.iter_lines():
                told = json.loads(line.removeprefix("data: ")) if line else {}
                if told.get("msg") == "process_completed":
                    return told
        raise LookupError(event_data)

    def changes(self, part: Any, event: str) -> list[Any]:
        """The parts that an event changes, those that programs aren't told of among them."""
        return self.page.blocks.fns[self._event(part, event)[0]].outputs

    @property
    def tab(self) -> str:
        """The name of their session for Gradio: of the browser's cookie and the tab."""
        names = list(self.page.blocks.state_holder.session_data)
        assert len(names) == 1, "somebody else was here too"
        return names[0]

    def _event(self, part: Any, event: str) -> tuple[int, list[Any]]:
        for index, function in self.page.blocks.fns.items():
            if (part._id, event) in function.targets:
                outputs = [each for each in function.outputs if not _kept_from_programs(each)]
                return index, outputs
        raise LookupError(event)


def _kept_from_programs(part: Any) -> bool:
    """Whether gradio_client leaves a part out of what an event returns."""
    return getattr(part, "skip_api", True)


def train(someone: Visitor, site: Site) -> Run:
    """A run of the sample pictures, as if it were done."""
    site.take_samples(someone.owner, lambda *_: None)
    someone.does(someone.page.train.start, "click", *settings(someone, epochs=2))
    run = someone.owner.open_run
    run.append(Started(1.0, 2, "somewhere", "ab", True, 160, 40, 3))
    run.append(PhaseChanged(2.0, "head", 1, 1e-3, 99))
    run.append(Epoch(3.0, 1, "head", 0.9, 0.5, 0.8, 0.6, 1.0))
    run.append(Epoch(4.0, 2, "head", 0.5, 0.8, 0.4, 0.95, 1.0))
    run.append(Evaluated(5.0, 2, 0.4, 0.95, 40))
    run.model.write_bytes(b"model")
    run.labels.write_text("crab\n", encoding="utf-8")
    run.append(Finished(6.0, "epochs"))
    return run


def settings(someone: Visitor, **changed: object) -> list[object]:
    """Values of every control, in the order the Start button sends them."""
    controls = {**someone.page.model.settings, **someone.page.train.settings}
    return [changed.get(name, part.value) for name, part in controls.items()]


def refusal(call: Callable[..., object], *arguments: object, **options: object) -> str:
    with pytest.raises(AppError) as caught:
        call(*arguments, **options)
    return html.unescape(str(caught.value))


def told_in(update: object) -> str:
    """The text of a Markdown part, as a person reads it."""
    return html.unescape(update["value"] if isinstance(update, dict) else str(update))


def fetch(page, **fields: str) -> httpx.Response:
    return httpx.post(f"{page.blocks.local_url}freezepoint/download", data=fields)
