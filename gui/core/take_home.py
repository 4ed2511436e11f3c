"""What was made so far of a training, for a person to take home; the forms are ``core.forms``.

It lies in the run's ``exports/`` folder: the file, and beside it ``<form id>.json`` with what its
check found. A form that disagreed with the model it was made of is kept as a refusal only, without
a file.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from gui.core import files, run_files, usage
from gui.core.errors import RunError
from gui.core.forms import FORMS, form
from gui.core.runs import Run
from gui.words import say


@dataclass(frozen=True)
class Check:
    """What came of running a form in its own runtime, beside the model that was trained.

    Attributes:
        runtime: Name and version of what ran it.
        pictures: How many validation pictures both answered, 1 or more.
        same: To how many of them both gave the same class.
        largest_difference: Of any probability of any class, 0 to 1.
    """

    runtime: str
    pictures: int
    same: int
    largest_difference: float


@dataclass(frozen=True)
class Made:
    """What became of one form.

    Attributes:
        form: Its id.
        of: When the model that it was made of was evaluated (``Evaluated.at``): after more training
            it is another, and this one is out of date.
        size_bytes: Of the file; 0 when it was refused.
        check: What its check found; None for what isn't a model.
        refused: Why it isn't offered, in an English sentence; None when it is.
    """

    form: str
    of: float
    size_bytes: int
    check: Check | None = None
    refused: str | None = None


def file(run: Run, form_id: str) -> Path:
    """Where a form's file goes; its folder may not be there yet. Keras's is the run's own.

    Raises:
        RunError: When there is no such form.
    """
    name = form(form_id).file
    return run.model if form_id == "keras" else run.exports / name


def likely_bytes(run: Run, form_id: str) -> int:
    """What a form that isn't made yet will take, 0 for one that is there or takes hardly any.

    Raises:
        RunError: When there is no such form.
    """
    if file(run, form_id).exists() or form(form_id).group == "program":
        return 0
    if form_id == "project":
        inside = [run.best, run.checkpoint, run.pictures_root]
        return sum(usage.size_bytes(each) for each in inside)
    return usage.size_bytes(run.model) if form(form_id).group != "about" else 0


def stamp(run: Run) -> float:
    """What tells the model of a run from that before more training.

    Raises:
        RunError: When the training isn't finished.
    """
    history = run.history
    if history.busy or history.finished is None or history.evaluated is None:
        raise RunError(
            say("The model isn't finished yet."),
            say("Wait for the end of the training, or stop it."),
        )
    return history.evaluated.at


@contextmanager
def alone(run: Run) -> Iterator[None]:
    """Wait to be the only one who makes forms of this run, in whatever process.

    The system frees the lock should the process die.

    Raises:
        OSError: When the run's ``exports/`` can't be made.
    """
    run.exports.mkdir(exist_ok=True)
    with FileLock(run.exports / "lock"):
        yield


def made(run: Run) -> dict[str, Made]:
    """What was made of the run's present model, by form id; what can't be read isn't there."""
    found = {}
    for each in FORMS:
        told = _told(run, each)
        if told and (told.refused or file(run, each).is_file()):
            found[each] = told
    return found


def record(run: Run, told: Made) -> None:
    """Write down what became of a form; called when its file is in place.

    Raises:
        DiskFull: When there is no room.
    """
    files.write_json(run.exports / f"{told.form}.json", {"version": 1, **asdict(told)})


def _told(run: Run, form_id: str) -> Made | None:
    try:
        with run_files.whole():
            stored = files.version_1(run_files.read(run.exports / f"{form_id}.json"))
            told = _made(stored)
            return told if (told.form, told.of) == (form_id, stamp(run)) else None
    except RunError:
        return None


def _made(stored: dict[str, Any]) -> Made:
    check, refused, size_bytes = stored["check"], stored["refused"], int(stored["size_bytes"])
    if size_bytes < 0:
        raise ValueError(f"{size_bytes} bytes")
    return Made(
        files.text(stored["form"]),
        float(stored["of"]),
        size_bytes,
        None if check is None else _check(check),
        None if refused is None else files.text(refused),
    )


def _check(stored: dict[str, Any]) -> Check:
    pictures, same = int(stored["pictures"]), int(stored["same"])
    difference = float(stored["largest_difference"])
    if not 0 <= same <= pictures or not pictures or not 0 <= difference <= 1:
        raise ValueError(f"{same} of {pictures} pictures, {difference} apart")
    return Check(files.text(stored["runtime"]), pictures, same, difference)
