"""Visitors of the running app without a browser: plain HTTP, as the page's own scripts send it.

Which of the page's functions belongs to which part is read off the same page, made once in this
process and held against what the app says of itself. ``python tests/faults/visiting.py`` lets one
visitor come, train two tiny classes and leave.

    someone = visiting.Visitor(app)
    someone.arrives()
    someone.chooses(visiting.pictures(2, 6))
    someone.starts(epochs=1, image_size=64)
    someone.waits_for_the_end()
"""

import contextlib
import html
import io
import json
import os
import random
import secrets
import socket
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import running
from PIL import Image

from gui.core.desk import Desk
from gui.core.history import History
from gui.core.owner import Owner
from gui.core.workspace import Workspace, new_token

Files = Sequence[tuple[str, bytes]]  # path as the person has it, content
BATCH_FILES = 100  # as assets/widgets/folder_drop.js sends them
_PATIENCE_S = 120.0
_ENTERED = 303  # whoever signs in is led to the page


class RefusedError(Exception):
    """What the page tells a visitor instead of doing what was asked."""


@lru_cache(maxsize=4)
def pages(space: str) -> Any:
    """The page in every language, never served: which function belongs to which part.

    Args:
        space: The Space that the app runs on, "" for none.
    """
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    from gui import stubs

    stubs.leave_out()
    from gui.core import host
    from gui.core.jobs import Jobs
    from gui.core.site import Site
    from gui.pages import Pages

    root = Path(tempfile.gettempdir()) / "freezepoint-never-made"
    jobs = Jobs(root / "logs", None, 1, time.time)
    told = host.read({"SPACE_ID": space, "SYSTEM": "spaces"} if space else {})
    return Pages(Site(Workspace(root), jobs, running.ROOT / "assets" / "samples", time.time, told))


class Visitor:
    """Somebody whose browser is open on the page.

    Attributes:
        token: What their browser keeps; nobody else knows it.
        session: The name of this tab.
        http: Their connection, with their cookies.
        page: The page's parts, to name what they press.
        functions: The page's events, by number.
        values: What the parts show, by id, where it isn't what they show at first.
    """

    def __init__(self, app: running.App, token: str = "", language: str = "en") -> None:
        self.app = app
        made = pages(app.environment.get("SPACE_ID", ""))
        self.page = made.spoken[language]
        self.functions = made.blocks.fns
        self.token, self.session = token or new_token(), secrets.token_hex(6)
        self.http = httpx.Client(base_url=app.address, timeout=_PATIENCE_S)
        self.values: dict[int, Any] = {}
        self._language = language
        self._pulse: socket.socket | None = None

    @property
    def owner(self) -> Owner:
        """Their folder, looked at from outside."""
        return Workspace(self.app.workspace).owner(self.token)

    @property
    def history(self) -> History:
        """What has happened to the training that they have open."""
        run = self.owner.open_run
        return run.history if run else History()

    def arrives(self) -> dict[Any, Any]:
        """Opens the page, as a browser does; what it shows then, by part."""
        path = "/" if self._language == "en" else f"/{self._language}"
        self.http.get(path, headers={"Accept-Language": self._language}).raise_for_status()
        self._stays()
        self.values = {}
        loads = [
            index
            for index, each in self.functions.items()
            if any(event == "load" for _, event in each.targets)
            and each.inputs == [self.page.token]
        ]
        self.calls(loads[0], self.token)
        return self.calls(self._after(loads[0]), self.token)

    def signs_in(self, name: str, password: str) -> int:
        """Signs in where the page asks for it, and takes that name's key; the answer's status."""
        sent = {"name": name, "password": password}
        status = self.http.post("/freezepoint/sign-in", data=sent).status_code
        if status == _ENTERED:
            self.token = Workspace(self.app.workspace).token_of(name)
        return status

    def leaves(self) -> None:
        """Closes the tab."""
        if self._pulse is not None:
            self._pulse.close()
            self._pulse = None
        self.http.close()

    def does(
        self, part: Any, event: str, *values: object, told: Mapping[str, object] | None = None
    ) -> dict[Any, Any]:
        """Lets a part fire an event; what changes on the page, by part.

        Args:
            part: A part of ``page``.
            event: Its event, "click".
            *values: What the parts show that go with it; without any, what they show now.
            told: What the event itself tells, when it is one of our own widgets.

        Raises:
            RefusedError: With the sentence, when the page refuses.
        """
        index = self.index(part, event)
        return self.calls(index, self.token, *(values or self.shown(index)), told=told)

    def index(self, part: Any, event: str) -> int:
        """The number of a part's event."""
        for index, function in self.functions.items():
            if (part._id, event) in function.targets:
                return int(index)
        raise LookupError(event)

    def calls(
        self, index: int, *values: object, told: Mapping[str, object] | None = None
    ) -> dict[Any, Any]:
        """Calls a function of the page by its number, through the queue if it has one.

        Raises:
            RefusedError: With the sentence, when the page refuses.
        """
        function = self.functions[index]
        asked = {
            "data": list(values),
            "event_data": told,
            "fn_index": index,
            "session_hash": self.session,
        }
        if function.queue:
            output = self._queued(asked)
        else:
            answer = self.http.post("/gradio_api/run/predict", json=asked)
            output = answer.json()
            if answer.is_error:
                raise RefusedError(_sentence(output))
        shown = dict(zip(function.outputs, output["data"], strict=True))
        for part, update in shown.items():
            self._keep(part, update)
        return shown

    def uploads(self, files: Files) -> dict[str, Any]:
        """Sends files in the browser's batches; the manifest that the page is given then."""
        rows = []
        for first in range(0, len(files), BATCH_FILES):
            batch = files[first : first + BATCH_FILES]
            sent = [("files", (_alias(rel), content)) for rel, content in batch]
            answer = self.http.post("/gradio_api/upload", files=sent, headers=self.sender)
            if answer.is_error:
                raise RefusedError(answer.text)
            rows += [
                {"rel": rel, "path": path, "size": len(content)}
                for (rel, content), path in zip(batch, answer.json(), strict=True)
            ]
        size = sum(len(content) for _, content in files)
        facts = {"junk": 0, "before": size, "sent": size, "nonce": time.time()}
        return {"files": rows, "skipped": [], **facts}

    def chooses(self, files: Files) -> dict[Any, Any]:
        """Drops a folder of pictures, or a zip, in the first step."""
        return self.does(self.page.pictures.drop, "uploaded", self.uploads(files))

    def settings(self, **changed: object) -> list[object]:
        """The values that Start sends, with some changed by name."""
        controls = {**self.page.model.settings, **self.page.train.settings}
        return [
            changed.get(name, self.values.get(part._id, part.value))
            for name, part in controls.items()
        ]

    def starts(self, **changed: object) -> dict[Any, Any]:
        """Presses Start with these settings."""
        return self.does(self.page.train.start, "click", *self.settings(**changed))

    def glances(self) -> dict[Any, Any]:
        """What the page asks once a second while a training is under way."""
        return self.does(self.page.train.timer, "tick")

    def waits_for_the_end(self, most_s: float = 300.0, every_s: float = 1.0) -> History:
        """Watches the open training to its end.

        Raises:
            TimeoutError: When it takes longer.
        """
        until = time.monotonic() + most_s
        while self.history.busy:
            if time.monotonic() > until:
                raise TimeoutError(f"{self.history.state} after {most_s:g} s")
            self.glances()
            time.sleep(every_s)
        self.glances()
        return self.history

    def breaks_off(self, size_bytes: int = 200_000) -> None:
        """Begins an upload twice that large and pulls the plug."""
        host = f"Host: 127.0.0.1:{self.app.port}\r\n"
        kind = "Content-Type: multipart/form-data; boundary=xx\r\n"
        kind += "".join(f"{name}: {value}\r\n" for name, value in self.sender.items())
        head = f"POST /gradio_api/upload HTTP/1.1\r\n{host}{kind}"
        part = '--xx\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
        length = f"Content-Length: {2 * size_bytes}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.app.port)) as line:
            line.sendall((head + length + part).encode() + os.urandom(size_bytes))

    @property
    def sender(self) -> dict[str, str]:
        """What says whose an upload is (assets/widgets/shared.js)."""
        return {"X-Freezepoint-Key": self.token}

    def _queued(self, asked: Mapping[str, object]) -> dict[str, Any]:
        joined = self.http.post("/gradio_api/queue/join", json=asked)
        if joined.is_error:
            raise RefusedError(joined.text)
        wanted, told = joined.json()["event_id"], {"session_hash": self.session}
        shown: list[Any] = []
        with self.http.stream("GET", "/gradio_api/queue/data", params=told) as lines:
            for line in lines.iter_lines():
                message = json.loads(line.removeprefix("data: ")) if line else {}
                if message.get("event_id") != wanted:
                    continue
                match message["msg"]:
                    case "process_generating":
                        shown = _patched(shown, message["output"].get("data", []))
                    case "process_completed" if message["success"]:
                        return {"data": message["output"].get("data") or shown}
                    case "process_completed":
                        raise RefusedError(_sentence(message["output"]))
        raise RefusedError("the stream ended without an answer")

    def shown(self, index: int) -> list[object]:
        """What the parts that go with an event show, without the token; the server keeps states."""
        given = self.functions[index].inputs[1:]
        return [
            None if part.get_block_name() == "state" else self.values.get(part._id, part.value)
            for part in given
        ]

    def _keep(self, part: Any, update: Any) -> None:
        if not isinstance(update, dict) or update.get("__type__") != "update":
            self.values[part._id] = update
        elif "value" in update:
            self.values[part._id] = update["value"]

    def _after(self, index: int) -> int:
        return next(n for n, each in self.functions.items() if each.trigger_after == index)

    def _stays(self) -> None:
        """The request that a browser keeps open as long as the tab is."""
        self._pulse = socket.create_connection(("127.0.0.1", self.app.port))
        path = f"/gradio_api/heartbeat/{self.session}"
        host = f"Host: 127.0.0.1:{self.app.port}"
        kept = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        asked = f"GET {path} HTTP/1.1\r\n{host}\r\nCookie: {kept}\r\n\r\n"
        self._pulse.sendall(asked.encode())


def desk(dataset: str, run: str) -> Desk:
    """What somebody has open."""
    return Desk(dataset=dataset, run=run)


def pictures(classes: int, each: int, size_px: int = 64, seed: int | None = None) -> list[Any]:
    """Small pictures in folders, every one different: class n is mostly of the nth colour."""
    chance = np.random.default_rng(random.getrandbits(32) if seed is None else seed)
    made = []
    for number in range(classes * each):
        group = number % classes
        colour = np.array([(60 + 97 * group) % 256, (30 + 61 * group) % 256, 40 + 20 * group])
        blocks = chance.integers(-40, 40, (8, 8, 3)) + colour
        picture = Image.fromarray(blocks.clip(0, 255).astype(np.uint8))
        file = io.BytesIO()
        picture.resize((size_px, size_px), Image.Resampling.BICUBIC).save(file, "JPEG", quality=90)
        made.append((f"things/kind {group + 1}/{number}.jpg", file.getvalue()))
    return made


def held_against(app: running.App) -> None:
    """Check that the page made here is the one that the app serves.

    Raises:
        RuntimeError: When it isn't; then no function's number is right.
    """
    told = httpx.get(f"{app.address}/config").json()["dependencies"]
    served = [(each["id"], sorted(map(tuple, each["targets"]))) for each in told]
    made = pages(app.environment.get("SPACE_ID", "")).blocks.fns
    known = {n: sorted(each.targets, key=str) for n, each in made.items()}
    for index, targets in served:
        if sorted(targets, key=str) != known[index]:
            raise RuntimeError(f"function {index} is another one: {targets} {known[index]}")


def _alias(rel: str) -> str:
    return secrets.token_hex(8) + Path(rel).suffix.lower()


def _sentence(output: Mapping[str, Any]) -> str:
    return html.unescape(str(output.get("error") or output.get("detail") or output))


def _patched(shown: list[Any], data: list[Any]) -> list[Any]:
    """What is shown after one more part of a stream: whole, or what differs from the last one."""
    if not shown:
        return list(data)
    with contextlib.suppress(TypeError, ValueError, LookupError):
        from gradio_client.utils import apply_diff

        return [
            apply_diff(old, new) if isinstance(new, list) else new
            for old, new in zip(shown, data, strict=True)
        ]
    return list(data)


def main() -> None:
    with running.App() as app:
        held_against(app)
        someone = Visitor(app)
        began = time.monotonic()
        someone.arrives()
        someone.chooses(pictures(2, 6))
        someone.starts(epochs=1, image_size=64)
        ended = someone.waits_for_the_end()
        print(f"{ended.state}, {len(ended.epochs)} epoch, {time.monotonic() - began:.1f} s")
        someone.leaves()


if __name__ == "__main__":
    main()
