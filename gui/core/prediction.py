"""What a model answers for one picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gui.core import novelty
from gui.core.met import How
from gui.core.novelty import Look, Neighbour


@dataclass(frozen=True)
class Prediction:
    """The answer for one picture, or why there is none.

    Attributes:
        name: The picture's name for the person.
        probabilities: Each class with its probability (0 to 1, sum 1), in the model's order; empty
            when there is a problem.
        thumbnail: The picture, small, as a ``data:`` URI; empty when there is a problem.
        problem: A sentence for the person, or None.
        truth: The class that it really is, where that is known.
        met: How the training has met the picture before; None for never, and where the truth isn't
            known.
        look: How near it comes to the pictures that were learned from; None where nobody can say.
    """

    name: str
    probabilities: tuple[tuple[str, float], ...] = ()
    thumbnail: str = ""
    problem: str | None = None
    truth: str | None = None
    met: How | None = None
    look: Look | None = None

    @property
    def right(self) -> bool | None:
        """Whether the most probable class is the true one; None where nobody can say."""
        return None if self.problem or self.truth is None else self.best[0] == self.truth

    @property
    def unlike(self) -> bool | None:
        """Whether it is unlike all pictures that were learned from; None where nobody can say."""
        return self.look.unlike if self.look else None

    @property
    def nearest(self) -> tuple[Neighbour, ...]:
        """The training pictures that come nearest to one that is unlike all of them."""
        return self.look.nearest if self.look else ()

    @property
    def best(self) -> tuple[str, float]:
        """The most probable class and its probability.

        Raises:
            ValueError: When there is a problem instead of an answer.
        """
        return max(self.probabilities, key=lambda each: each[1])


def from_json(stored: Mapping[str, Any]) -> Prediction:
    """A prediction as a worker wrote it, with ``dataclasses.asdict``.

    Raises:
        ValueError, LookupError or TypeError: When it is anything else.
    """
    probabilities = tuple((str(label), float(value)) for label, value in stored["probabilities"])
    problem = None if stored["problem"] is None else str(stored["problem"])
    if problem is None and not probabilities:
        raise ValueError("neither an answer nor a problem")
    look = novelty.from_json(stored.get("look"))
    return Prediction(
        str(stored["name"]), probabilities, str(stored["thumbnail"]), problem, look=look
    )
