"""Whether a form of a model says what the model says: both answer the same validation pictures."""

import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gui.core import starved
from gui.core.errors import DiskFull, RunError
from gui.core.runs import Run
from gui.core.take_home import Check
from gui.engine import images, runtime
from gui.engine.loaded import Loaded
from gui.words import mark

_CHECKED: Final = 32  # pictures at most
_BATCH: Final = 16
_PATIENCE_S: Final = 600.0

# How far probabilities may differ, and what share of the answers has to be the same. Long numbers
# give the same to a few millionths; half of their length moved a probability by 0.001; whole
# numbers by 0.03 to 0.18 where a model is unsure, which may change an answer that was a near tie.
_EXACT: Final = (0.001, 1.0)
BOUNDS: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "keras": _EXACT,
        "savedmodel": _EXACT,
        "litert": _EXACT,
        "onnx": _EXACT,
        "demo": _EXACT,
        "page": (0.05, 1.0),
        "litert-float16": (0.02, 0.96),
        "litert-int8": (0.25, 0.9),
    }
)


@dataclass(frozen=True)
class Sample:
    """Validation pictures and what the model answers to them.

    Attributes:
        pixels: float32 (n, size, size, 3), RGB 0-255.
        answers: float32 (n, classes), probabilities.
    """

    pixels: NDArray[np.float32]
    answers: NDArray[np.float32]


def sample(run: Run, loaded: Loaded) -> Sample:
    """Up to 32 validation pictures, spread over the classes, answered by the model.

    Raises:
        RunError: When one of them is gone or changed.
    """
    chosen = run.split.validation
    # They are in order of class: spread over all of them, so that each class is seen.
    places = np.linspace(0, len(chosen) - 1, min(_CHECKED, len(chosen))).round().astype(int)
    pixels = images.read(
        [chosen[place] for place in places], run.pictures_root, loaded.image_size
    ).astype(np.float32)
    answers = [
        loaded.model.predict_on_batch(pixels[start : start + _BATCH])
        for start in range(0, len(pixels), _BATCH)
    ]
    return Sample(pixels, np.concatenate(answers))


def ask(kind: str, model: Path, asked: Sample) -> Check:
    """Run a model file in a fresh process, in the program it is meant for.

    Args:
        kind: One of ``runtime.RUNTIMES``.
        model: The file.
        asked: What it is held against.

    Raises:
        RunError: When it can't be run there, with the last line of what was said.
        DiskFull: When the process had no room for its answers.
        MemoryError: When it had too little memory.
    """
    with tempfile.TemporaryDirectory() as folder:
        pictures, answers = Path(folder, "pictures.npy"), Path(folder, "answers.npy")
        np.save(pictures, asked.pixels)
        # -P: else the modules beside it would come before the libraries' of the same name.
        program = [sys.executable, "-P", runtime.__file__]
        command = [*program, kind, str(model), str(pictures), str(answers)]
        # What it unpacks and forgets, as Keras does on a full disk, goes with the folder.
        own = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder)
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                encoding="utf-8",
                timeout=_PATIENCE_S,
                check=True,
                env={**os.environ, **own},
            )
        except subprocess.TimeoutExpired as error:
            what = mark(
                "This form couldn't be checked in {kind}: it took more than {seconds:g} s.",
                kind=kind,
                seconds=_PATIENCE_S,
            )
            raise _failed(what) from error
        except subprocess.CalledProcessError as error:
            if f"[Errno {errno.ENOSPC}]" in str(error.stderr):
                raise DiskFull from error
            if starved.said(str(error.stderr)):
                raise MemoryError from error
            said = [line for line in str(error.stderr).splitlines() if line.strip()]
            what = mark(
                "This form couldn't be checked in {kind}: {why} (exit code {code})."
                if said
                else "This form couldn't be checked in {kind}: without a word (exit code {code}).",
                kind=kind,
                why=said[-1].replace(str(model), model.name) if said else "",
                code=error.returncode,
            )
            raise _failed(what) from error
        return compare(done.stdout.split("\n")[-2], np.load(answers), asked)


def compare(name: str, answers: NDArray[np.float32], asked: Sample) -> Check:
    """What came of two models answering the same pictures; ``name`` is what ran the other one."""
    if answers.shape != asked.answers.shape or not np.isfinite(answers).all():
        what = mark(
            "This form couldn't be checked in {kind}: it answered {shape} values.",
            kind=name,
            shape=answers.shape,
        )
        raise _failed(what)
    same = (answers.argmax(axis=1) == asked.answers.argmax(axis=1)).sum()
    return Check(name, len(answers), int(same), float(np.abs(answers - asked.answers).max()))


def refusal(form: str, check: Check) -> str | None:
    """Why a form isn't offered, in a sentence with the figures; None when it agrees."""
    largest, share = BOUNDS[form]
    if check.largest_difference <= largest and check.same >= share * check.pictures:
        return None
    return mark(
        "In {runtime} it gave the same answer for {same} of {pictures} checking pictures, and a "
        "probability differed by {difference:.3f}; allowed are {largest:g} and no other answer."
        if share == 1
        else "In {runtime} it gave the same answer for {same} of {pictures} checking pictures, and "
        "a probability differed by {difference:.3f}; allowed are {largest:g} and {others:.0f} % "
        "others.",
        runtime=check.runtime,
        same=check.same,
        pictures=check.pictures,
        difference=check.largest_difference,
        largest=largest,
        others=100 * (1 - share),
    )


def _failed(what: str) -> RunError:
    return RunError(what, mark("Try again; if it happens again, take another form."))
