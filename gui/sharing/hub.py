"""Put a finished model on the Hugging Face Hub, into a repository of the person's own.

The token comes from the person, goes into the requests and nowhere else: not to a file, a log or a
message. No message repeats what a server said.
"""

from __future__ import annotations  # huggingface_hub loads with the first push, not with the page

import io
import json
import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gui.core import take_home
from gui.core.errors import HubError, RunError, SettingError
from gui.core.forms import form
from gui.core.runs import Run
from gui.sharing import card, connection
from gui.sharing.connection import TOKENS
from gui.words import say

if TYPE_CHECKING:
    from huggingface_hub import HfApi

ENDPOINT = "https://huggingface.co"

Progress = Callable[[int, int], None]  # bytes sent, in all

_TOKEN = re.compile(r"[\x21-\x7e]{1,500}")


def check(name: str, token: str) -> None:
    """Refuse a name or a token that can't be right, before anything is sent.

    Raises:
        SettingError: With what is wrong.
    """
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils._validators import validate_repo_id

    if not _TOKEN.fullmatch(token):
        # Without one, the library would take the token that this computer is signed in with.
        raise SettingError(
            say(
                "There is a sign in the token that no token has."
                if token
                else "The token is missing."
            ),
            say("Copy a token with the right to write from {address}.", address=TOKENS),
        )
    try:
        validate_repo_id(name)
    except HFValidationError as error:
        raise SettingError(
            say("“{name}” can't be the name of a repository.", name=name[:100]),
            say(
                "Use up to 96 letters without accents, digits, “-”, “_” and “.”, as in sea-animals."
            ),
        ) from error


def contents(run: Run, forms: Sequence[str] = ()) -> dict[str, bytes | Path]:
    """What is uploaded, by its name there: the model, its card, its class names, its settings.

    Args:
        run: A finished, evaluated run.
        forms: Forms of ``core.forms`` to add, as far as they are made.

    Raises:
        RunError: When the run isn't finished or not evaluated, or its model file was checked and
            refused.
    """
    text = card.card(run)
    made = take_home.made(run)
    if "keras" in made and made["keras"].refused:
        raise RunError(
            say("The file of this model doesn't answer as the model did, so it isn't uploaded."),
            say("Train it once more."),
        )
    told = {**run.config.to_json(), "labels": list(run.split.labels)}
    found: dict[str, bytes | Path] = {
        run.model.name: run.model,
        run.labels.name: run.labels,
        "README.md": text.encode(),
        "config.json": json.dumps(told, ensure_ascii=False, indent=1).encode(),
    }
    for each in forms:
        if each in made and not made[each].refused:
            found[form(each).file] = take_home.file(run, each)
    return found


def push(
    run: Run,
    name: str,
    token: str,
    progress: Progress = lambda _done, _total: None,
    *,
    private: bool = True,
    update: bool = False,
    forms: Sequence[str] = (),
    endpoint: str = ENDPOINT,
) -> str:
    """Upload a finished run to a model repository; returns its address.

    Args:
        run: A finished, evaluated run.
        name: The repository, with or without its owner.
        token: A token of the person that may write.
        progress: Called with (bytes sent, in all).
        private: Whether nobody else may see it; for a new repository.
        update: Whether it may be there already.
        forms: Forms of ``core.forms`` to add, as far as they are made.
        endpoint: Address of the Hub.

    Raises:
        SettingError: When the name or the token can't be right.
        RunError: When the run isn't finished or not evaluated.
        HubError: When the Hub refuses or can't be reached.
    """
    check(name, token)
    uploaded = contents(run, forms)
    from huggingface_hub import HfApi

    connection.bound_waiting()
    api = HfApi(endpoint=endpoint, token=token, library_name="freezepoint")
    with connection.told(name):
        _check_right(api)
        repository = _create(api, name, private=private, update=update)
    try:
        with connection.told(name):
            _upload(api, repository, uploaded, progress)
    except HubError:
        if not update:
            with (
                suppress(HubError),
                connection.told(name),
            ):  # or the next try would find the name taken
                api.delete_repo(repository)
        raise
    return f"{endpoint}/{repository}"


def _check_right(api: HfApi) -> None:
    """Refuse a token that may only read, before a repository is made."""
    told = api.whoami()
    auth = told.get("auth")
    role = auth.get("accessToken", {}).get("role") if isinstance(auth, dict) else None
    if role == "read":
        raise connection.no_right()


def _create(api: HfApi, name: str, *, private: bool, update: bool) -> str:
    """Make the repository; returns its name with its owner."""
    return str(api.create_repo(name, private=private, exist_ok=update).repo_id)


def _upload(
    api: HfApi, repository: str, uploaded: dict[str, bytes | Path], progress: Progress
) -> None:
    from huggingface_hub import CommitOperationAdd

    total = sum(_size(each) for each in uploaded.values())
    sent = [0]

    def count(more: int) -> None:
        sent[0] = min(total, sent[0] + more)
        progress(sent[0], total)

    with ExitStack() as opened:
        additions = []
        for place, content in uploaded.items():
            # Open files go by plain HTTP; paths would go by a protocol that can't be bounded.
            file = content if isinstance(content, bytes) else _Counted(content, count)
            if isinstance(file, _Counted):
                opened.enter_context(file)
            addition = CommitOperationAdd(place, file)
            additions.append(addition)
            if isinstance(file, _Counted):
                file.counts = True
                with connection.attempt():
                    api.preupload_lfs_files(repository, [addition], num_threads=1)
        with connection.attempt():
            api.create_commit(
                repository,
                additions,
                commit_message=say("Upload a model made with Freezepoint"),
                num_threads=1,
            )
    progress(total, total)


def _size(content: bytes | Path) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size


class _Counted(io.BufferedReader):
    """An open file that tells what is read of it, once it is to be sent."""

    def __init__(self, path: Path, count: Callable[[int], None]) -> None:
        super().__init__(io.FileIO(path), 1 << 16)
        self._count = count
        self.counts = False

    def read(self, size: int | None = -1, /) -> bytes:
        """As files do."""
        content = super().read(size)
        if self.counts:
            self._count(len(content))
        return content
