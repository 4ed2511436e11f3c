"""An accuracy with the range that it may lie in: a few pictures tell little, and the range says so.

Source for the range: E. B. Wilson, "Probable inference, the law of succession, and statistical
inference", Journal of the American Statistical Association 22, 1927; 95 %, z = 1.959964. Unlike the
textbook's plus and minus it holds for few pictures and near 0 and 100 %.
"""

import math
from dataclasses import dataclass

from gui.words import say

_Z = 1.959964  # of 100 such ranges, 95 hold the true accuracy


@dataclass(frozen=True)
class Accuracy:
    """So many of so many pictures answered right.

    Attributes:
        right: How many were right, 0 to ``pictures``.
        pictures: How many were asked, 1 or more.
    """

    right: int
    pictures: int

    @property
    def share(self) -> float:
        """Share that was right, 0 to 1."""
        return self.right / self.pictures

    @property
    def low(self) -> float:
        """Lower end of the range, 0 to 1."""
        return self._bounds[0]

    @property
    def high(self) -> float:
        """Upper end of the range, 0 to 1."""
        return self._bounds[1]

    @property
    def text(self) -> str:
        """The accuracy in words, never rounded up: "38 of 40 right (95.0 %)"."""
        return say(
            "{right} of {pictures} right ({share})",
            right=self.right,
            pictures=self.pictures,
            share=self.share_text,
        )

    @property
    def full_text(self) -> str:
        """The same with its range: "38 of 40 right (95.0 %, most likely 83.4–98.7 %)"."""
        return say(
            "{right} of {pictures} right ({share}, most likely {range})",
            right=self.right,
            pictures=self.pictures,
            share=self.share_text,
            range=self.range_text,
        )

    @property
    def share_text(self) -> str:
        """The share in words, never rounded up: "95.0 %"."""
        per_mille = 1000 * self.right // self.pictures
        return f"{per_mille / 10:.1f} %"

    @property
    def low_text(self) -> str:
        """The lower end in words, rounded down: "83.4 %"."""
        return f"{math.floor(1000 * self.low) / 10:.1f} %"

    @property
    def high_text(self) -> str:
        """The upper end in words, rounded up: "98.7 %"."""
        return f"{math.ceil(1000 * self.high) / 10:.1f} %"

    @property
    def range_text(self) -> str:
        """Both ends in words, never drawn closer together: "83.4–98.7 %"."""
        return f"{self.low_text.removesuffix(' %')}–{self.high_text}"

    @property
    def _bounds(self) -> tuple[float, float]:
        n, p, square = self.pictures, self.share, _Z * _Z
        middle = p + square / (2 * n)
        reach = _Z * math.sqrt(p * (1 - p) / n + square / (4 * n * n))
        low, high = (middle - reach) / (1 + square / n), (middle + reach) / (1 + square / n)
        # In exact numbers the ends are 0 and 1 there; in floats they are missed by a hair.
        return (0.0 if self.right == 0 else low), (1.0 if self.right == n else high)


def measured(share: float, pictures: int) -> Accuracy | None:
    """The accuracy that a share of right answers stands for; None when no picture was asked.

    Args:
        share: Share of right answers as a run's events tell it; anything outside 0 to 1 is damage.
        pictures: How many pictures were asked.
    """
    if pictures < 1 or not math.isfinite(share):
        return None
    return Accuracy(round(min(1.0, max(0.0, share)) * pictures), pictures)
