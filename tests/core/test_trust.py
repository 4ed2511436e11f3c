"""What a person is told about how good a model is."""

import pytest

from gui.core import trust
from gui.core.accuracy import Accuracy
from gui.core.retraining import BeforeAfter
from tests.core.evaluations import LABELS, evaluated, picture, sea


def kept(right: int, pictures: int, sure: float = 0.9, side="validation"):
    asked = tuple(picture(f"{n}.jpg", n, n % 2) for n in range(pictures))
    told = [(n % 2 if n < right else 2, sure) for n in range(pictures)]
    return evaluated(asked, told, side=side)


def test_the_headline_has_the_range_and_the_number_and_is_never_rounded_up() -> None:
    told = trust.headline(kept(55, 60))
    assert (
        told == "91.6 %, most likely 81.9–96.4 %: 55 of 60 pictures kept for checking were right."
    )
    assert trust.headline(kept(1999, 2000)).startswith("99.9 %, most likely 99.7–100.0 %:")
    assert trust.headline(kept(1, 1)).endswith("1 of 1 picture kept for checking was right.")


def test_test_pictures_are_told_apart_from_those_that_chose_the_epoch() -> None:
    tested = kept(38, 40, side="test")
    assert trust.headline(tested) == (
        "On the 40 test pictures, which no choice has seen: 95.0 %, most likely 83.4–98.7 % "
        "(38 of 40 right)."
    )
    assert trust.caution(tested) == ""
    assert "chosen on these same pictures" in trust.caution(kept(38, 40))
    assert "rough guess" in trust.caution(kept(5, 6))


def test_recall_and_precision_are_told_by_counting() -> None:
    _, told = sea()
    crab, _, owl = told.metrics.classes
    assert trust.found(crab) == "Of 4 “crab”, 2 were called “crab”."
    assert trust.believed(crab) == "Of 3 called “crab”, 2 were."
    assert trust.found(owl) == "Of 1 “owl”, 0 were called “owl”."
    none = evaluated((picture("1.jpg", 1, 0),), [(0, 0.9)]).metrics.classes[2]
    assert trust.found(none) == "None of its pictures was checked."
    assert trust.believed(none) == f"Nothing was called “{LABELS[2]}”."


@pytest.mark.parametrize(
    ("right", "sure", "words"),
    [(20, 0.95, "surer than it should be"), (39, 0.5, "more careful than it needs to be"),
     (36, 0.9, "as often right as it is sure")],
)  # fmt: skip
def test_whether_it_is_as_right_as_it_is_sure(right, sure, words) -> None:
    assert words in trust.surer_than_right(kept(right, 40, sure).metrics)


def test_few_pictures_cannot_tell_whether_it_is_as_right_as_it_is_sure() -> None:
    told = trust.surer_than_right(kept(3, 6, 0.77).metrics)
    assert told.endswith("So few pictures can't tell whether that fits together.")


def test_a_certain_model_is_not_said_to_be_wholly_sure() -> None:
    assert trust.surer_than_right(kept(40, 40, 1.0).metrics).startswith("On average it was 99 %")


@pytest.mark.parametrize(
    ("mended", "spoiled", "words"),
    [(0, 0, "no answer became right or wrong"), (3, 1, "That may be chance"),
     (12, 1, "your fixes helped"), (1, 12, "it is worse now")],
)  # fmt: skip
def test_what_fixes_changed_is_claimed_only_where_it_can_be_told(mended, spoiled, words) -> None:
    names = [tuple(str(n) for n in range(count)) for count in (mended, spoiled)]
    told = BeforeAfter(40, Accuracy(20, 40), Accuracy(20 + mended - spoiled, 40), *names)
    assert words in trust.changed(told)
