import math
from dataclasses import replace

import pytest

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
from gui.core.progress import Progress, describe
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


def test_numbers_that_only_a_damaged_file_holds_break_nothing():
    running = History(state="running", epochs_planned=2, batch=Batch(1.0, 1, 0, 0, math.inf))
    assert describe(running, None).fraction == 0.0


def test_what_was_planned_is_told_before_and_after():
    ready = describe(fold([QUEUED, PLANNED, started()]), None)
    assert ready.detail == "About 36 s in all, as planned."
    told = [QUEUED, PLANNED, started(), *(epoch(each) for each in range(1, 5)), SCORE]
    done = fold([*told, Measured(9.5, 44.4, 4, 10**9), Finished(10.0, "epochs")])
    assert describe(done, None).detail.endswith(" Planned: 36 s; it took 44 s.")


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
