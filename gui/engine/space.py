"""The space in which a model's training pictures lie, and how far others are from them.

What reaches the head is averaged over the picture, 512 numbers; of these the square roots are
taken, which tames the few large ones, and scaled to length 1. Distances are measured in units of
how much the pictures of one class differ among themselves (Mahalanobis): what varies within every
class counts little, what stays the same in each counts much. Of what was tried, this caught most;
``tests/bench/novelty.py`` prints how much.

Source: K. Lee et al., "A Simple Unified Framework for Detecting Out-of-Distribution Samples and
Adversarial Attacks", NeurIPS 2018 (one covariance for all classes); Y. Sun et al.,
"Out-of-Distribution Detection with Deep Nearest Neighbors", ICML 2022; R. Arandjelović and
A. Zisserman, "Three things everyone should know to improve object retrieval", CVPR 2012 (roots).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_NEIGHBOURS = 3
# Share of a round covariance that is mixed in: a few hundred pictures can't tell 512 x 512 numbers.
_SHRINKAGE = 0.5

Features = NDArray[np.float32]  # (n, 512), each of length 1


def represent(reached: NDArray[Any]) -> Features:
    """What reaches the head, (n, rows, columns, 512), as one direction for each picture."""
    roots = np.sqrt(np.maximum(reached.astype(np.float32).mean(axis=(1, 2)), 0))
    length = np.linalg.norm(roots, axis=1, keepdims=True)
    return np.asarray(roots / np.maximum(length, 1e-9), np.float32)


class Space:
    """Where training pictures lie."""

    def __init__(self, features: Features, labels: NDArray[np.int64]) -> None:
        """Measure how much the pictures of a class differ.

        Args:
            features: Of the training pictures, one row each.
            labels: int64 (n,), the class of each.
        """
        known = features.astype(np.float64)
        within = np.empty_like(known)
        for label in np.unique(labels):
            of_class = labels == label
            within[of_class] = known[of_class] - known[of_class].mean(axis=0)
        spread = within.T @ within / len(known)  # (512, 512)
        level = max(np.trace(spread) / len(spread), 1e-9)
        mixed = (1 - _SHRINKAGE) * spread + _SHRINKAGE * level * np.eye(len(spread))
        # |(a - b) W|² = (a - b)ᵀ C⁻¹ (a - b), over the number of features
        whitening = np.linalg.cholesky(np.linalg.inv(mixed * len(spread)))
        self._whitening = whitening.astype(np.float32)
        self._known = features @ self._whitening
        self._squares = np.square(self._known).sum(axis=1)

    def distances(self, features: Features) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """How far pictures are from the training pictures.

        Returns:
            The mean distance to the three nearest, float32 (n,), 0 or more, and the places of
            those, the nearest first, int64 (n, 3 or as many as there are).
        """
        asked = features @ self._whitening
        squares = np.square(asked).sum(axis=1, keepdims=True)
        # Not by @: its threads wait for each other, 10 ms and more while a training runs.
        likeness = np.einsum("nf,kf->nk", asked, self._known)
        apart = np.maximum(squares + self._squares - 2 * likeness, 0)  # (n, known)
        places = np.argsort(apart, axis=1, kind="stable")[:, :_NEIGHBOURS]
        nearest = np.sqrt(np.take_along_axis(apart, places, axis=1))
        return nearest.mean(axis=1).astype(np.float32), places
