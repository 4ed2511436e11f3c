"""Two trainings on the same pictures: which of them is better, and whether that can be told."""

from collections.abc import Collection
from dataclasses import dataclass

from gui.core import evaluation
from gui.core.accuracy import Accuracy
from gui.core.errors import RunError
from gui.core.evaluation import Answered, Evaluation
from gui.core.runs import Run

RISK = 0.05  # of calling something a difference that is chance


@dataclass(frozen=True)
class Agreement:
    """What two models answered to the same pictures.

    Attributes:
        pictures: How many both answered, 1 or more.
        a: How many of them the first had right.
        b: How many the second had right.
        only_a_right: Names of the pictures that only the first had right.
        only_b_right: Names of those that only the second had right.
        both: How many both had right.
        neither: How many neither had right.
    """

    pictures: int
    a: Accuracy
    b: Accuracy
    only_a_right: tuple[str, ...]
    only_b_right: tuple[str, ...]
    both: int
    neither: int

    @property
    def chance(self) -> float:
        """How likely equally good models differ at least as much, 0 to 1."""
        return sign_test(len(self.only_a_right), len(self.only_b_right))

    @property
    def winner(self) -> str:
        """Which has more right, "a" or "b"; "" when the difference may be chance."""
        if self.chance >= RISK:
            return ""
        return "a" if len(self.only_a_right) > len(self.only_b_right) else "b"

    def sentence(self, a: str, b: str) -> str:
        """Which is better, for a person.

        Args:
            a: The name of the first.
            b: The name of the second.
        """
        ours, theirs = len(self.only_a_right), len(self.only_b_right)
        asked = _pictures(self.pictures)
        if not ours and not theirs:
            return f"“{a}” and “{b}” had the same right and the same wrong of {asked}."
        if ours == theirs:
            return f"“{a}” and “{b}” had as many of {asked} right, but not the same ones."
        name, most, other, fewest = (a, ours, b, theirs) if ours > theirs else (b, theirs, a, ours)
        told = (
            f"“{name}” had {most - fewest} more of {asked} right than “{other}”: {most} that only "
            f"“{name}” had right, and {fewest} that only “{other}” had."
        )
        if self.winner:
            return f"{told} That is more than chance would bring: “{name}” is better on them."
        return f"{told} That may be chance: more pictures would tell."


def sign_test(more: int, fewer: int) -> float:
    """How likely chance alone divides what differs at least as unevenly, 0 to 1.

    Source: Q. McNemar, "Note on the sampling error of the difference between correlated
    proportions or percentages", Psychometrika 12, 1947, in its exact, two-sided form.
    """
    differing, tail, ways = more + fewer, 0, 1  # ways to choose as many of those that differ
    for count in range(min(more, fewer) + 1):
        tail += ways
        ways = ways * (differing - count) // (count + 1)
    return min(1.0, 2 * tail / (1 << differing))


def compare(a: Run, b: Run, evaluations: tuple[Evaluation, Evaluation] | None = None) -> Agreement:
    """Compare two trainings on the pictures that both answered.

    Args:
        a: The first.
        b: The second.
        evaluations: What each answered; None for their validation pictures.

    Raises:
        RunError: When one learned from what the other is asked, or they share no picture; or when
            there is no evaluation.
    """
    first, second = evaluations or (
        evaluation.load(a.evaluation("validation")),
        evaluation.load(b.evaluation("validation")),
    )
    for asked, learner in ((first, b), (second, a)):
        refuse_learned(asked, {each.sha256 for each in learner.split.train}, learner.about.title)
    return agree(first, second)


def refuse_learned(asked: Evaluation, learned: Collection[str], name: str) -> None:
    """Refuse to compare with a model on pictures that it has learned from.

    Args:
        asked: What the other answered.
        learned: Digests of the pictures that the model called ``name`` has learned from.
        name: Its name for a person.

    Raises:
        RunError: When there is one.
    """
    seen = [each.name for each in asked.answers if each.sha256 in learned]
    if seen:
        raise RunError(
            f"“{name}” has learned from {_pictures(len(seen))} that the other was asked "
            f"(“{seen[0]}” is one), so comparing them would not be fair.",
            "Compare trainings of the same division: the same pictures, share and seed.",
        )


def agree(first: Evaluation, second: Evaluation) -> Agreement:
    """What two evaluations say of the pictures that both hold, with the same true class.

    Raises:
        RunError: When there is none.
    """
    theirs = {each.sha256: each for each in second.answers}
    shared = [
        (each, theirs[each.sha256])
        for each in first.answers
        if each.sha256 in theirs
        and first.labels[each.truth] == second.labels[theirs[each.sha256].truth]
    ]
    if not shared:
        raise RunError(
            "These two trainings were not asked about the same pictures.",
            "Compare trainings of the same pictures, share and seed.",
        )
    return _counted(shared)


def _counted(shared: list[tuple[Answered, Answered]]) -> Agreement:
    only_a = tuple(one.name for one, other in shared if one.right and not other.right)
    only_b = tuple(one.name for one, other in shared if other.right and not one.right)
    both = sum(one.right and other.right for one, other in shared)
    count = len(shared)
    return Agreement(
        count,
        Accuracy(both + len(only_a), count),
        Accuracy(both + len(only_b), count),
        only_a,
        only_b,
        both,
        count - both - len(only_a) - len(only_b),
    )


def _pictures(count: int) -> str:
    return f"{count:,} picture{'s' * (count != 1)}"
