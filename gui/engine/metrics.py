"""The measures of an evaluation, all by scikit-learn.

It is imported when it is first needed: that takes a second, which nobody should wait for while a
page opens or a command prints its help.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gui.core.metrics import Bin, ClassScore, Metrics

_BINS = 10  # of confidence, each as wide as the others

Truths = NDArray[np.int64]  # (n,), places in the labels
Probabilities = NDArray[np.float32]  # (n, classes), each row sums to 1


def load() -> None:
    """Import what :func:`measure` needs, so that it takes no time later."""
    import sklearn.calibration
    import sklearn.metrics  # noqa: F401 - it only has to be there


def measure(
    labels: Sequence[str],
    learned_from: Sequence[int],
    truths: Truths,
    probabilities: Probabilities,
) -> Metrics:
    """What answers are worth.

    Args:
        labels: Class names, in the model's order.
        learned_from: For each class how many pictures the model has learned from.
        truths: The true classes, 1 or more.
        probabilities: What was answered; the most probable class counts, the first of equals.
    """
    from sklearn.metrics import confusion_matrix, log_loss, precision_recall_fscore_support

    places, answers = np.arange(len(labels)), probabilities.argmax(axis=1)
    confusion = confusion_matrix(truths, answers, labels=places)
    shares = precision_recall_fscore_support(truths, answers, labels=places, zero_division=np.nan)
    counts = (learned_from, confusion.sum(axis=1), confusion.sum(axis=0), confusion.diagonal())
    classes = tuple(
        ClassScore(
            label,
            *(int(count[place]) for count in counts),
            *(_known(share[place]) for share in shares[:3]),
        )
        for place, label in enumerate(labels)
    )
    return Metrics(
        right=int(confusion.trace()),
        pictures=len(truths),
        loss=float(log_loss(truths, _never_none(probabilities), labels=places)),
        classes=classes,
        confusion=tuple(tuple(map(int, row)) for row in confusion),
        calibration=_calibration(answers == truths, probabilities.max(axis=1)),
    )


def _calibration(right: NDArray[np.bool_], confidence: NDArray[np.float32]) -> tuple[Bin, ...]:
    from sklearn.calibration import calibration_curve

    shares, means = calibration_curve(right.astype(int), confidence, n_bins=_BINS)
    # It tells no counts. Source: sklearn.calibration.calibration_curve, strategy "uniform".
    inner = np.linspace(0, 1, _BINS + 1)[1:-1]
    counts = np.bincount(np.searchsorted(inner, confidence))
    return tuple(
        Bin(float(mean), round(share * count), int(count))
        for share, mean, count in zip(shares, means, counts[counts > 0], strict=True)
    )


def _never_none(probabilities: Probabilities) -> NDArray[np.float64]:
    """Probabilities as Keras takes them, so that this loss is the one that the epochs tell.

    Source: keras.losses clips at its epsilon, 1e-7, before the logarithm.
    """
    clipped = np.clip(probabilities.astype(np.float64), 1e-7, 1.0)
    return np.asarray(clipped / clipped.sum(axis=1, keepdims=True))


def _known(share: Any) -> float | None:
    """A share; None for the "not a number" of a class without pictures or answers."""
    return None if np.isnan(share) else float(share)
