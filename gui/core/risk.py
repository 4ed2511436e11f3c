"""How likely a model learns its pictures by heart instead of what they have in common.

The rule looks at one figure, the **weights that learn for each picture to learn from**:

* Below 5,000 the risk is **low**. F. Chollet fine-tuned VGG16's block 5 and a small head, about 9.2
  million weights, on 2,000 pictures, 4,600 for each, and gained by it. So does the compact head
  alone with 27 pictures or more.
* From 50,000 on it is **high**. All of VGG16 with the compact head is there below about 300
  pictures, and the classic head, tens of millions of weights, nearly always. Chollet advises
  against letting the whole network learn from few pictures: its "very large entropic capacity and
  thus a strong tendency to overfit".
* Between them it is **middle**.

The bounds are a factor of ten apart because such a rule is no finer than that: early stopping,
augmentation and small rates make memorising less likely, similar pictures make it more likely. A
high risk says to look at the gap between the two curves, not that the model will be bad.

Source: F. Chollet, "Building powerful image classification models using very little data", The
Keras Blog, 2016; the Keras guide "Transfer learning & fine-tuning" on overfitting a big model on
little data.
"""

from dataclasses import dataclass
from typing import Final, Literal

from gui.core import vgg16
from gui.core.vgg16 import Counts, Head

Level = Literal["low", "middle", "high"]
# What makes the risk smaller here, besides more pictures.
Remedy = Literal["head", "freeze", "pictures"]

_MIDDLE_FROM: Final = 5_000  # weights for each picture
_HIGH_FROM: Final = 50_000


@dataclass(frozen=True)
class Risk:
    """The risk that a training memorises its pictures, with the facts that it is judged by.

    Attributes:
        level: How high it is.
        share: Share of all weights that learn, 0 to 1.
        weights: How many learn.
        pictures: How many are learned from, 1 or more.
        remedy: What helps the most: the compact "head", to "freeze" more, or more "pictures".
    """

    level: Level
    share: float
    weights: int
    pictures: int
    remedy: Remedy


def judge(counts: Counts, pictures: int, head: Head) -> Risk:
    """Judge a training before it begins.

    Args:
        counts: What learns and what is frozen.
        pictures: How many pictures are learned from; augmented views are no further pictures.
        head: The classic head has most of the weights wherever it is chosen.

    Raises:
        ValueError: When there are no pictures.
    """
    if pictures < 1:
        raise ValueError(f"pictures must be 1 or more. Received: {pictures}")
    each = counts.trainable / pictures
    level: Level = "low" if each < _MIDDLE_FROM else "middle" if each < _HIGH_FROM else "high"
    remedy: Remedy = "pictures"
    if head == "classic":
        remedy = "head"
    elif counts.layers_frozen < len(vgg16.WITH_WEIGHTS):
        remedy = "freeze"
    return Risk(level, counts.trainable / counts.total, counts.trainable, pictures, remedy)
