"""What a ladder says of made-up histories: a winner only where the ranges part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.core import events, verdict
from gui.core.events import (
    Batch,
    CacheProgress,
    Epoch,
    Evaluated,
    Failed,
    Finished,
    Queued,
    Started,
)
from gui.core.ladder import Rung

POINTS = ("head", "block5_conv3", "block5_conv1", "block4_conv1")
SAME = "Each kept epoch was the best on these same pictures, so expect a little less on new ones."


def rung(place, right=None, *, of=40, reason="epochs", planned=10, seconds=5.0, also=()):
    """A rung that is done with so many right, or that waits, and what happened then."""
    told = [Queued(0.0, planned)]
    if right is not None:
        told += [
            Started(1.0, planned, "x", "y", True, 160, of, 2),
            Epoch(2.0, 1, "head", 0.5, 0.5, 0.5, right / of, 1.0),
            Evaluated(3.0, 1, 0.5, right / of, of),
            Finished(4.0, reason),
        ]
    return Rung(POINTS[place], f"run{place}", events.fold([*told, *also]), 1000 * place, seconds)


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
        "ranges overlap. Take head only: it was the quickest and has the least to learn. More "
        f"pictures would tell more. {SAME}"
    )
    assert verdict.winner(rungs) is None


def test_the_quickest_is_said_only_of_the_quickest():
    assert "Take head only: it has the least to learn." in said(
        rung(0, 38, seconds=60.0), rung(1, 38)
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
        "Only head only was trained to its end (38 of 40 right (95.0 %)), so there is nothing to "
        "compare it with."
    )
    assert said() == "No freeze point was trained to its end, so there is nothing to compare."


def test_failed_and_deleted_ones_are_named():
    text = said(rung(0, 38), failed(1), rung(2, 39), deleted(3))
    assert "Without a result: block5_conv3 and block4_conv1." in text


def test_what_is_unfair_is_said():
    text = said(rung(0, 38, reason="stopped"), rung(1, 39, planned=15))
    assert "Stopped before the end, so it might do better: head only." in text
    assert "Trained for more epochs than the others: block5_conv3." in text


@given(st.lists(st.integers(0, 40), min_size=2, max_size=4))
def test_a_winner_is_claimed_exactly_where_the_ranges_part(rights):
    rungs = [rung(place, right) for place, right in enumerate(rights)]
    best = max(rungs, key=lambda each: each.accuracy.share)
    parted = all(best.accuracy.low > each.accuracy.high for each in rungs if each is not best)
    text = verdict.verdict(rungs)
    assert (" is the best of these" in text) == parted
    assert ("can't be told apart" in text) == (not parted)
    assert (verdict.winner(rungs) is best) == parted


# How far -----------------------------------------------------------------------------------------


def begun(place, *also):
    return rung(place, also=[Started(1.0, 10, "x", "y", True, 160, 40, 2), *also])


def test_the_rung_under_way_is_told_with_its_number():
    line = verdict.describe(
        (rung(0, 38), begun(1, Batch(2.0, 1, 5, 10, 30.0)), rung(2), rung(3)), None
    )
    assert line.text == (
        "Freeze point 2 of 4, block5_conv3: Epoch 1 of 10 · batch 5 of 10 · about 30 s left"
    )
    assert line.fraction == pytest.approx((1 + 0.05) / 4)
    assert line.state == "running"


def test_the_bar_never_goes_back():
    epochs = [Epoch(3.0, n, "head", 0.5, 0.5, 0.5, 0.5, 1.0) for n in range(1, 11)]
    steps = [begun(0, CacheProgress(2.0, "caching", n, 9)) for n in (1, 9)]
    for n in range(10):
        steps.append(begun(0, *epochs[:n], Batch(3.0, n + 1, 5, 10)))
        steps.append(begun(0, *epochs[: n + 1]))
    steps.append(begun(0, *epochs, CacheProgress(4.0, "checking", 1, 40)))
    steps.append(rung(0, 38))
    shown = [verdict.describe((each, rung(1)), 1).fraction or 0.0 for each in steps[:-1]]
    shown.append(verdict.describe((steps[-1], begun(1)), None).fraction)
    assert shown == sorted(shown)
    assert shown[0] == 0.0
    assert shown[-1] == 0.5


def test_waiting_and_stopping():
    line = verdict.describe((rung(0), rung(1)), 3)
    assert line.text == "Freeze point 1 of 2, head only: Waiting: place 3 in the queue"
    assert (line.state, line.fraction) == ("waiting", None)
    line = verdict.describe((begun(0), rung(1)), None, stopping=True)
    assert line.text == "Freeze point 1 of 2, head only: Stopping"


def test_the_end():
    line = verdict.describe((rung(0, 38), rung(1, 39)), None)
    assert (line.text, line.state, line.fraction) == ("All 2 freeze points are done", "done", 1.0)
    line = verdict.describe((rung(0, 38), failed(1), deleted(2)), None)
    assert (line.text, line.state) == ("1 of 3 freeze points are done", "stopped")
