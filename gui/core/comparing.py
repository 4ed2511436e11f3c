"""Two models asked about the same pictures: whether the better one is better than by chance."""

from gui.words import say

RISK = 0.05  # of calling something a difference that is chance


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


def verdict(first: int, second: int) -> str:
    """Whether a difference says something, in a sentence; "" when there is none.

    Args:
        first: How many pictures only the first model had right.
        second: How many only the second had right.
    """
    if first == second:
        return ""
    if sign_test(first, second) >= RISK:
        return say("That may be chance: more pictures would tell.")
    return say(
        "That is more than chance would bring: the first is better on these pictures."
        if first > second
        else "That is more than chance would bring: the second is better on these pictures."
    )
