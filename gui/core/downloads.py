"""Which files of a run its owner may download: those that are whole and checked, by exact name."""

from collections.abc import Mapping
from pathlib import Path

from gui.core import take_home
from gui.core.errors import RunError
from gui.core.runs import Run
from gui.words import say


def offered(run: Run) -> Mapping[str, Path]:
    """The files by name: every form that was made of the run's model, and its labels with it.

    None while it is being trained, and no form that was refused, is of an older model or, like the
    model itself right after the training, hasn't been checked.
    """
    told = take_home.made(run)
    known = [take_home.file(run, form) for form, made in told.items() if not made.refused]
    if run.model in known:
        known.append(run.labels)
    return {path.name: path for path in known if path.is_file()}


def find(run: Run, name: str) -> Path:
    """One of them.

    Raises:
        RunError: When it isn't among them, whatever else the name may lead to.
    """
    found = offered(run)
    if name not in found:
        raise RunError(
            say("There is no such file of this training."), say("Make it first, under Take home.")
        )
    return found[name]
