"""How many answers were right, of the pictures that tell something: none that were learned from."""

from collections.abc import Iterable
from dataclasses import dataclass

from gui.core import met
from gui.core.accuracy import Accuracy
from gui.core.prediction import Prediction
from gui.words import joined, say


@dataclass(frozen=True)
class Tally:
    """What came of pictures whose class is known.

    Attributes:
        right: Right answers, of those that count.
        counted: Pictures that count: all but those that the model has learned from.
        checked: Those of them that its epoch was chosen on.
        learned: Pictures that don't count, as it has learned from them.
    """

    right: int
    counted: int
    checked: int
    learned: int

    @property
    def sentence(self) -> str:
        """The score with its range, and what it is worth; "" when no class is known."""
        return joined(
            say("{score}.", score=Accuracy(self.right, self.counted).full_text)
            if self.counted
            else "",
            met.chosen(self.checked, self.counted),
            self._left_out,
        )

    @property
    def _left_out(self) -> str:
        if not self.learned:
            return ""
        return say(
            "{n:,} picture is not counted: it has learned from it, so it tells nothing about new "
            "ones."
            if self.learned == 1
            else "{n:,} pictures are not counted: it has learned from them, so they tell nothing "
            "about new ones.",
            n=self.learned,
        )


def tally(answers: Iterable[Prediction]) -> Tally:
    """Count the answers to pictures whose class is known."""
    known = [each for each in answers if each.right is not None]
    counted = [each for each in known if each.met != "learned"]
    return Tally(
        sum(bool(each.right) for each in counted),
        len(counted),
        sum(each.met == "checked" for each in counted),
        len(known) - len(counted),
    )
