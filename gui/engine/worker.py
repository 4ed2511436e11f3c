"""The worker process: ``python -m gui.engine.worker``. It computes; the page never does.

Requests come on standard input, answers go to standard output, as ``engine.serving`` has it; what
libraries print goes to standard error. The end of standard input ends an idle worker; a training
under way is brought to its end first, so that it outlives the page.
"""

import contextlib
import dataclasses
import gc
import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import keras

from gui.core import runs
from gui.core.config import ModelSettings
from gui.core.given import File, to_json
from gui.core.runs import Run
from gui.engine import (
    activations,
    attempt,
    calibration,
    evaluation,
    explanation,
    flowers,
    given,
    learning_curve,
    metrics,
    model,
    network,
    novelty,
    processors,
    project,
    serving,
    shares,
)
from gui.engine.computing import Compute, here
from gui.engine.network import Network
from gui.engine.prediction import Predictor
from gui.engine.reporting import Progress, reported
from gui.engine.weights import Weights, find
from gui.words import speaking

_NICENESS = 19  # the page comes first: it needs little, but at once


class Worker:
    """Answers requests, each a method named as the request's "do".

    Attributes:
        answer: Sends a part of an answer at once, where its method is still at work.
        afterwards: Done as soon as the answer is out. Not beside the next request: two threads that
            load libraries at once can wait for each other for ever.
    """

    def __init__(self, weights: Path | None, compute: Compute = here) -> None:
        self.answer: Callable[[object], None] = lambda _: None
        self.afterwards: Callable[[], None] = _nothing
        self._weights: Callable[[], Weights] = cache(lambda: find(weights))
        self._pass_on = compute
        self._predictor = Predictor(self._weights)
        self._network: Network | None = None  # made ready before anyone presses Start

    def rest(self) -> None:
        """Do what was left until an answer is out."""
        do, self.afterwards = self.afterwards, _nothing
        try:
            do()
        except Exception:  # it is only loaded ahead of time; who needs it is told
            logging.getLogger(__name__).exception("afterwards")

    def hello(self, request: Mapping[str, Any]) -> Iterator[object]:
        """Tell where the weights come from, and make the frozen part ready for a training."""
        found = self._weights()
        if request.get("ready") and self._network is None:
            self._network = network.open_network(found.arrays)
            self.afterwards = metrics.load  # a second, which nobody waits for
        yield {"source": found.source, "sha256": found.sha256, "imagenet": found.imagenet}

    def calibrate(self, _: Mapping[str, Any]) -> Iterator[object]:
        """Tell how fast this machine is; it takes about two seconds."""
        yield dataclasses.asdict(calibration.measure(self._weights()))

    def summary(self, request: Mapping[str, Any]) -> Iterator[object]:
        """The table that Keras prints."""
        yield model.summary(ModelSettings.read(request["model"]), int(request["classes"]))

    def train(self, request: Mapping[str, Any]) -> Iterator[object]:
        """Train a run; a mistake is told in the run's events."""
        run = _run(request)
        try:
            attempt.train(
                run,
                self._weights,
                open_network=self._open_network,
                begun=self._let_go,
                compute=self._pass_on,
            )
        finally:
            keras.utils.clear_session()  # the next rung of a ladder begins as in a new process
            gc.collect()
        yield None

    def compute(self, request: Mapping[str, Any]) -> Iterator[object]:
        """Do a share of the passes through the frozen part that a run needs, and store them.

        ``passes``: each the digest of a picture, the number of a view, where it begins, and where
        what comes of it is stored.
        """
        run = _run(request)
        done = shares.compute(run, self._weights(), self._frozen, request["passes"])
        yield done

    def predict(self, request: Mapping[str, Any]) -> Iterator[object]:
        """Answer what pictures show, one by one."""
        run = _run(request)
        for prediction in self._predictor.predict(run, _files(request)):
            yield dataclasses.asdict(prediction)

    def explain(self, request: Mapping[str, Any]) -> Iterator[object]:
        """Show where in pictures the answers were found, one by one."""
        run = _run(request)
        loaded = self._predictor.models.load(run)
        asked = request["where"], request["label"]
        for explained in explanation.explain(loaded, run, _files(request), *asked):
            yield dataclasses.asdict(explained)

    def see(self, request: Mapping[str, Any]) -> Iterator[object]:
        """Show what the blocks of VGG16, as it comes, see in pictures, one by one."""
        opened = network.open_network(self._weights().arrays, rounded=False)
        for seen in activations.look(opened, _files(request), int(request["image_size"])):
            yield dataclasses.asdict(seen)

    def remember(self, request: Mapping[str, Any]) -> Iterator[object]:
        """Write down what a run's training pictures look like to its model, where that lacks."""
        run = _run(request)
        for done, total in novelty.remember(run, self._predictor.models.load(run)):
            yield {"done": done, "total": total}

    def rebuild(self, request: Mapping[str, Any]) -> Iterator[object]:
        """Check the weights of a run that came in a project file, and build its model of them."""
        project.rebuild(_run(request), self._weights())
        yield None

    def make(self, request: Mapping[str, Any]) -> Iterator[object]:
        """Make a form in which a person takes a model home, in their language, and check it."""
        from gui.engine import making  # with the converters, which few workers need

        run, form = _run(request), str(request["form"])
        loaded, language = self._predictor.models.load(run), str(request["language"])

        def work(tell: Progress) -> None:
            with speaking(language):
                making.make(run, loaded, form, tell)

        yield reported(work, self.answer)

    def evaluate(self, request: Mapping[str, Any]) -> Iterator[object]:
        """Write what a finished run's model answers to every picture kept out of learning."""
        run = _run(request)
        loaded = self._predictor.models.load(run)
        yield reported(lambda tell: evaluation.again(run, loaded, self._weights, tell), self.answer)

    def evaluate_folder(self, request: Mapping[str, Any]) -> Iterator[object]:
        """Evaluate pictures that a person brought, each with the name of its folder."""
        run = _run(request)
        files = [File(name, Path(path), *more) for name, path, *more in request["files"]]
        yield reported(
            lambda tell: to_json(given.evaluate(run, files, self._predictor, tell)), self.answer
        )

    def learning_curve(self, request: Mapping[str, Any]) -> Iterator[object]:
        """Write what a run's head learns from fewer pictures."""
        run = _run(request)
        loaded = self._predictor.models.load(run)
        yield reported(
            lambda tell: learning_curve.write(run, loaded, self._weights, tell), self.answer
        )

    def flowers(self, request: Mapping[str, Any]) -> Iterator[object]:
        """Have the second sample in a folder, downloaded if it isn't there."""
        address, folder, stop = request["address"], Path(request["folder"]), Path(request["stop"])
        yield reported(lambda tell: flowers.bring(address, folder, stop, tell), self.answer)

    def _open_network(self, weights: Weights) -> Network:
        """The frozen part; a training keeps it only as long as it needs it."""
        ready, self._network = self._network, None
        return ready or network.open_network(weights.arrays)

    def _frozen(self) -> Network:
        """The frozen part; who only does shares keeps it."""
        if self._network is None:
            self._network = network.open_network(self._weights().arrays)
        return self._network

    def _let_go(self) -> None:
        """Give back the memory of a frozen part that has nothing to do in this training."""
        self._network = None


def _run(request: Mapping[str, Any]) -> Run:
    return runs.find(Path(request["run"]))


def _files(request: Mapping[str, Any]) -> list[tuple[str, Path]]:
    """Each picture's name for the person, and where it is."""
    return [(name, Path(path)) for name, path in request["files"]]


def _nothing() -> None:
    """There is nothing to do afterwards."""


def main(weights: Path | None, compute: Compute = here) -> None:
    """Start a worker that talks over its own standard input and output.

    Args:
        weights: VGG16 weights named by the person, or None.
        compute: Does the passes through the frozen part.
    """
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print to standard output must not mix with answers
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    processors.limit_threads()
    # The page may be gone when a training ends; the run's folder has told everything already.
    with contextlib.suppress(BrokenPipeError):
        serving.serve(Worker(weights, compute), sys.stdin, answers)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
