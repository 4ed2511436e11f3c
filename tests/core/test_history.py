"""What is known of a run after any events, in any order that can come."""

import math
from dataclasses import replace

import pytest

from gui.core.events import Failed, Finished, Queued
from gui.core.history import History, fold, step
from tests.core.test_events import (
    BATCH,
    CACHING,
    EVALUATED,
    FAILED,
    FINE,
    FINISHED,
    HEAD,
    MEASURED,
    PLANNED,
    QUEUED,
    READING,
    STARTED,
    epoch,
)  # fmt: skip


def test_of_no_events_nothing_is_known():
    assert fold([]) == History()
    assert (History().state, History().best, History().busy) == ("waiting", None, True)


def test_plan_and_measurement_belong_to_the_training_they_are_told_in():
    done = fold([QUEUED, PLANNED, STARTED, epoch(1), MEASURED, FINISHED])
    assert (done.planned, done.measured) == (PLANNED, MEASURED)
    more = fold([QUEUED, PLANNED, STARTED, epoch(1), MEASURED, FINISHED, QUEUED])
    assert (more.planned, more.measured) == (None, None)
    taken_out = step(more, FAILED)
    assert (taken_out.planned, taken_out.measured) == (PLANNED, MEASURED)


def test_a_whole_run_folds_to_its_history():
    first, second, third = epoch(1, 0.5), epoch(2, 0.3), epoch(3, 0.4, "fine")
    told = [QUEUED, STARTED, READING, CACHING, HEAD, BATCH, first, second, FINE, third]
    assert fold([*told, EVALUATED, FINISHED]) == History(
        state="finished",
        epochs_planned=4,
        started=STARTED,
        phases=(HEAD, FINE),
        epochs=(first, second, third),
        evaluated=EVALUATED,
        finished=FINISHED,
        last_at=FINISHED.at,
    )


@pytest.mark.parametrize(
    ("told", "state", "busy"),
    [
        ([QUEUED], "waiting", True),
        ([QUEUED, STARTED], "running", True),
        ([QUEUED, STARTED, READING, HEAD, BATCH, epoch(1), EVALUATED], "running", True),
        ([QUEUED, STARTED, FINISHED], "finished", False),
        ([QUEUED, STARTED, replace(FINISHED, reason="epochs")], "finished", False),
        ([QUEUED, STARTED, replace(FINISHED, reason="stopped")], "stopped", False),
        ([QUEUED, STARTED, FAILED], "failed", False),
        ([QUEUED, FAILED, QUEUED], "waiting", True),
        ([QUEUED, STARTED, FAILED, QUEUED, STARTED], "running", True),
    ],
)
def test_state(told, state, busy):
    history = fold(told)
    assert (history.state, history.busy) == (state, busy)


def test_what_is_under_way_is_shown_until_it_is_over():
    assert fold([STARTED, READING]).cache == READING
    assert fold([STARTED, READING, CACHING]).cache == CACHING
    assert fold([STARTED, CACHING, BATCH]).cache is None
    assert fold([STARTED, CACHING, HEAD]).cache is None
    assert fold([STARTED, CACHING, epoch(1)]).cache is None
    assert fold([STARTED, HEAD, BATCH]).batch == BATCH
    for over in (epoch(1), EVALUATED, FINISHED, FAILED, QUEUED, STARTED):
        assert fold([STARTED, HEAD, BATCH, over]).batch is None
    for over in (FINISHED, FAILED, QUEUED, STARTED):
        assert fold([STARTED, READING, over]).cache is None


def test_going_on_takes_back_the_failure_and_the_end():
    failed = fold([QUEUED, STARTED, FAILED])
    assert (failed.failed, fold([QUEUED, STARTED, FAILED, QUEUED]).failed) == (FAILED, None)
    assert fold([QUEUED, STARTED, FAILED, STARTED]).failed is None
    assert fold([QUEUED, STARTED, FINISHED, QUEUED]).finished is None
    assert fold([QUEUED, STARTED, FINISHED, STARTED]).finished is None


def test_an_epoch_told_twice_counts_once_with_its_later_numbers():
    told = [QUEUED, STARTED, HEAD, epoch(1), epoch(2), epoch(3, 0.1), FAILED, QUEUED, STARTED]
    again, after = epoch(3, 0.2), epoch(4, 0.3)
    history = fold([*told, again, after])
    assert history.epochs == (epoch(1), epoch(2), again, after)
    assert history.best == again


def test_epochs_that_are_trained_again_from_an_earlier_one_drop_the_later_ones():
    told = [HEAD, epoch(1), epoch(2), FINE, epoch(3, phase="fine"), STARTED, epoch(2, 0.4)]
    assert [each.epoch for each in fold(told).epochs] == [1, 2]


def test_a_phase_told_twice_counts_once():
    later = replace(FINE, at=99.0)
    assert fold([HEAD, FINE, FAILED, STARTED, later]).phases == (HEAD, later)


def test_best_is_the_lowest_validation_loss_the_earliest_of_equals():
    def best(*losses):
        found = fold(epoch(number, loss) for number, loss in enumerate(losses, start=1)).best
        return found and found.epoch

    assert best() is None
    assert best(0.5, 0.3, 0.4) == 2
    assert best(0.5, 0.3, 0.3) == 2
    assert best(math.nan, 0.9) == 2
    assert best(0.9, math.nan, 0.8, math.nan) == 3
    assert best(math.nan, math.nan) == 1
    assert best(math.inf, 0.9) == 2


def test_training_more_counts_patience_from_there():
    done = [QUEUED, STARTED, HEAD, epoch(1), epoch(2), EVALUATED, FINISHED]
    assert fold(done).patience_from == 0
    more = fold([*done, Queued(20.0, 12)])
    assert (more.patience_from, more.epochs_planned) == (2, 12)
    assert more.evaluated == EVALUATED
    running = fold([*done, Queued(20.0, 12), replace(STARTED, epochs=12), epoch(3)])
    assert running.patience_from == 2
    broken = [*done, Queued(20.0, 12), STARTED, epoch(3), FAILED, Queued(30.0, 12), STARTED]
    assert fold(broken).patience_from == 2  # going on after a break gives no fresh patience


def test_going_on_after_a_break_gives_no_fresh_patience():
    assert fold([QUEUED, STARTED, epoch(1), epoch(2), FAILED, QUEUED]).patience_from == 0


def test_a_whole_run_taken_out_of_the_queue_again_stays_whole() -> None:
    whole = fold([Queued(0.0, 1), STARTED, epoch(1), Finished(3.0, "epochs")])
    waiting = step(whole, Queued(4.0, 6))
    assert waiting.state == "waiting"
    assert step(waiting, Failed(5.0, "It was taken out of the queue.", "Go on.")) == whole
    begun = step(waiting, STARTED)
    assert step(begun, Failed(6.0, "It broke off.", "Go on.")).state == "failed"


def test_kept_is_the_best_until_the_run_has_said_which_it_keeps():
    told = [QUEUED, STARTED, HEAD, epoch(1, 0.5), epoch(2, 0.4), epoch(3, 0.3)]
    assert fold(told).kept == epoch(3, 0.3)
    over = [*told, EVALUATED]  # of epoch 2
    assert fold(over).kept == epoch(3, 0.3)  # not over yet
    assert fold([*over, FINISHED]).kept == epoch(2, 0.4)
    assert fold([*over, FINISHED, QUEUED]).kept == epoch(3, 0.3)
    assert fold([QUEUED, STARTED, EVALUATED, FINISHED]).kept is None
