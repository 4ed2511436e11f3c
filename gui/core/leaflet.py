"""What goes with a model that leaves: its name, its classes, how far to trust it, in plain text.

The small web app and the offline page show it as it is, in the language that is spoken where it is
made; nothing in it is HTML.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from gui.core import evaluation
from gui.core.accuracy import Accuracy, measured
from gui.core.errors import RunError
from gui.core.new_run import title_of
from gui.core.runs import Run
from gui.words import joined, mark, say

# Source of the licence: https://www.robots.ox.ac.uk/~vgg/research/very_deep/.
ORIGIN: Final = mark(
    "Made with Freezepoint from VGG16 by Karen Simonyan and Andrew Zisserman (weights: CC BY 4.0)."
)
ITS_OWN: Final = mark("It always answers with one of its own classes, whatever a picture shows.")
TRAINED: Final = mark("Trained on {day}.")
_TRUST_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "validation": "{score}; on many more such pictures it is most likely right for {low} to "
        "{high}.",
        "test": "On pictures that no choice ever saw: {score}; on many more such pictures it is "
        "most likely right for {low} to {high}.",
    }
)


@dataclass(frozen=True)
class Leaflet:
    """What is told about a model.

    Attributes:
        title: The training's name, with its freeze point as it is spoken.
        labels: Class names in the order of the model's outputs; they may hold any sign.
        size_px: Side of the square that a picture is squeezed into.
        trained: The day it was finished, as "2026-11-24", in UTC.
        trust: How many answers were right, on what, with the 95 % range.
    """

    title: str
    labels: tuple[str, ...]
    size_px: int
    trained: str
    trust: tuple[str, ...]


def of(run: Run) -> Leaflet:
    """The leaflet of a finished run.

    Raises:
        RunError: When it isn't finished or can't be read.
    """
    told = run.history.evaluated
    if told is None:
        raise RunError(
            say("The model isn't finished yet."), say("Wait for the end of the training.")
        )
    trust = []
    if score := measured(told.accuracy, told.pictures):
        trust.append(
            joined(
                _trust("validation", score),
                say(
                    "The best epoch was chosen on these pictures, so it may do a little worse on "
                    "others."
                ),
            )
        )
    if run.evaluation("test").exists():
        tested = evaluation.load(run.evaluation("test"))
        if tested.epoch == told.epoch and tested.labels == run.split.labels:
            score = Accuracy(tested.metrics.right, tested.metrics.pictures)
            trust.append(_trust("test", score))
    day = time.strftime("%Y-%m-%d", time.gmtime(told.at))
    size_px = run.config.model.image_size
    return Leaflet(title_of(run), run.split.labels, size_px, day, tuple(trust))


def _trust(side: str, score: Accuracy) -> str:
    return say(_TRUST_WORDS[side], score=score.text, low=score.low_text, high=score.high_text)
