"""Evaluations for tests: made-up probabilities, real measures."""

import numpy as np

from gui.core.evaluation import Answered, Evaluation, Side
from gui.core.split import Labelled, Split
from gui.engine import metrics

LABELS = ("crab", "fish", "owl")


def picture(name: str, number: int, label: int) -> Labelled:
    """A picture that can be told by its number."""
    return Labelled(f"{LABELS[label]}/{name}", f"{number:064x}", f"{number:06d}", label)


def evaluated(
    pictures: tuple[Labelled, ...],
    answers: list[tuple[int, float]],
    labels: tuple[str, ...] = LABELS,
    side: Side = "validation",
    epoch: int = 2,
    learned_from: int = 4,
) -> Evaluation:
    """Each picture with the class it was called and how surely."""
    told = [_probabilities(answer, sure, len(labels)) for answer, sure in answers]
    truths = np.array([each.label for each in pictures])
    measured = metrics.measure(labels, [learned_from] * len(labels), truths, np.float32(told))
    answered = tuple(
        Answered(each.name, each.sha256, each.path, each.label, tuple(one))
        for each, one in zip(pictures, told, strict=True)
    )
    return Evaluation(side, epoch, labels, answered, measured)


def sea() -> tuple[Split, Evaluation]:
    """Three classes; of 8 pictures kept for checking 5 are right, and of owls there is one."""
    train = tuple(picture(f"t{n}.jpg", n, n // 4) for n in range(12))
    kept = tuple(
        picture(f"{n}.jpg", 100 + n, label) for n, label in enumerate((0, 0, 0, 0, 1, 1, 1, 2))
    )
    told = [(0, 0.9), (0, 0.8), (1, 0.95), (2, 0.6), (1, 0.9), (1, 0.7), (1, 0.6), (0, 0.99)]
    return Split(LABELS, train, kept), evaluated(kept, told)


def _probabilities(answer: int, sure: float, classes: int) -> list[float]:
    rest = (1 - sure) / (classes - 1)
    return [sure if place == answer else rest for place in range(classes)]
