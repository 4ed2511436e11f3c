"""Which files of a run its owner may download: those that are whole and checked, by exact name."""

from collections.abc import Mapping
from pathlib import Path

from gui.core import take_home
from gui.core.errors import RunError
from gui.core.runs import Run


def offered(run: Run) -> Mapping[str, Path]:
    """The files by name: the model, its labels, and every other form that was made of it.

    None while it is being trained, and no form that was refused or is of an older model.
    """
    known = {run.labels.name: run.labels, run.model.name: run.model}
    told = take_home.made(run)
    for form, made in told.items():
        path = take_home.file(run, form)
        if made.refused:
            known.pop(path.name, None)
        else:
            known[path.name] = path
    return {name: path for name, path in known.items() if path.is_file()}


def find(run: Run, name: str) -> Path:
    """One of them.

    Raises:
        RunError: When it isn't among them, whatever else the name may lead to.
    """
    found = offered(run)
    if name not in found:
        raise RunError("There is no such file of this training.", "Make it first, under Take home.")
    return found[name]
