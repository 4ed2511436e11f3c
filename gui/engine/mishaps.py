"""What to tell a person when memory, disk or a library fails: each says so in a way of its own."""

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tensorflow as tf

from gui.core import lighter, starved
from gui.core.errors import FreezepointError, OutOfMemory, RunError
from gui.core.runs import Run
from gui.words import mark


def ran_out_of_memory(error: BaseException) -> bool:
    """Whether there wasn't enough memory, and not something else."""
    if isinstance(error, MemoryError | tf.errors.ResourceExhaustedError):
        return True
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    return not isinstance(error, FreezepointError) and starved.said(str(error))


def of_training(run: Run, error: Exception) -> tuple[RunError, bool]:
    """Why a training broke off, and whether that may happen to a program without a fault."""
    if ran_out_of_memory(error):
        what = mark("There is not enough memory for this training.")
        return _told(what, lighter.of_run(run), OutOfMemory.__name__), True
    if isinstance(error, OSError):
        what = mark(
            "A file of this training can't be read or written ({error}).",
            error=error.strerror or error,
        )
        hint = mark("Check the disk and your rights to it, then go on with this training.")
        return _told(what, hint, type(error).__name__), True
    kind = type(error).__name__
    what = mark("The training broke off ({kind}: {error}).", kind=kind, error=error)
    return RunError(what, mark("Press “Go on”; if it happens again, report it.")), False


def of_request(request: Mapping[str, Any], error: Exception) -> RunError | None:
    """Why something else than a training can't be done; None for a fault of the program."""
    if ran_out_of_memory(error):
        folder = Path(request["run"]) if "run" in request else None
        what = mark("There is not enough memory for this.")
        return _told(what, lighter.afterwards(folder), OutOfMemory.__name__)
    if isinstance(error, OSError):
        what = mark("A file can't be read or written ({error}).", error=error.strerror or error)
        hint = mark("Check the disk and your rights, then try again.")
        return _told(what, hint, type(error).__name__)
    return None


def _told(what: str, hint: str, kind: str) -> RunError:
    """What a person is told, and what it was, for who runs the program."""
    error = RunError(what, hint)
    error.kind = kind
    return error
