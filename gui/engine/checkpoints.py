"""Where a training stands: the weights that learn, the optimizer's state, the epoch.

Weights are stored under Keras's own names for them, and always all that come after the freeze
point, so that one file fits both phases.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gui.core import vgg16
from gui.core.events import Phase
from gui.engine import arrays
from gui.engine.model import Model


def save_weights(path: Path, model: Model, freeze_point: str, epoch: int) -> None:
    """Write every weight from the freeze point on, as ``epoch`` left them, in one step.

    Raises:
        DiskFull: When there is no room.
    """
    weights = {each.path: np.asarray(each) for each in _learnable(model, freeze_point)}
    arrays.save(path, {**weights, "epoch": np.asarray(epoch)})


def restore_weights(path: Path, model: Model, freeze_point: str) -> int:
    """Put back what :func:`save_weights` wrote.

    Returns:
        The epoch they are of.

    Raises:
        RunError: When the file is damaged.
    """
    stored = arrays.load(path)
    _assign(stored, model, freeze_point)
    return int(stored["epoch"])


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
    weights = {each.path: np.asarray(each) for each in _learnable(model, freeze_point)}
    state = {f"optimizer {n}": np.asarray(each) for n, each in enumerate(optimizer.variables)}
    about = {"epoch": np.asarray(epoch), "phase": np.asarray(phase)}
    arrays.save(path, {**weights, **state, **about})


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
        about = arrays.load(path, ("epoch", "phase"))
        self.epoch = int(about["epoch"])
        self.phase = str(about["phase"])

    def restore(self, model: Model, freeze_point: str, optimizer: Any) -> None:
        """Put weights and optimizer back as they were; the optimizer must be built."""
        stored = arrays.load(self._path)
        _assign(stored, model, freeze_point)
        for number, variable in enumerate(optimizer.variables):
            variable.assign(stored[f"optimizer {number}"])


def _learnable(model: Model, freeze_point: str) -> list[Any]:
    frozen = vgg16.NAMES[: vgg16.position(freeze_point)]
    return [each for layer in model.layers if layer.name not in frozen for each in layer.weights]


def _assign(stored: dict[str, NDArray[Any]], model: Model, freeze_point: str) -> None:
    for variable in _learnable(model, freeze_point):
        variable.assign(stored[variable.path])
