import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.core.events import (
    Batch,
    CacheProgress,
    Epoch,
    Evaluated,
    Failed,
    Finished,
    Measured,
    PhaseChanged,
    Planned,
    Queued,
    Started,
)
from gui.core.history import History, fold
from gui.core.progress import Progress, compared, describe, duration, score, why_kept
from gui.core.turns import Standing

QUEUED = Queued(1.0, 4)


def started(views=3, *, cached=True):
    return Started(2.0, 4, "Keras's cache", "ab" * 32, cached, 10, 3, views)


def epoch(number):
    return Epoch(5.0, number, "head", 0.6, 0.7, 0.5, 0.8, 1.0)


PLANNED = Planned(
    at=1.5,
    cached=True,
    views=3,
    batch_size=16,
    precision="float32",
    caching_s=20.0,
    head_epochs=4,
    head_epoch_s=2.5,
    fine_epochs=0,
    fine_epoch_s=0.0,
    rest_s=6.0,
    peak_bytes=10**9,
    disk_bytes=10**7,
)
HEAD = PhaseChanged(4.0, "head", 1, 1e-3, 99)
FINE = PhaseChanged(7.0, "fine", 2, 2e-5, 99)
SCORE = Evaluated(9.0, 3, 0.3, 0.95, 40)
SCORED = "38 of 40 right (95.0 %, most likely 83.4–98.7 %)"
KEPT = (
    "Epoch 3 is kept: it was least wrong then, counting how sure it was. It was chosen by these "
    "same pictures, so expect a little less on new ones."
)


@pytest.mark.parametrize(
    ("told", "place", "line"),
    [
        ([], None, Progress("Waiting to start", None, "waiting")),
        ([QUEUED], 1, Progress(
            "Next in the queue: it starts as soon as a place is free", None, "waiting",
            "You can close this page; it starts by itself.",
        )),
        ([QUEUED], 3, Progress(
            "Waiting: place 3 in the queue", None, "waiting",
            "You can close this page; it starts by itself.",
        )),
        ([QUEUED, started()], None, Progress("Getting ready", None, "running")),
        ([QUEUED, started(), HEAD], None, Progress("Getting ready", None, "running")),
        ([QUEUED, started(), CacheProgress(3.0, "reading", 3, 12)], None, Progress(
            "Reading pictures: 3 of 12", 0.25, "running",
        )),
        ([QUEUED, started(), CacheProgress(3.0, "reading", 3, 12, 95.0)], None, Progress(
            "Reading pictures: 3 of 12 · about 2 min left", 0.25, "running",
        )),
        ([QUEUED, started(), CacheProgress(3.0, "caching", 9, 36, 61.0)], None, Progress(
            "Looking at your pictures once with the frozen part: 9 of 36 · about 61 s left",
            0.25, "running",
            "Done once, so that the epochs after it are quick: 3 views of each picture to learn "
            "from, one of each to check with.",
        )),
        ([QUEUED, started(1), CacheProgress(3.0, "caching", 36, 36, 0.0)], None, Progress(
            "Looking at your pictures once with the frozen part: 36 of 36", 1.0, "running",
            "Done once for each picture, so that the epochs after it are quick.",
        )),
        ([QUEUED, started(), HEAD, Batch(4.5, 1, 1, 2, 12.0)], None, Progress(
            "Epoch 1 of 4 · batch 1 of 2 · about 12 s left", 0.125, "running",
            "Now the new head learns.",
        )),
        ([QUEUED, started(), HEAD, epoch(1), FINE, Batch(4.5, 2, 1, 4)], None, Progress(
            "Epoch 2 of 4 · batch 1 of 4", 0.3125, "running",
            "Now VGG16 learns too, from the freeze point on.",
        )),
        ([QUEUED, started(cached=False), HEAD, Batch(4.5, 1, 2, 2)], None, Progress(
            "Epoch 1 of 4 · batch 2 of 2", 0.25, "running", "Now the new head learns.",
        )),
        ([QUEUED, started(cached=False), HEAD, epoch(1), FINE, Batch(4.5, 2, 2, 2)], None, Progress(
            "Epoch 2 of 4 · batch 2 of 2", 0.5, "running",
            "Now VGG16 learns too, from the freeze point on. This early a freeze point gains "
            "nothing from caching: it learns from pictures.",
        )),
        ([QUEUED, started(), HEAD, *(epoch(n) for n in range(1, 5))], None, Progress(
            "Checking the best epoch and saving the model", None, "running",
        )),
        # Between two epochs, and once early stopping has decided.
        ([QUEUED, started(), HEAD, epoch(1), epoch(2)], None, Progress(
            "Epoch 2 of 4 is done", 0.5, "running",
        )),
        ([QUEUED, started(), HEAD, epoch(3), SCORE], None, Progress(
            "Checking the best epoch and saving the model", None, "running",
        )),
        # Taken up again, nothing is done yet.
        ([QUEUED, started(), HEAD, epoch(2), Failed(9.0, "No.", "Do."), QUEUED,
          replace(started(), at=20.0)], None, Progress("Getting ready", None, "running")),
        ([QUEUED, started(), HEAD, epoch(3), SCORE, Finished(9.0, "epochs")], None, Progress(
            f"{SCORED}, on pictures it never learned from", 1.0, "done",
            f"All epochs are done. {KEPT}",
        )),
        ([QUEUED, started(), epoch(3), SCORE, Finished(9.0, "early_stopping")], None, Progress(
            f"{SCORED}, on pictures it never learned from", 1.0, "done",
            "It stopped early: on the pictures kept for checking it didn't get better any more. "
            + KEPT,
        )),
        ([QUEUED, started(), epoch(3), SCORE, Finished(9.0, "stopped")], None, Progress(
            f"{SCORED}, on pictures it never learned from", 1.0, "stopped",
            f"You stopped it. {KEPT}",
        )),
        ([QUEUED, started(), Finished(9.0, "epochs")], None, Progress("Finished", 1.0, "done")),
        ([QUEUED, started(), Failed(9.0, "The memory ran out.", "Close it.")], None, Progress(
            "The memory ran out.", None, "failed", "Close it.",
        )),
        ([QUEUED, Failed(9.0, "You stopped.", "Go on.", asked=True)], None, Progress(
            "You stopped.", None, "stopped", "Go on.",
        )),
        # What was is over: a run that goes on says how it goes on.
        ([QUEUED, started(), Failed(9.0, "No.", "Do."), QUEUED], 2, Progress(
            "Waiting: place 2 in the queue", None, "waiting",
            "You can close this page; it starts by itself.",
        )),
        ([QUEUED, started(), HEAD, epoch(3), SCORE, Finished(9.0, "epochs"), Queued(20.0, 9),
          replace(started(), at=20.0, epochs=9)], None, Progress("Getting ready", None, "running")),
    ],
)  # fmt: skip
def test_how_it_stands_in_words(told, place, line):
    standing = place if place is None else Standing(place)
    assert describe(fold(told), standing) == line


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "1 s"),
        (0.4, "1 s"),
        (1.6, "2 s"),
        (40, "40 s"),
        (89.4, "89 s"),
        (90, "2 min"),
        (149, "2 min"),
        (180, "3 min"),
        (89 * 60 + 29, "89 min"),
        (89 * 60 + 31, "1 h 30 min"),
        (4200, "70 min"),
        (6000, "1 h 40 min"),
        (7200, "2 h 0 min"),
        (3600 * 30, "30 h 0 min"),
    ],
)
def test_durations_as_people_say_them(seconds, words):
    assert duration(seconds) == words


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
    assert (duration(math.inf), duration(math.nan)) == ("an unknown time", "an unknown time")
    running = History(state="running", epochs_planned=2, batch=Batch(1.0, 1, 0, 0, math.inf))
    assert describe(running, None).fraction == 0.0


def test_what_was_planned_is_told_before_and_after():
    ready = describe(fold([QUEUED, PLANNED, started()]), None)
    assert ready.detail == "About 36 s in all, as planned."
    told = [QUEUED, PLANNED, started(), *(epoch(each) for each in range(1, 5)), SCORE]
    done = fold([*told, Measured(9.5, 44.4, 4, 10**9), Finished(10.0, "epochs")])
    assert describe(done, None).detail.endswith(" Planned: 36 s; it took 44 s.")
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


def test_a_training_whose_end_could_not_be_written_down_is_not_shown_as_running():
    history = fold([QUEUED, started(), HEAD, Batch(5.0, 1, 1, 9, 3.0)])
    told = describe(history, None, stopping=True, lost=True)
    assert told.state == "failed"
    assert told.text == "It broke off, and the disk didn't even take a note of that."
    assert told.detail.startswith("Free some space on the disk")


def test_who_waits_is_told_when_it_starts():
    waiting = fold([QUEUED])
    assert describe(waiting, Standing(1, 38.0)).text == (
        "Next in the queue: it starts in about 38 s"
    )
    assert describe(waiting, Standing(19, 1234.0)).text == (
        "Waiting: place 19 in the queue, it starts in about 21 min"
    )
