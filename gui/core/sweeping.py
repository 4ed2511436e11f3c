"""What of a person's work nobody needs any more."""

import shutil
from contextlib import suppress
from pathlib import Path

from gui.core import desk, ladder
from gui.core.errors import RunError
from gui.core.runs import Run


def forget_unused(owner: Path) -> None:
    """Delete every data set that is neither open nor used by a run, and ladders without any.

    Args:
        owner: One person's folder.
    """
    opened = owner / "desk.json"
    if not desk.told(opened):
        return  # nobody can say what is open
    used = {desk.load(opened).dataset}
    for path in owner.glob("runs/*/run.json"):
        try:
            used.add(Run(path.parent).pictures_root.parent.name)
        except RunError:
            return  # nobody can say what a damaged run still needs
    # One without a list is being made at this moment, on another page of this person.
    for made in owner.glob("datasets/*/dataset.json"):
        if made.parent.name not in used:
            shutil.rmtree(made.parent, ignore_errors=True)
    for path in owner.glob("ladders/*.json"):
        with suppress(RunError):  # a damaged one is left for who can read it
            kept = (owner / "runs" / each / "run.json" for each in ladder.load(path).runs)
            if not any(each.exists() for each in kept):
                path.unlink(missing_ok=True)


def forget_empty(owner: Path) -> None:
    """Delete the folder of a person who has nothing in it; how it was set up isn't missed."""
    kept = ("datasets/*", "runs/*", "ladders/*", "trials/*")
    if not any(next(owner.glob(each), None) for each in kept):
        shutil.rmtree(owner, ignore_errors=True)
