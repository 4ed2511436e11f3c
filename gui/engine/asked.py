"""A model whose weights are settled, ready to be asked about the pictures of its run."""

from collections.abc import Callable
from dataclasses import dataclass

from gui.core.config import ModelSettings
from gui.core.errors import RunError
from gui.core.runs import Run
from gui.core.split import Split
from gui.engine import network
from gui.engine.features import Features
from gui.engine.job import Job
from gui.engine.loaded import Loaded, check_present, convolutions
from gui.engine.model import Model
from gui.engine.network import Network
from gui.engine.store import Store
from gui.engine.weights import Weights
from gui.words import mark


@dataclass(frozen=True)
class Asked:
    """A model with the weights that are kept, and what it takes to ask it about its run's pictures.

    Attributes:
        settings: What the model looks like.
        split: Of the run.
        features: What is stored of the run's pictures.
        model: From pictures to probabilities.
        epoch: The epoch that the weights are of.
        open_network: Makes its convolutions, without rounding, for many pictures.
        pause: Called before every batch of pictures; raises what ends the asking.
    """

    settings: ModelSettings
    split: Split
    features: Features
    model: Model
    epoch: int
    open_network: Callable[[], Network]
    pause: Callable[[], None] = lambda: None


def at_the_end(job: Job, epoch: int, pause: Callable[[], None]) -> Asked:
    """The model of a training that is about to end, with the weights of ``epoch``."""
    return Asked(
        job.config.model,
        job.split,
        job.features,
        job.model,
        epoch,
        lambda: network.open_network(convolutions(job.model), rounded=False),
        pause,
    )


def afterwards(run: Run, loaded: Loaded, find_weights: Callable[[], Weights]) -> Asked:
    """The model of a finished training.

    Args:
        run: The training.
        loaded: Its model.
        find_weights: VGG16's, for features that have to be made again.

    Raises:
        RunError: When it isn't finished, or was trained further since the model was read.
    """
    history = run.history
    started, told = history.started, history.evaluated
    if not (history.finished and started and told):
        raise RunError(
            mark("This training isn't finished."), mark("Wait for its end, or keep the best first.")
        )
    check_present(run, loaded)

    def open_frozen() -> Network:
        found = find_weights()
        if found.sha256 != started.weights_sha256:
            raise RunError(
                mark(
                    "This training began with other VGG16 weights ({weights}).",
                    weights=started.weights,
                ),
                mark("Open the app with the same weights."),
            )
        return network.open_network(found.arrays)

    config, store = run.config, Store(run.store)
    features = Features(store, started.weights_sha256, open_frozen, config.model, run.pictures_root)
    return Asked(
        config.model, run.split, features, loaded.model, told.epoch, lambda: loaded.network
    )
