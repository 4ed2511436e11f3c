"""Make a form in which a person takes a model home, and check it in its own runtime.

A new form is a row in ``core.forms``, a maker here, and a bound in ``engine.agreement``.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np

from gui.core import inside, take_home
from gui.core.errors import RunError, disk_full
from gui.core.runs import Run
from gui.core.take_home import Check, Made
from gui.engine import agreement, apps, graph, images, litert, savedmodel
from gui.engine.loaded import Loaded, check_present, trained_further
from gui.words import mark

Progress = Callable[[int, int], None]  # done, in all
Maker = Callable[[Run, Loaded, Path, Progress], Check]

_EXAMPLES: Final = 100  # training pictures that tell int8 how large values get
_STEPS: Final = 3  # conversion, checking, putting in place


def make(run: Run, loaded: Loaded, form: str, progress: Progress) -> None:
    """Make a form of a finished run's model; what came of it is written beside its file.

    A form that disagrees with the model is refused: no file of it stays.

    Args:
        run: A finished run.
        loaded: Its model.
        form: An id of :data:`MAKERS`.
        progress: Called with how far it is.

    Raises:
        RunError: When the run isn't finished or is trained further meanwhile, a picture of it is
            gone, or no such form is made here.
        DiskFull: When there is no room.
    """
    if form not in MAKERS:
        raise RunError(
            mark("“{form}” isn't made by the engine.", form=form),
            mark("Choose one of: {names}.", names=", ".join(MAKERS)),
        )
    of, target = take_home.stamp(run), take_home.file(run, form)
    check_present(run, loaded)
    with disk_full(), take_home.alone(run), _aside(run, target.name) as aside:
        check = MAKERS[form](run, loaded, aside, progress)
        if take_home.stamp(run) != of:
            raise trained_further()
        refused = agreement.refusal(form, check)
        if refused:
            if form != "keras":
                target.unlink(missing_ok=True)
        elif aside.exists():
            aside.replace(target)
        size_bytes = 0 if refused else target.stat().st_size
        take_home.record(run, Made(form, of, size_bytes, check, refused))


@contextmanager
def _aside(run: Run, name: str) -> Iterator[Path]:
    """Where a file is written until it is whole and checked; what is left of it goes."""
    for left in run.exports.glob(".part-*"):  # of a process that was killed: this one is alone
        shutil.rmtree(left, ignore_errors=True)
    folder = run.exports / f".part-{os.getpid()}"
    folder.mkdir()
    try:
        yield folder / name
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _keras(run: Run, loaded: Loaded, path: Path, progress: Progress) -> Check:
    """The model file is there since the end of the training; it is only checked."""
    del path
    asked = agreement.sample(run, loaded)
    progress(1, _STEPS)
    return agreement.ask("keras", run.model, asked)


def _savedmodel(run: Run, loaded: Loaded, path: Path, progress: Progress) -> Check:
    told = {
        inside.LABELS: inside.labels(loaded.labels),
        inside.FACTS: inside.facts(run, "any size in"),
    }
    savedmodel.write(loaded.model, path, told)
    progress(1, _STEPS)
    return _asked("tensorflow", run, loaded, path, progress)


def _onnx(run: Run, loaded: Loaded, path: Path, progress: Progress) -> Check:
    path.write_bytes(graph.build(loaded.model, loaded.labels, loaded.image_size, "float32"))
    progress(1, _STEPS)
    return _asked("onnx", run, loaded, path, progress)


def _litert(precision: litert.Precision) -> Maker:
    def write(run: Run, loaded: Loaded, path: Path, progress: Progress) -> Check:
        size = loaded.image_size
        examples = _examples(run, size) if precision == "int8" else ()
        content = litert.build(loaded.model, size, precision, examples)
        told = {
            inside.LABELS: inside.labels(loaded.labels),
            inside.FACTS: inside.facts(run, f"{size} x {size}"),
        }
        path.write_bytes(litert.with_files(content, told))
        progress(1, _STEPS)
        return _asked("litert", run, loaded, path, progress)

    return write


def _examples(run: Run, size_px: int) -> images.Images:
    """Training pictures spread over the classes: never those that the form is checked with."""
    chosen = run.split.train
    places = np.linspace(0, len(chosen) - 1, min(_EXAMPLES, len(chosen))).round().astype(int)
    return images.read([chosen[place] for place in places], run.pictures_root, size_px)


def _asked(kind: str, run: Run, loaded: Loaded, path: Path, progress: Progress) -> Check:
    check = agreement.ask(kind, path, agreement.sample(run, loaded))
    progress(2, _STEPS)
    return check


MAKERS: Final[Mapping[str, Maker]] = MappingProxyType(
    {
        "keras": _keras,
        "savedmodel": _savedmodel,
        "litert": _litert("float32"),
        "litert-float16": _litert("float16"),
        "litert-int8": _litert("int8"),
        "onnx": _onnx,
        "demo": apps.write_demo,
        "page": apps.write_page,
    }
)
