"""What is said of a training that has ended."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.core.ended import compared, score, why_kept
from gui.core.events import Evaluated, Finished, Measured, Queued
from gui.core.history import History, fold
from tests.core.test_progress import PLANNED, QUEUED, SCORE, epoch, started


@pytest.mark.parametrize(
    ("right", "pictures", "words"),
    [
        (1999, 2000, "1999 of 2000 right (99.9 %, most likely 99.7–100.0 %)"),
        (99_999, 100_000, "99999 of 100000 right (99.9 %, most likely 99.9–100.0 %)"),
        (2000, 2000, "2000 of 2000 right (100.0 %, most likely 99.8–100.0 %)"),
        (38, 40, "38 of 40 right (95.0 %, most likely 83.4–98.7 %)"),
        (2, 3, "2 of 3 right (66.6 %, most likely 20.7–93.9 %)"),
        (0, 7, "0 of 7 right (0.0 %, most likely 0.0–35.5 %)"),
        (1, 1, "1 of 1 right (100.0 %, most likely 20.6–100.0 %)"),
    ],
)
def test_a_score_is_never_rounded_up(right, pictures, words):
    assert score(Evaluated(1.0, 3, 0.1, right / pictures, pictures)) == words


@given(st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_share_is_never_above_the_truth_and_less_than_a_thousandth_below(counted):
    right, pictures = counted
    words = score(Evaluated(1.0, 3, 0.1, right / pictures, pictures))
    assert words.startswith(f"{right} of {pictures} right (")
    thousandths = round(10 * float(words.split("(")[1].partition(" %")[0]))
    assert thousandths * pictures <= 1000 * right < (thousandths + 1) * pictures


def test_numbers_that_only_a_damaged_file_holds_break_nothing():
    assert score(Evaluated(1.0, 1, 0.5, 0.5, 0)) == "no pictures checked"
    assert score(Evaluated(1.0, 1, 0.5, math.nan, 4)).startswith("0 of 4 right (0.0 %, most")
    assert score(Evaluated(1.0, 1, 0.5, math.inf, 4)).startswith("4 of 4 right (100.0 %, most")


def test_what_it_took_is_told_with_what_was_planned():
    told = [QUEUED, PLANNED, started(), *(epoch(each) for each in range(1, 5)), SCORE]
    done = fold([*told, Measured(9.5, 44.4, 4, 10**9), Finished(10.0, "epochs")])
    assert compared(done) == "Planned: 36 s; it took 44 s."
    assert compared(replace(done, planned=None)) == "It took 44 s."
    assert compared(replace(done, measured=None)) == ""


@pytest.mark.parametrize("reason", ["stopped", "early_stopping"])
def test_of_a_run_that_ended_early_only_its_epochs_are_compared(reason):
    told = [QUEUED, PLANNED, started(), *(epoch(each) for each in (1, 2, 3)), SCORE]
    done = fold([*told, Measured(9.5, 34.2, 3, 10**9), Finished(10.0, reason)])
    assert compared(done) == "For the 3 epochs it ran, 34 s were planned; it took 34 s."
    one = replace(done, epochs=done.epochs[:1], measured=Measured(9.5, 34.2, 1, 10**9))
    assert compared(one) == "For the one epoch it ran, 28 s were planned; it took 34 s."


def test_of_a_run_that_went_on_only_the_last_epochs_are_compared():
    told = [QUEUED, PLANNED, started(), *(epoch(each) for each in range(1, 5)), SCORE]
    more = [Finished(10.0, "epochs"), Queued(11.0, 9), PLANNED, replace(started(), epochs=9)]
    more += [*(epoch(each) for each in range(5, 8)), SCORE, Measured(19.0, 12.0, 3, 10**9)]
    done = fold([*told, *more, Finished(20.0, "epochs")])
    assert compared(done) == "For the last 3 epochs, 34 s were planned; it took 12 s."
    assert compared(replace(done, planned=None)) == "The last 3 epochs took 12 s."
    one = replace(done, measured=Measured(19.0, 3.0, 1, 10**9), planned=None)
    assert compared(one) == "The last epoch took 3 s."
    saved = replace(done, measured=Measured(19.0, 5.0, 0, 10**9))
    assert compared(saved) == "Checking and saving it took 5 s."


def test_why_an_epoch_is_kept_is_told_where_another_had_more_right():
    def told(*accuracies):
        epochs = [
            replace(epoch(n), val_accuracy=each, val_loss=1 / n)
            for n, each in enumerate(accuracies, start=1)
        ]
        score = Evaluated(9.0, len(epochs), 0.3, accuracies[-1], 40)
        return fold([QUEUED, started(), *epochs, score, Finished(10.0, "epochs")])

    kept = "it was least wrong then, counting how sure it was"
    assert why_kept(told(0.5, 0.9, 0.95)) == f"Epoch 3 is kept: {kept}."
    assert why_kept(told(0.5, 1.0, 1.0, 0.95)) == (
        f"Epoch 4 is kept: {kept}, though epoch 2 had 2 more right."
    )
    assert why_kept(told(math.nan, 0.95)) == f"Epoch 2 is kept: {kept}."
    assert why_kept(told(0.5, math.nan)) == f"Epoch 2 is kept: {kept}."
    assert why_kept(History()) == ""
