"""Make a run of another computer whole again: check its weights, build its model of them."""

import math
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
from numpy.typing import NDArray

from gui.core import caching, config, vgg16
from gui.core.config import Config
from gui.core.errors import RunError
from gui.core.events import Phase
from gui.core.runs import Run
from gui.engine import arrays, checkpoints, export, novelty
from gui.engine.loaded import convolutions
from gui.engine.model import Model, after, build_functional, freeze, set_weights
from gui.engine.optimizer import Adam
from gui.engine.weights import Weights, digest
from gui.words import mark

_AROUND_BYTES: Final = 1000  # of an archive for each array: its name, twice, and its header
_READ_BYTES: Final = 1 << 22  # a multiple of every kind's size
# All that reading an archive of arrays can raise that is damaged or made to do harm.
_DAMAGE: Final = (
    OSError,
    EOFError,
    LookupError,
    ValueError,
    SyntaxError,
    TypeError,
    OverflowError,
    MemoryError,
    RuntimeError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)

Form = tuple[tuple[int, ...], np.dtype[Any]]  # shape and kind of an array

_COUNT: Final[Form] = ((), np.dtype(np.int64))


def rebuild(run: Run, weights: Weights) -> None:
    """Write ``model.keras`` and ``labels.txt`` of a run whose weights came from elsewhere.

    The weights are read as bare numbers, of just the shapes that a model of the run's own settings
    has; all of them are looked at before the first is used.

    Raises:
        RunError: When they aren't the run's, or it began with other VGG16 weights.
        DiskFull: When there is no room.
    """
    history, settings = run.history, config.resolve(run.config)
    if history.started is None or history.evaluated is None:
        raise _strange()
    if history.started.weights_sha256 != weights.sha256:
        raise RunError(
            mark("This training began with other VGG16 weights than there are on this computer."),
            mark("Start Freezepoint with the same ones (--weights), then open it again."),
        )
    try:
        model = build_functional(settings.model, len(run.split.labels), settings.train.seed)
        point = settings.model.freeze_point
        learned = {each.path: _form(each) for each in checkpoints.learnable(model, point)}
        best = _check(run.best, {"epoch": _COUNT, **learned})
        if int(best["epoch"]) != history.evaluated.epoch:
            raise ValueError("weights of another epoch")
        _check_checkpoint(run, model, settings, learned)
        set_weights(model, weights)
        checkpoints.restore_weights(run.best, model, point)
        _check_novelty(run, model)
    except _DAMAGE as error:
        raise _strange() from error
    else:
        export.save(run, model, settings.model, run.split.labels)
    finally:
        keras.utils.clear_session()


def _check_checkpoint(
    run: Run, model: Model, settings: Config, learned: Mapping[str, Form]
) -> None:
    """Prove that a training can go on from the checkpoint; ValueError when it can't."""
    fits = False
    for phase in dict(config.phases(settings, settings.train.epochs)):
        expected: dict[str, Form] = {"epoch": _COUNT, "phase": ((), np.dtype(f"<U{len(phase)}"))}
        expected |= learned
        for place, form in enumerate(_optimizer(model, settings, phase)):
            expected[f"optimizer {place}"] = form
        if _fits(run.checkpoint, expected):
            told = _check(run.checkpoint, expected)
            within = 0 <= int(told["epoch"]) <= len(run.history.epochs)
            fits = fits or (within and str(told["phase"]) == phase)
    if not fits:
        raise ValueError("a checkpoint of something else")


def _check_novelty(run: Run, model: Model) -> None:
    """Prove that what a run remembers is of its pictures and its model; it may be missing."""
    if not run.novelty.exists():
        return
    count, channels = len(novelty.remembered(run.split)), vgg16.LAYERS[-1].channels
    expected: dict[str, Form] = {
        "version": _COUNT,
        "features": ((count, channels), np.dtype(np.float16)),
        "digests": ((count,), np.dtype("S64")),
        "convolutions": ((), np.dtype("<U64")),
        "threshold": ((), np.dtype(np.float32)),
        "validation": ((len(run.split.validation),), np.dtype(np.float32)),
    }
    _check(run.novelty, expected)
    if novelty.load(run, digest(convolutions(model))) is None:
        raise ValueError("it remembers something else")


def _optimizer(model: Model, settings: Config, phase: Phase) -> list[Form]:
    """The forms of the optimizer's variables in a phase; see ``engine.stage``."""
    point = settings.model.freeze_point
    place = vgg16.HEAD_ONLY if phase == "head" else vgg16.first_learning(point)
    learner = model
    if phase == "head" or caching.worth_caching(point):
        learner = after(model, place, settings.model.image_size)
    freeze(model, vgg16.HEAD_ONLY if phase == "head" else point)
    optimizer = Adam(1e-3)
    optimizer.build(learner.trainable_variables)
    found = [_form(each) for each in optimizer.variables]
    optimizer.release()
    return found


def _form(variable: Any) -> Form:
    return tuple(variable.shape), np.dtype(str(variable.dtype))


def _fits(path: Path, expected: Mapping[str, Form]) -> bool:
    """Whether an archive has arrays of just these names; what is far too long isn't looked into."""
    sizes = [math.prod(shape) * kind.itemsize for shape, kind in expected.values()]
    if path.stat().st_size > sum(sizes) + _AROUND_BYTES * (len(sizes) + 1):
        return False
    with zipfile.ZipFile(path) as archive:
        return sorted(archive.namelist()) == sorted(f"{name}.npy" for name in expected)


def _check(path: Path, expected: Mapping[str, Form]) -> dict[str, NDArray[Any]]:
    """Prove that an archive holds just these arrays, bare and finite; ValueError when it doesn't.

    Returns:
        Those that are a single value.
    """
    if not _fits(path, expected):
        raise ValueError("other arrays")
    with zipfile.ZipFile(path) as archive:
        found = {name: _check_array(archive, f"{name}.npy", expected[name]) for name in expected}
    return {name: value for name, value in found.items() if value is not None}


def _check_array(archive: zipfile.ZipFile, name: str, form: Form) -> NDArray[Any] | None:
    """One array; ValueError when it isn't of that form. A single value is returned."""
    (shape, dtype), told = form, archive.getinfo(name)
    if told.compress_type != zipfile.ZIP_STORED or told.file_size != told.compress_size:
        raise ValueError(f"{name} is packed")
    with archive.open(name) as file:
        stored, kind, start = arrays.read_header(file)
        bytes_left = told.file_size - start
        if (stored, kind) != form or bytes_left != math.prod(shape) * dtype.itemsize:
            raise ValueError(f"{name} is of another form")
        if not shape:
            value = np.frombuffer(file.read(), dtype).reshape(())
            return _finite(name, value)
        while content := file.read(_READ_BYTES):
            _finite(name, np.frombuffer(content, dtype))
    return None


def _finite(name: str, values: NDArray[Any]) -> NDArray[Any]:
    if np.issubdtype(values.dtype, np.floating) and not np.isfinite(values).all():
        raise ValueError(f"{name} has a value that is no number")
    return values


def _strange() -> RunError:
    return RunError(
        mark("The weights in the project file aren't those that its training would have left."),
        mark("Copy the file again, or have it made again where it comes from."),
    )
