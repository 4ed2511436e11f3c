"""What is unlike every picture that a model has learned from, as plain values."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

FALSE_ALARMS: Final = 0.05  # share of pictures of known classes that may be called unlike
# Student's t for 1 to 17 degrees of freedom: 5 % lie above it.
# Source: NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2.
_STUDENT: Final = (
    6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833,
    1.812, 1.796, 1.782, 1.771, 1.761, 1.753, 1.746, 1.740,
)  # fmt: skip


@dataclass(frozen=True)
class Neighbour:
    """A training picture that is near.

    Attributes:
        name: Its name in the data set, "cat/1.jpg".
        label: Its class.
        thumbnail: A small square of it as a ``data:`` URI; "" when the file is gone.
    """

    name: str
    label: str
    thumbnail: str = ""


@dataclass(frozen=True)
class Look:
    """How near one picture comes to those that were learned from.

    Attributes:
        distance: Mean distance to the nearest of them, 0 or more.
        threshold: Beyond it, a picture is unlike all of them.
        nearest: The nearest of them; only where the picture is unlike all.
    """

    distance: float
    threshold: float
    nearest: tuple[Neighbour, ...] = ()

    @property
    def unlike(self) -> bool:
        """Whether the picture is unlike everything that was learned from."""
        return self.distance > self.threshold


def from_json(stored: Mapping[str, Any] | None) -> Look | None:
    """A look as a worker wrote it, with ``dataclasses.asdict``.

    Raises:
        ValueError, LookupError or TypeError: When it is anything else.
    """
    if stored is None:
        return None
    nearest = tuple(
        Neighbour(str(each["name"]), str(each["label"]), str(each["thumbnail"]))
        for each in stored["nearest"]
    )
    return Look(float(stored["distance"]), float(stored["threshold"]), nearest)


def threshold(distances: Sequence[float]) -> float:
    """The distance that a new picture of a known class passes in one case of twenty at most.

    It is the k-th smallest of the distances of the validation pictures, k = ⌈0.95 (n + 1)⌉. Fewer
    than nineteen can't tell that much: then it is where one in twenty would lie beyond if distances
    are spread normally, and never less than the largest.

    Args:
        distances: One for each validation picture, at least one.

    Source: split conformal prediction; V. Vovk, A. Gammerman and G. Shafer, "Algorithmic Learning
    in a Random World", 2005. The prediction bound of a normal variable, with Student's t.
    """
    count = len(distances)
    place = math.ceil((1 - FALSE_ALARMS) * (count + 1))
    if place <= count:
        return float(sorted(distances)[place - 1])
    spread = statistics.stdev(distances) if count > 1 else distances[0]
    reach = _STUDENT[max(count - 2, 0)] * spread * math.sqrt(1 + 1 / count)
    return max(float(max(distances)), statistics.fmean(distances) + reach)
