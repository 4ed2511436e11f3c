"""The models of runs, ready to be asked; the last used ones are kept."""

import gc
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gui.core import vgg16
from gui.core.errors import RunError
from gui.core.runs import Run
from gui.engine import checkpoints
from gui.engine.model import Model, after, build_functional, set_weights
from gui.engine.network import Network, open_network
from gui.engine.weights import Weights, digest
from gui.words import mark

_KEPT = 2  # with a network of about 330 MB each, unless they share it

Convolutions = dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]]


@dataclass(frozen=True)
class Loaded:
    """A run's kept model.

    Attributes:
        network: VGG16, as the run has left it; opened without rounding.
        convolutions: Hex digest of the weights that the network has.
        model: The whole model in Keras, from pictures to probabilities.
        head: From what the network gives to probabilities; shares the model's weights.
        labels: Class names, in the order of the outputs.
        image_size: Side of the square that pictures are squeezed into, px.
        stamp: When its weights were written, in ns.
    """

    network: Network
    convolutions: str
    model: Model
    head: Model
    labels: tuple[str, ...]
    image_size: int
    stamp: int


class Models:
    """Keeps the last used models ready. It works while a training goes on, from its best so far.

    Models with the same convolutions share one network: those of all trainings of the head only,
    and one of them needs no new network when a better epoch comes.
    """

    def __init__(self, find_weights: Callable[[], Weights]) -> None:
        self._find_weights = find_weights
        self._loaded: OrderedDict[Path, Loaded] = OrderedDict()

    def load(self, run: Run) -> Loaded:
        """A run's model with its best weights so far.

        Raises:
            RunError: When the run has no whole epoch yet or its files are damaged.
        """
        if not run.best.exists():
            raise RunError(
                mark("This training hasn't finished an epoch yet."),
                mark("Wait for the first epoch to end."),
            )
        stamp = run.best.stat().st_mtime_ns
        kept = self._loaded.get(run.path)
        if kept and kept.stamp != stamp and _learns_the_head_only(run):
            checkpoints.restore_weights(run.best, kept.head, vgg16.HEAD_ONLY)
            kept = replace(kept, stamp=stamp)
        elif kept is None or kept.stamp != stamp:
            networks = {each.convolutions: each.network for each in self._loaded.values()}
            kept = None  # freed before the next one is made
            self._loaded.pop(run.path, None)
            while len(self._loaded) >= _KEPT:
                self._loaded.popitem(last=False)
            gc.collect()  # a model holds itself: nothing else would give 60 MB a run back
            kept = self._read(run, stamp, networks)
        self._loaded[run.path] = kept
        self._loaded.move_to_end(run.path)  # now the last to be thrown out
        return kept

    def _read(self, run: Run, stamp: int, networks: dict[str, Network]) -> Loaded:
        """Load a run; ``networks``, by the digest of their convolutions, are left for what fits."""
        settings, labels = run.config.model, run.split.labels
        plain = replace(settings, flip=False, rotation=False, zoom=False)
        model = build_functional(plain, len(labels))
        if run.history.finished and run.model.exists():
            model.load_weights(run.model)  # all of them, whatever weights there are by now
        else:
            _fill(model, run, self._find_weights())
        found = convolutions(model)
        known = digest(found)
        network = networks.get(known)
        networks.clear()
        network = network or open_network(found, rounded=False)
        head = after(model, vgg16.HEAD_ONLY, settings.image_size)
        return Loaded(network, known, model, head, labels, settings.image_size, stamp)


def check_present(run: Run, loaded: Loaded) -> None:
    """Refuse a model that isn't its run's any more: it was trained further since it was read.

    Raises:
        RunError: When it is so.
    """
    try:
        present = run.best.stat().st_mtime_ns == loaded.stamp
    except OSError:
        present = False
    if not present:
        raise trained_further()


def trained_further() -> RunError:
    """That what was made is of a model that is no longer the run's."""
    return RunError(
        mark("It was trained further meanwhile."), mark("Wait for its end, then try again.")
    )


def convolutions(model: Model) -> Convolutions:
    """For each convolution its kernel, float32 (3, 3, in, out), and bias, float32 (out,)."""
    return {
        layer.name: tuple(model.get_layer(layer.name).get_weights())
        for layer in vgg16.LAYERS
        if layer.kind == "conv"
    }


def _learns_the_head_only(run: Run) -> bool:
    return vgg16.first_learning(run.config.model.freeze_point) == vgg16.HEAD_ONLY


def _fill(model: Model, run: Run, weights: Weights) -> None:
    started = run.history.started
    if started and started.weights_sha256 != weights.sha256:
        raise RunError(
            mark(
                "This training began with other VGG16 weights ({weights}).",
                weights=started.weights,
            ),
            mark("Open the app with the same weights to test with it."),
        )
    set_weights(model, weights)
    checkpoints.restore_weights(run.best, model, run.config.model.freeze_point)
