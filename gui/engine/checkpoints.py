"""Where a training stands: the weights that learn, the optimizer's state, the epoch.

Weights are stored under Keras's own names for them, and always all that come after the freeze
point, so that one file fits both phases.

The run's events say what is true, whenever a kill comes. An epoch's weights are written first, then
the epoch is told, then they become the best, and then the checkpoint is written: so what is called
the best is of an epoch that was told, and no checkpoint is ahead of the events.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gui.core import vgg16
from gui.core.errors import RunError
from gui.core.events import Phase
from gui.core.history import History
from gui.core.runs import Run
from gui.engine import arrays, devices
from gui.engine.model import Model

_COPIED_BYTES = 32 * 2**20

Named = tuple[str, Callable[[], NDArray[Any]]]


def save_weights(path: Path, model: Model, freeze_point: str, epoch: int) -> None:
    """Write every weight from the freeze point on, as ``epoch`` left them, in one step.

    Raises:
        DiskFull: When there is no room.
    """
    arrays.save(path, [("epoch", lambda: np.asarray(epoch)), *_weights(model, freeze_point)])


def restore_weights(path: Path, model: Model, freeze_point: str) -> int:
    """Put back what :func:`save_weights` wrote.

    Returns:
        The epoch they are of.

    Raises:
        RunError: When the file is damaged.
    """
    with arrays.load(path) as stored:
        _assign(stored, model, freeze_point)
        return int(stored("epoch"))


def settle(run: Run) -> None:
    """End what a kill has left half done: better weights whose epoch was told are the best.

    Those of an epoch that nobody knows of are thrown away; it is trained again.
    """
    epoch, told = epoch_of(run.better), run.history.epochs
    if epoch is not None and told and told[-1].epoch == epoch:
        run.better.replace(run.best)
    else:
        run.better.unlink(missing_ok=True)


def find(run: Run, told: History) -> "Checkpoint | None":
    """Where a run can go on.

    Returns:
        None when there is no checkpoint that is whole, or the events don't tell every epoch up to
        it and the one that is kept, as only damage leaves them: then it begins again.
    """
    if not arrays.is_sound(run.checkpoint):
        return None
    found = Checkpoint(run.checkpoint)
    epochs = [each.epoch for each in told.epochs]
    kept = epoch_of(run.best)
    followed = epochs[: found.epoch] == list(range(1, found.epoch + 1))
    return found if followed and (kept in epochs if found.epoch else True) else None


def epoch_of(path: Path) -> int | None:
    """The epoch that stored weights are of; None when they can't be read."""
    try:
        with arrays.load(path) as stored:
            return int(stored("epoch"))
    except RunError:
        return None


def save(
    path: Path,
    model: Model,
    freeze_point: str,
    optimizer: Any,
    epoch: int,
    phase: Phase,
) -> None:
    """Write everything that is needed to go on after ``epoch``, in one step.

    Raises:
        DiskFull: When there is no room.
    """
    arrays.save(
        path,
        [
            ("epoch", lambda: np.asarray(epoch)),
            ("phase", lambda: np.asarray(phase)),
            *_weights(model, freeze_point),
            *_named((f"optimizer {n}", each) for n, each in enumerate(optimizer.variables)),
        ],
    )


def size_bytes(model: Model, freeze_point: str, optimizer: Any) -> int:
    """How much :func:`save` would write."""
    variables = [*learnable(model, freeze_point), *optimizer.variables]
    return sum(math.prod(each.shape) * 4 for each in variables)


class Checkpoint:
    """A stored state; see :func:`save`. Only what it is of is read at once, not the arrays.

    Attributes:
        epoch: The last whole epoch.
        phase: Its phase.
    """

    def __init__(self, path: Path) -> None:
        """Read it.

        Raises:
            RunError: When the file is damaged.
        """
        self._path = path
        with arrays.load(path) as stored:
            self.epoch = int(stored("epoch"))
            self.phase = str(stored("phase"))

    def restore(self, model: Model, freeze_point: str, optimizer: Any) -> None:
        """Put weights and optimizer back as they were; the optimizer must be built."""
        with arrays.load(self._path) as stored:
            _assign(stored, model, freeze_point)
            for number, variable in enumerate(optimizer.variables):
                _put(variable, stored(f"optimizer {number}"))


def learnable(model: Model, freeze_point: str) -> list[Any]:
    """The variables that are stored: those of every layer from the freeze point on."""
    frozen = vgg16.NAMES[: vgg16.position(freeze_point)]
    return [each for layer in model.layers if layer.name not in frozen for each in layer.weights]


def _weights(model: Model, freeze_point: str) -> Iterator[Named]:
    return _named((each.path, each) for each in learnable(model, freeze_point))


def _named(variables: Iterable[tuple[str, Any]]) -> Iterator[Named]:
    """Names and what reads each variable, so that one at a time is copied."""
    for name, variable in variables:
        yield name, partial(np.asarray, variable)


def _assign(stored: Callable[[str], NDArray[Any]], model: Model, freeze_point: str) -> None:
    for variable in learnable(model, freeze_point):
        _put(variable, stored(variable.path))


def _put(variable: Any, array: NDArray[Any]) -> None:
    """Assign an array, a part at a time: TensorFlow makes a copy of what it is given."""
    if array.shape != tuple(variable.shape):
        raise ValueError(f"{variable.path} is {tuple(variable.shape)}, not {array.shape}")
    if array.nbytes <= _COPIED_BYTES:
        variable.assign(array)
        return
    rows = max(1, _COPIED_BYTES * len(array) // array.nbytes)
    for copy in devices.copies(variable):  # a part that is assigned reaches one device only
        for start in range(0, len(array), rows):
            copy[start : start + rows].assign(array[start : start + rows])
