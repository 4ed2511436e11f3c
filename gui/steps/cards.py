"""What a model says about pictures, as the values that the page's cards and tables take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gui.core import comparing
from gui.core.accuracy import Accuracy
from gui.core.dataset import LeftOut
from gui.core.explanation import Explanation
from gui.core.prediction import Prediction
from gui.core.tally import tally
from gui.core.testing import Agreement, Pair, agreement
from gui.words import again, joined, say


def card(answer: Prediction, *, pictured: bool = True) -> dict[str, Any]:
    """One answer; without ``pictured`` it brings no pictures."""
    if answer.problem:
        return refused(answer.name, answer.problem)
    label, probability = answer.best
    near = [
        {"name": each.name, "label": each.label, "thumbnail": each.thumbnail}
        for each in answer.nearest
    ]
    return {
        "name": answer.name,
        "thumbnail": answer.thumbnail if pictured else "",
        "label": label,
        "probability": probability,
        "probabilities": [
            {"label": each, "probability": value} for each, value in answer.probabilities
        ],
        "problem": None,
        "truth": answer.truth,
        "unlike": answer.unlike,
        "nearest": near if pictured else [],
    }


def refused(name: str, problem: str) -> dict[str, Any]:
    """A picture without an answer."""
    return {
        "name": name,
        "thumbnail": "",
        "label": "",
        "probability": 0.0,
        "probabilities": [],
        "problem": again(problem),
    }


def left_out(skipped: Sequence[LeftOut]) -> list[dict[str, Any]]:
    """What the browser didn't send."""
    return [refused(each.name, each.reason) for each in skipped]


def explained(told: Sequence[tuple[int, Explanation]], layer: str) -> list[dict[str, Any]]:
    """Where the model looked, by the places of the pictures; those that are damaged are none.

    Args:
        told: Places and what was found.
        layer: Which layer was asked, in words.
    """
    return [
        {
            "place": place,
            "answer": each.answer,
            "thumbnail": each.thumbnail,
            "heat": each.heat,
            "layer": layer,
        }
        for place, each in told
        if each.problem is None
    ]


def summary(answers: Sequence[Prediction]) -> str:
    """All answers in a few sentences; "" when one answer says it all."""
    read = [each for each in answers if not each.problem]
    unlike = sum(bool(each.unlike) for each in read)
    said = [tally(read).sentence]
    if unlike and len(read) > 1:
        said.append(
            say(
                "{unlike:,} of {total:,} looks like none of the classes."
                if unlike == 1
                else "{unlike:,} of {total:,} look like none of the classes.",
                unlike=unlike,
                total=len(read),
            )
        )
    return joined(*said)


def pairs(names: Sequence[str], both: Sequence[Pair]) -> dict[str, Any]:
    """Two trainings side by side, with how often they agree and who is right."""
    return {"names": list(names), "rows": [_pair(each) for each in both], "note": _agreed(both)}


def _pair(both: Pair) -> dict[str, Any]:
    said = [each for each in (both.first, both.second) if not each.problem]
    problem = both.first.problem or both.second.problem
    answers = [{"label": each.best[0], "probability": each.best[1]} for each in said]
    return {
        "name": both.first.name,
        "thumbnail": both.first.thumbnail,
        "answers": answers,
        "truth": both.first.truth or both.second.truth,
        "problem": problem and again(problem),
    }


def _agreed(both: Sequence[Pair]) -> str:
    found = agreement(both)
    same = say(
        "They say the same of {same:,} of {total:,} pictures.",
        same=found.same,
        total=found.pictures,
    )
    return joined(same, *_right(found), *_worth(found))


def _right(found: Agreement) -> list[str]:
    """How many each gets right, and whether the difference is more than chance."""
    if not found.known:
        return []
    first, second = Accuracy(found.first, found.known), Accuracy(found.second, found.known)
    if found.first == found.second:
        return [say("Both: {score}.", score=first.full_text)]
    return [
        say("The first: {score}.", score=first.full_text),
        say("The second: {score}.", score=second.full_text),
        comparing.verdict(found.first - found.both, found.second - found.both),
    ]


def _worth(found: Agreement) -> list[str]:
    """Which of the pictures flatter the two, and which aren't counted as they tell nothing."""
    said = []
    if found.checked:
        said.append(
            say(
                "On {n:,} of these pictures the epoch of one training or of both was chosen, so "
                "expect a little less on new ones.",
                n=found.checked,
            )
        )
    if found.learned:
        said.append(
            say(
                "{n:,} picture is not counted: one training or both have learned from it, so it "
                "tells nothing about new ones."
                if found.learned == 1
                else "{n:,} pictures are not counted: one training or both have learned from them, "
                "so they tell nothing about new ones.",
                n=found.learned,
            )
        )
    return said
