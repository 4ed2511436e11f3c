"""A person takes everything of theirs away: what goes, and whether it is gone.

First they are nobody (``Quota.forbid``): what is under way for them is refused at its next step.
Then their trainings end, and their whole folder leaves its place in one step, so that no id and no
path leads to it any more. Only then is it deleted, and looked at whether it is.
"""

import os
import secrets
import shutil
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gui.core import notices, usage
from gui.core.errors import RunError
from gui.core.jobs import Jobs
from gui.core.owner import Owner
from gui.core.usage import Usage
from gui.words import say

ASIDE: Final = "deleted"  # folder of what is on its way out
_PATIENCE_S: Final = 30.0  # for what is under way
_LOOKS: Final = 5
_LOOK_S: Final = 0.1


@dataclass(frozen=True)
class Farewell:
    """What became of it.

    Attributes:
        gone: What was kept.
        left: Files that couldn't be deleted; nobody can reach them any more.
    """

    gone: Usage
    left: int = 0


def delete_everything(owner: Owner, jobs: Jobs, root: Path) -> Farewell:
    """Stop and delete everything of one person.

    Args:
        owner: Who; their token is worth nothing afterwards.
        jobs: The worker processes.
        root: The workspace's folder.

    Raises:
        RunError: When a training of theirs doesn't end; then nothing is deleted.
    """
    owner.quota.forbid(owner.path)
    try:
        _stop(owner, jobs)
    except BaseException:
        owner.quota.allow(owner.path)
        raise
    owner.quota.wait_until_alone(owner.path, _PATIENCE_S)
    gone = usage.person(owner.path)
    left = 0
    for _ in range(_LOOKS):  # what was being written at this moment may have come back
        left += _remove(owner.path, root / ASIDE) + _remove(owner.uploads, root / ASIDE)
        jobs.abandon(owner.path)
        if not os.path.lexists(owner.path):
            break
        time.sleep(_LOOK_S)
    notices.tell(notices.Departed(owner.path, gone.size_bytes, left))
    return Farewell(gone, left)


def sweep(root: Path) -> None:
    """Try again to delete what couldn't be deleted, or was left by a process that was killed."""
    for doomed in (root / ASIDE).glob("*"):
        shutil.rmtree(doomed, ignore_errors=True)


def _stop(owner: Owner, jobs: Jobs) -> None:
    """End every training of a person, those that wait first."""
    busy = [run for run in owner.runs() if run.history.busy]
    for run in sorted(busy, key=lambda each: each.history.state == "running"):
        if not jobs.end(run, _PATIENCE_S):
            raise RunError(
                say("A training of yours is still ending, so nothing was deleted."),
                say("Try again in a minute."),
            )


def _remove(folder: Path, aside: Path) -> int:
    """Take a folder away in one step and delete it; how many files are left of it."""
    if not os.path.lexists(folder):
        return 0
    doomed = folder
    with suppress(OSError):  # Windows, while a file of it is open: then it is deleted in its place
        aside.mkdir(exist_ok=True)
        doomed = aside / secrets.token_hex(8)
        folder.replace(doomed)
    doomed = doomed if os.path.lexists(doomed) else folder
    left: list[str] = []

    def note(*told: Any) -> None:  # noqa: ANN401 - as shutil has it: a function, a path, an error
        path = Path(told[1])
        if os.path.lexists(path) and not path.is_dir():
            left.append(str(path))

    if sys.version_info >= (3, 12):
        shutil.rmtree(doomed, onexc=note)
    else:
        shutil.rmtree(doomed, onerror=note)
    return len(left)
