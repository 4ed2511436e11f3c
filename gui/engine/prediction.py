"""Answer what a picture shows, with the best weights of a run."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gui.core import pictures, vgg16
from gui.core.errors import RunError, UnreadablePicture
from gui.core.prediction import Prediction
from gui.core.runs import Run
from gui.engine import checkpoints
from gui.engine.model import Model, after, build_functional, set_weights
from gui.engine.network import PICTURES, Network, open_network
from gui.engine.weights import Weights, digest

_BATCH = 16
_SHOWN_PX = 320  # side of the picture beside the answer
_MODELS_KEPT = 2  # with a network of about 330 MB each, unless they share it

Convolutions = dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]]


@dataclass(frozen=True)
class _Loaded:
    network: Network  # VGG16, as the run has left it
    convolutions: str  # digest of the weights that the network has
    head: Model  # from what the network gives to probabilities
    labels: tuple[str, ...]
    image_size: int
    stamp: int  # when its weights were written, in ns


class Predictor:
    """Keeps the last used models ready. It works while a training goes on, from its best so far.

    Models with the same convolutions share one network: those of all trainings of the head only,
    and one of them needs no new network when a better epoch comes.
    """

    def __init__(self, find_weights: Callable[[], Weights]) -> None:
        self._find_weights = find_weights
        self._loaded: OrderedDict[Path, _Loaded] = OrderedDict()

    def predict(self, run: Run, files: Sequence[tuple[str, Path]]) -> Iterator[Prediction]:
        """Answer for each file, in order; one that can't be read gets a sentence instead.

        Args:
            run: A run with at least one whole epoch.
            files: Each picture's name for the person, and where it is.

        Raises:
            RunError: When the run has no whole epoch yet or its files are damaged.
        """
        loaded = self._load(run)
        for start in range(0, len(files), _BATCH):
            yield from _answer(loaded, files[start : start + _BATCH])

    def _load(self, run: Run) -> _Loaded:
        if not run.best.exists():
            raise RunError(
                "This training hasn't finished an epoch yet.", "Wait for the first epoch to end."
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
            while len(self._loaded) >= _MODELS_KEPT:
                self._loaded.popitem(last=False)
            kept = self._read(run, stamp, networks)
        self._loaded[run.path] = kept
        self._loaded.move_to_end(run.path)  # now the last to be thrown out
        return kept

    def _read(self, run: Run, stamp: int, networks: dict[str, Network]) -> _Loaded:
        """Load a run; ``networks``, by the digest of their convolutions, are left for what fits."""
        settings, labels = run.config.model, run.split.labels
        plain = replace(settings, flip=False, rotation=False, zoom=False)
        model = build_functional(plain, len(labels))
        if run.history.finished and run.model.exists():
            model.load_weights(run.model)  # all of them, whatever weights there are by now
        else:
            _fill(model, run, self._find_weights())
        convolutions = _convolutions(model)
        known = digest(convolutions)
        network = networks.get(known)
        networks.clear()
        network = network or open_network(convolutions, rounded=False)
        head = after(model, vgg16.HEAD_ONLY, settings.image_size)
        return _Loaded(network, known, head, labels, settings.image_size, stamp)


def _learns_the_head_only(run: Run) -> bool:
    return vgg16.first_learning(run.config.model.freeze_point) == vgg16.HEAD_ONLY


def _convolutions(model: Model) -> Convolutions:
    return {
        layer.name: tuple(model.get_layer(layer.name).get_weights())
        for layer in vgg16.LAYERS
        if layer.kind == "conv"
    }


def _fill(model: Model, run: Run, weights: Weights) -> None:
    started = run.history.started
    if started and started.weights_sha256 != weights.sha256:
        raise RunError(
            f"This training began with other VGG16 weights ({started.weights}).",
            "Open the app with the same weights to test with it.",
        )
    set_weights(model, weights)
    checkpoints.restore_weights(run.best, model, run.config.model.freeze_point)


def _answer(loaded: _Loaded, files: Sequence[tuple[str, Path]]) -> Iterator[Prediction]:
    read: dict[int, tuple[np.ndarray, bytes]] = {}
    problems: dict[int, str] = {}
    for place, (_, path) in enumerate(files):
        try:
            read[place] = pictures.read(path, loaded.image_size, _SHOWN_PX)
        except UnreadablePicture as error:
            problems[place] = f"{error.what} {error.hint}"
    answers: dict[int, np.ndarray] = {}
    if read:
        batch = np.stack([pixels for pixels, _ in read.values()])
        seen = loaded.network.run(PICTURES, batch, [vgg16.HEAD_ONLY])[vgg16.HEAD_ONLY]
        answers = dict(zip(read, loaded.head.predict_on_batch(seen), strict=True))
    for place, (name, _) in enumerate(files):
        if place in problems:
            yield Prediction(name, problem=problems[place])
            continue
        probabilities = tuple(
            (label, float(value))
            for label, value in zip(loaded.labels, answers[place], strict=True)
        )
        yield Prediction(name, probabilities, thumbnail=pictures.data_uri(read[place][1]))
