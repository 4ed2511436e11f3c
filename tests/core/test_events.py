import json
import typing
from dataclasses import asdict, replace

import pytest

from gui.core import events
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
    append,
    read,
)

QUEUED = Queued(1.0, 4)
PLANNED = Planned(
    at=1.5,
    cached=True,
    views=2,
    batch_size=16,
    precision="float32",
    caching_s=20.0,
    head_epochs=2,
    head_epoch_s=0.5,
    fine_epochs=2,
    fine_epoch_s=4.0,
    rest_s=6.0,
    peak_bytes=10**9,
    disk_bytes=10**7,
)
STARTED = Started(2.0, 4, "Keras's cache", "ab" * 32, True, 10, 3, 2)
READING = CacheProgress(2.5, "reading", 3, 13, 1.5)
CACHING = CacheProgress(3.0, "caching", 1, 23)
HEAD = PhaseChanged(4.0, "head", 1, 1e-3, 99)
FINE = PhaseChanged(7.0, "fine", 3, 2e-5, 99)
BATCH = Batch(4.5, 1, 1, 2, 12.0)
EVALUATED = Evaluated(9.0, 2, 0.3, 0.9, 10)
MEASURED = Measured(9.5, 33.0, 4, 10**9)
FINISHED = Finished(10.0, "early_stopping")
FAILED = Failed(11.0, "The memory ran out.", "Close other programs.")


def epoch(number, val_loss=0.5, phase="head", **others):
    return replace(Epoch(5.0, number, phase, 0.6, 0.7, val_loss, 0.8, 1.25), **others)


ALL = [
    QUEUED, PLANNED, STARTED, READING, CACHING, HEAD, BATCH, epoch(1), EVALUATED, MEASURED,
    FINISHED, FAILED,
]  # fmt: skip


@pytest.fixture
def file(tmp_path):
    return tmp_path / "events.jsonl"


@pytest.mark.parametrize("event", ALL, ids=lambda each: type(each).__name__)
def test_each_event_comes_back_from_its_file(event, file):
    append(file, event)
    told = {"event": type(event).__name__, **asdict(event)}
    assert json.loads(file.read_text()) == json.loads(json.dumps(told))
    assert list(read(file)) == [event]


def test_no_kind_of_event_is_forgotten_above():
    assert {type(each) for each in ALL} == set(typing.get_args(events.Event))


def test_a_plan_counts_the_epochs_that_there_were():
    assert PLANNED.seconds() == 20 + 2 * 0.5 + 2 * 4 + 6
    assert PLANNED.seconds(3) == 20 + 2 * 0.5 + 4 + 6  # it stopped early
    assert PLANNED.seconds(1) == 20 + 0.5 + 6


def test_there_are_no_events_before_the_first(file):
    assert list(read(file)) == []
