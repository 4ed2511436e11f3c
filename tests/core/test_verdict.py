"""What a ladder says of made-up histories: a winner only where the ranges part."""

from hypothesis import given
from hypothesis import strategies as st

from gui.core import verdict
from gui.core.events import Epoch, Evaluated, Failed, Finished, Queued, Started
from gui.core.history import fold
from gui.core.rung import Rung

POINTS = ("head", "block5_conv3", "block5_conv1", "block4_conv1")
SAME = (
    "Each kept epoch is the one with the lowest loss on these same pictures, so expect a little "
    "less on new ones."
)


def rung(
    place, right=None, *, of=40, reason="epochs", planned=10, seconds=5.0, shared=0.0, phase=None,
    also=(),
):  # fmt: skip
    """A rung that is done with so many right, or that waits, and what happened then."""
    phase = phase or ("fine" if place else "head")
    told = [Queued(0.0, planned)]
    if right is not None:
        told += [
            Started(1.0, planned, "x", "y", True, 160, of, 2),
            Epoch(2.0, 1, phase, 0.5, 0.5, 0.5, right / of, 1.0),
            Evaluated(3.0, 1, 0.5, right / of, of),
            Finished(4.0, reason),
        ]
    history = fold([*told, *also])
    return Rung(POINTS[place], f"run{place}", history, 1000 * place, seconds, shared)


def failed(place):
    return rung(place, also=[Failed(1.0, "No.", "Do.")])


def deleted(place):
    return Rung(POINTS[place], f"run{place}", None)


def said(*rungs):
    return verdict.verdict(rungs)


def test_a_winner_where_the_ranges_part():
    rungs = (rung(0, 24), rung(1, 28), rung(2, 40), rung(3, 22))
    assert said(*rungs) == (
        "block5_conv1 is the best of these: 40 of 40 right (100.0 %), and its range (91.2 % to "
        f"100.0 %) lies above that of every other. {SAME}"
    )
    assert verdict.winner(rungs) is rungs[2]


def test_a_winner_of_two():
    assert said(rung(0, 40), rung(1, 10)).startswith(
        "Head only is the best of these: 40 of 40 right (100.0 %), and its range (91.2 % to "
        "100.0 %) lies above that of the other."
    )


def test_no_winner_where_ranges_overlap_and_the_cheapest_is_advised():
    rungs = (rung(0, 38), rung(1, 39, seconds=9.0))
    assert said(*rungs) == (
        "With 40 pictures to check with, head only and block5_conv3 can't be told apart: their "
        "ranges overlap. Take head only: it learned the quickest and has the least to learn. More "
        f"pictures would tell more. {SAME}"
    )
    assert verdict.winner(rungs) is None
    assert verdict.advised(rungs) is rungs[0]


def test_the_quickest_is_said_only_of_the_quickest():
    assert "Take head only: it has the least to learn." in said(
        rung(0, 38, seconds=60.0), rung(1, 38)
    )


def test_what_they_share_is_not_charged_to_whoever_came_first():
    assert "Take head only: it learned the quickest and has" in said(
        rung(0, 38, seconds=60.0, shared=56.0), rung(1, 38)
    )


def test_those_clearly_behind_are_named():
    text = said(rung(0, 10), rung(1, 38), rung(2, 39))
    assert "block5_conv3 and block5_conv1 can't be told apart" in text
    assert "Head only is clearly behind: its range lies below that of block5_conv1." in text
    assert "Take block5_conv3:" in text
    text = said(rung(0, 10), rung(1, 11), rung(2, 39), rung(3, 38))
    assert "Head only and block5_conv3 are clearly behind: their ranges lie below that" in text


def test_ties_are_ties():
    text = said(*(rung(place, 40) for place in range(4)))
    assert "head only, block5_conv3, block5_conv1 and block4_conv1 can't be told apart" in text
    assert "behind" not in text


def test_one_picture_tells_nothing():
    assert said(rung(0, 0, of=1), rung(1, 1, of=1)).startswith("With 1 picture to check with, ")


def test_nothing_is_said_before_two_are_done():
    waiting = "The answer stands here as soon as two freeze points are done."
    assert said(rung(0), rung(1)) == waiting
    assert said(rung(0, 38), rung(1)) == waiting
    assert said(failed(0), rung(1)) == waiting


def test_so_far_while_others_are_still_to_come():
    rungs = (rung(0, 10), rung(1, 40), rung(2), rung(3))
    assert said(*rungs).startswith(
        "2 are still to come, so this may change. block5_conv3 is the best"
    )
    assert verdict.winner(rungs) is None  # not yet


def test_nothing_to_compare():
    assert said(failed(0), deleted(1)) == (
        "No freeze point was trained to its end, so there is nothing to compare."
    )
    assert said(rung(0, 38), failed(1)) == (
        "Only head only was trained to its end, with 38 of 40 right (95.0 %, most likely "
        "83.4–98.7 %), so there is nothing to compare it with."
    )
    assert said() == "No freeze point was trained to its end, so there is nothing to compare."


def test_failed_and_deleted_ones_are_named():
    text = said(rung(0, 38), failed(1), rung(2, 39), deleted(3))
    assert "Without a result: block5_conv3 and block4_conv1." in text


def test_what_is_unfair_is_said():
    text = said(rung(0, 38), rung(1, 39, planned=15))
    assert "Trained for more epochs than the others: block5_conv3." in text


# Stopped on the way ------------------------------------------------------------------------------


def test_what_was_cut_off_is_listed_and_no_advice_is_drawn_from_it():
    rungs = (rung(0, 38), rung(1, 20, reason="stopped"), rung(2, 39, reason="stopped"))
    text = said(*rungs)
    assert text == (
        "Only head only was trained to its end, with 38 of 40 right (95.0 %, most likely "
        "83.4–98.7 %), so there is nothing to compare it with. block5_conv3 was stopped after "
        "epoch 1, with 20 of 40 right (50.0 %, most likely 35.1–64.9 %) by then, so it isn't "
        "compared. block5_conv1 was stopped after epoch 1, with 39 of 40 right (97.5 %, most "
        "likely 87.1–99.6 %) by then, so it isn't compared."
    )
    assert verdict.winner(rungs) is verdict.advised(rungs) is None


def test_the_others_are_compared_without_it():
    rungs = (rung(0, 10, reason="stopped"), rung(1, 38), rung(2, 39))
    text = said(*rungs)
    assert "block5_conv3 and block5_conv1 can't be told apart" in text
    assert "Head only was stopped after epoch 1, with 10 of 40 right (25.0 %, most likely" in text
    assert "behind" not in text
    assert verdict.advised(rungs) is rungs[1]
    cut = (rung(0, 10), rung(1, 11), rung(2, 40, reason="stopped"))
    assert "is the best" not in said(*cut)


# Head only under another name --------------------------------------------------------------------


def test_a_rung_whose_best_epoch_came_before_vgg16_learned_is_head_only():
    rungs = (rung(0, 38), rung(1, 38, phase="head"), rung(2, 39))
    text = said(*rungs)
    assert text.startswith("With 40 pictures to check with, head only and block5_conv1 can't be")
    assert (
        "block5_conv3: its kept epoch came before VGG16 began to learn, so it is head only, too."
    ) in text
    assert verdict.advised(rungs) is rungs[0]


def test_it_is_no_rival_of_the_best():
    rungs = (rung(0, 10), rung(1, 10, phase="head"), rung(2, 40))
    assert "lies above that of the other." in said(*rungs)
    assert verdict.winner(rungs) is verdict.advised(rungs) is rungs[2]


def test_where_only_the_head_has_learned_in_all_of_them():
    rungs = (rung(0, 38), rung(1, 37, phase="head"))
    assert said(*rungs) == (
        "In all of them only the head has learned. Take head only, with 38 of 40 right (95.0 %, "
        "most likely 83.4–98.7 %). block5_conv3: its kept epoch came before VGG16 began to learn, "
        "so it is head only, too. "
        f"{SAME}"
    )
    assert verdict.winner(rungs) is None
    assert verdict.advised(rungs) is rungs[0]


def test_nothing_is_advised_before_all_are_over():
    assert verdict.advised((rung(0, 10), rung(1, 40), rung(2))) is None
    assert verdict.advised(()) is None


@given(st.lists(st.integers(0, 40), min_size=2, max_size=4))
def test_a_winner_is_claimed_exactly_where_the_ranges_part(rights):
    rungs = [rung(place, right) for place, right in enumerate(rights)]
    best = max(rungs, key=lambda each: each.accuracy.share)
    parted = all(best.accuracy.low > each.accuracy.high for each in rungs if each is not best)
    text = verdict.verdict(rungs)
    assert (" is the best of these" in text) == parted
    assert ("can't be told apart" in text) == (not parted)
    assert (verdict.winner(rungs) is best) == parted
