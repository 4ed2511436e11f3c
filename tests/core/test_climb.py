"""How far a ladder is, from made-up histories: what a person reads while it climbs."""

import pytest

from gui.core import climb
from gui.core.events import Batch, CacheProgress, Epoch, Evaluated, Failed, Started
from gui.core.turns import Standing
from tests.core.test_verdict import deleted, failed, rung


def begun(place, *also):
    return rung(place, also=[Started(1.0, 10, "x", "y", True, 160, 40, 2), *also])


def test_the_rung_under_way_is_told_with_its_number():
    line = climb.describe(
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
    shown = [climb.describe((each, rung(1)), Standing(1)).fraction or 0.0 for each in steps[:-1]]
    shown.append(climb.describe((steps[-1], begun(1)), None).fraction)
    assert shown == sorted(shown)
    assert shown[0] == 0.0
    assert shown[-1] == 0.5


def test_the_bar_never_goes_back_where_one_is_stopped():
    batch = Batch(3.0, 3, 9, 10)
    epochs = [Epoch(3.0, n, "head", 0.5, 0.5, 0.5, 0.5, 1.0) for n in (1, 2)]
    asked = begun(0, *epochs, batch)
    saving = begun(0, *epochs, batch, Evaluated(4.0, 2, 0.5, 0.5, 40))
    ended = rung(0, 20, reason="stopped")
    shown = [
        climb.describe((asked, rung(1)), Standing(1)).fraction,
        climb.describe((asked, rung(1)), Standing(1), stopping=True).fraction,
        climb.describe((saving, rung(1)), Standing(1), stopping=True).fraction,
        climb.describe((ended, rung(1)), None).fraction,
        climb.describe((ended, begun(1)), None).fraction,
    ]
    assert shown == sorted(shown)
    assert shown[0] == shown[1] == pytest.approx(0.29 / 2)
    assert shown[2:] == [0.5, 0.5, 0.5]


def test_what_was_taken_out_of_the_queue_does_not_move_the_bar():
    taken_out = rung(2, also=[Failed(1.0, "It was taken out.", "Go on.", asked=True)])
    at_work = begun(1, Batch(3.0, 6, 5, 10))
    before = climb.describe((rung(0, 38), at_work, rung(2)), None).fraction
    stopped = climb.describe((rung(0, 38), at_work, taken_out), None, stopping=True).fraction
    assert before == stopped == pytest.approx((1 + 0.55) / 3)
    again = climb.describe((rung(0, 38), at_work, rung(2, 38)), None).fraction  # with the rest
    assert again == pytest.approx((2 + 0.55) / 3)


def test_waiting_and_stopping():
    line = climb.describe((rung(0), rung(1)), Standing(3))
    assert line.text == "Freeze point 1 of 2, head only: Waiting: place 3 in the queue"
    assert (line.state, line.fraction) == ("waiting", None)
    line = climb.describe((begun(0), rung(1)), None, stopping=True)
    assert line.text == "Freeze point 1 of 2, head only: Stopping"


def test_between_two_the_next_one_starts_in_a_moment():
    line = climb.describe((rung(0, 38), rung(1)), None)
    assert line.text == "The next freeze point starts in a moment."
    assert (line.state, line.fraction) == ("waiting", 0.5)
    assert climb.describe((rung(0), rung(1)), None).text == (
        "The first freeze point starts in a moment."
    )
    behind_others = climb.describe((rung(0, 38), rung(1)), Standing(1)).text
    assert behind_others.startswith("Freeze point 2 of 2, block5_conv3: Next in the queue")


def test_which_one_is_under_way():
    assert climb.number((rung(0, 38), begun(1), rung(2))) == "2 of 3"
    assert climb.number((rung(0, 38), rung(1))) == "2 of 2"
    assert climb.number((rung(0, 38),)) == ""


REST = "Press “Go on with the rest” to train the others to their end."


def test_the_end():
    line = climb.describe((rung(0, 38), rung(1, 39)), None)
    assert (line.text, line.state, line.fraction) == ("All 2 freeze points are done", "done", 1.0)
    line = climb.describe((rung(0, 38), failed(1), deleted(2)), None)
    assert line.text == "1 of 3 freeze points was trained to its end."
    assert (line.state, line.fraction, line.detail) == ("stopped", None, REST)
    assert climb.describe((rung(0, 38), rung(1, 38), deleted(2)), None).detail == ""


def test_a_stopped_comparison_is_not_done():
    taken_out = Failed(1.0, "It was taken out.", "Go on.", asked=True)
    rungs = (rung(0, 38), rung(1, 20, reason="stopped"), rung(2, also=[taken_out]))
    line = climb.describe(rungs, None)
    assert line.text == ("You stopped the comparison: 1 of 3 freeze points was trained to its end.")
    assert (line.state, line.fraction, line.detail) == ("stopped", None, REST)
    all_cut = climb.describe((rung(0, 1, reason="stopped"), rung(1, 1, reason="stopped")), None)
    assert all_cut.text.endswith("0 of 2 freeze points were trained to their end.")


def test_one_that_was_stopped_is_named():
    rungs = (rung(0, 38), rung(1, 20, reason="stopped"), rung(2, 39))
    assert climb.describe(rungs, None).text == (
        "You stopped block5_conv3: 2 of 3 freeze points were trained to their end."
    )
