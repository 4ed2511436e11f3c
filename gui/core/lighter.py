"""What helps a training that ran out of memory: only what makes this one need noticeably less."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gui.core import fit, plan, vgg16
from gui.core.config import Config
from gui.core.errors import FreezepointError
from gui.core.runs import Run
from gui.words import mark

_ENOUGH = 0.8  # of what it needed; less than a fifth saved would hardly have helped
_NAMED = 2  # ways that are named; more would be a list to study
_CLOSE = mark("Close other programs, then press “Go on”.")
_TRY_AGAIN = mark("Close other programs, then try again.")
_LARGER = mark("Or use a computer with more memory.")
_SMALLER_MODEL = mark("A new training with the compact head makes a far smaller model.")


def training(config: Config, classes: int) -> str:
    """What to do after a training of these settings ran out of memory, in English sentences."""
    needed = plan.peak_bytes(config, classes)
    ways: list[str] = []
    enough = _ENOUGH * needed
    for change in fit.lesser(config, lambda other: plan.peak_bytes(other, classes) <= enough):
        ways += _ways(change)
    return " ".join([_CLOSE, *(ways[:_NAMED] or [_LARGER])])


def of_run(run: Run) -> str:
    """The same for a run; without the ways where its files can't be read."""
    try:
        return training(run.config, len(run.split.labels))
    except FreezepointError:
        return _CLOSE


def afterwards(folder: Path | None) -> str:
    """What to do after something else than a training ran out of memory, in English sentences.

    Args:
        folder: The run that it was done with, if it was one.
    """
    classic = False
    with suppress(FreezepointError):
        classic = folder is not None and Run(folder).config.model.head == "classic"
    return f"{_TRY_AGAIN} {_SMALLER_MODEL}" if classic else _TRY_AGAIN


def _ways(change: fit.Change) -> Iterator[str]:
    """A change of one setting as a sentence; one of several would be no simple advice."""
    if len(change) > 1:
        return
    ((name, value),) = change.items()
    match name:
        case "head":
            yield mark("Or start a new training with the compact head.")
        case "image_size":
            yield mark("Or start a new training with pictures of {n} px.", n=value)
        case "batch_size":
            yield mark("Or start a new training with a batch size of {n}.", n=value)
        case "freeze_point" if value == vgg16.HEAD_ONLY:
            yield mark("Or start a new training in which only the head learns.")
        case "freeze_point":
            yield mark("Or start a new training with the freeze point “{point}”.", point=value)
