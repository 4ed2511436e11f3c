"""How well a model answers, in the field's measures: plain values, filled by scikit-learn.

The engine makes them (``gui.engine.metrics``) and writes them into the run; the page, the report
and the card only read them. Each comes with the number of pictures that it is made of.
"""

from dataclasses import dataclass

from gui.core.accuracy import Accuracy


@dataclass(frozen=True)
class ClassScore:
    """One class.

    Attributes:
        label: Its name.
        learned_from: Pictures of it that the model has learned from; 0 where that isn't known.
        pictures: Pictures of it that were asked.
        answered: Pictures that were given its name, rightly or not.
        right: Pictures of it that were given its name.
        precision: ``right / answered``; None when it was never answered.
        recall: ``right / pictures``; None when there was no picture of it.
        f1: Harmonic mean of both; None when there was neither picture nor answer.
    """

    label: str
    learned_from: int
    pictures: int
    answered: int
    right: int
    precision: float | None
    recall: float | None
    f1: float | None

    @property
    def recall_range(self) -> Accuracy | None:
        """Recall with its 95 % range; None when there was no picture."""
        return Accuracy(self.right, self.pictures) if self.pictures else None

    @property
    def precision_range(self) -> Accuracy | None:
        """Precision with its 95 % range; None when it was never answered."""
        return Accuracy(self.right, self.answered) if self.answered else None

    @property
    def f1_range(self) -> tuple[float, float] | None:
        """Lower and upper end of F1's 95 % range, 0 to 1; None where there is no F1.

        F1 is 2J / (1 + J) of the Jaccard share J = right / (pictures + answered - right), which is
        a share of pictures; so its ends are those of J's Wilson range.
        """
        either = self.pictures + self.answered - self.right
        if not either:
            return None
        share = Accuracy(self.right, either)
        return 2 * share.low / (1 + share.low), 2 * share.high / (1 + share.high)


@dataclass(frozen=True)
class Bin:
    """The answers that were about equally sure.

    Attributes:
        confidence: Mean probability of the class that was answered, 0 to 1.
        right: How many of them were right.
        pictures: How many they are, 1 or more.
    """

    confidence: float
    right: int
    pictures: int


@dataclass(frozen=True)
class Metrics:
    """All measures of one evaluation.

    Attributes:
        right: Pictures answered right.
        pictures: Pictures asked, 1 or more.
        loss: Mean cross-entropy, nats.
        classes: One for each class, in the model's order.
        confusion: Number of pictures by true class (row) and answered class (column).
        calibration: Bins from unsure to sure; empty ones are left out.
    """

    right: int
    pictures: int
    loss: float
    classes: tuple[ClassScore, ...]
    confusion: tuple[tuple[int, ...], ...]
    calibration: tuple[Bin, ...]

    @property
    def accuracy(self) -> Accuracy:
        """Share of right answers with its range."""
        return Accuracy(self.right, self.pictures)
