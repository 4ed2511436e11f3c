"""Where a training's seconds and pictures go, as its events tell; worked out by hand."""

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
    Queued,
    Started,
)
from gui.watch.work import Following


def started(at: float, views: int = 2) -> Started:
    return Started(at, 2, "somewhere", "ab", True, 80, 20, views)


def epoch(at: float, number: int, phase: str = "head") -> Epoch:
    return Epoch(at, number, phase, 0.5, 0.5, 0.5, 0.5, 1.0)


WHOLE = [
    Queued(100.0, 2),
    started(130.0),
    CacheProgress(134.0, "caching", 16, 150),
    CacheProgress(160.0, "caching", 150, 150),
    PhaseChanged(161.0, "head", 1, 1e-3, 1),
    Batch(161.5, 1, 3, 5),
    epoch(163.0, 1),
    PhaseChanged(164.0, "fine", 2, 1e-5, 2),
    epoch(170.0, 2, "fine"),
    CacheProgress(171.0, "checking", 16, 16),
    Evaluated(172.0, 2, 0.4, 0.95, 20),
    Measured(172.5, 42.0, 2, 10**9),
    Finished(173.0, "epochs"),
]


def taken(told, tested=0):
    following = Following(tested)
    for event in told:
        following.take(event)
    return following.taken()


def test_every_second_from_the_wish_to_the_end_has_its_phase() -> None:
    work = taken(WHOLE)
    assert dict(work.seconds) == {
        "waiting": 30.0,
        "caching": 31.0,  # with what came before the first picture of it, and after the last
        "head": 3.0,
        "fine": 6.0,
        "checking": 3.0,
    }
    assert sum(work.seconds.values()) == 173.0 - 100.0


def test_pictures_and_views_are_counted_where_they_were_looked_at() -> None:
    work = taken(WHOLE, tested=5)
    assert dict(work.pictures) == {"caching": 150, "head": 80, "fine": 80, "checking": 16}
    # 80 pictures in 2 views, 20 to check with and 5 to test with: 185, of which 150 were done.
    assert dict(work.passes) == {"miss": 150, "hit": 35}


def test_a_training_that_finds_everything_stored_only_hits() -> None:
    work = taken([WHOLE[0], WHOLE[1], *WHOLE[4:]])
    assert dict(work.passes) == {"hit": 180}


def test_one_that_broke_off_and_went_on_counts_what_it_found_the_second_time() -> None:
    broken = [*WHOLE[:2], CacheProgress(140.0, "caching", 100, 150), Failed(145.0, "x", "y")]
    work = taken(broken)
    assert (dict(work.passes), work.seconds["caching"]) == ({"miss": 100}, 15.0)
    again = [
        *broken,
        Queued(200.0, 2),
        started(210.0),
        CacheProgress(215.0, "caching", 50, 50),
        *WHOLE[4:6],
    ]
    assert dict(taken(again).passes) == {"miss": 50, "hit": 130}


def test_what_was_before_the_last_wish_isnt_counted_again() -> None:
    assert taken([*WHOLE, Queued(300.0, 4), started(301.0)]).seconds == {"waiting": 1.0}


def test_a_clock_that_goes_back_takes_no_second_away() -> None:
    work = taken([Queued(100.0, 2), started(40.0), PhaseChanged(41.0, "head", 1, 1e-3, 2)])
    assert dict(work.seconds) == {"waiting": 0.0, "starting": 1.0}


def test_pictures_of_both_sides_that_are_checked_count() -> None:
    looked = [CacheProgress(10.0 + n, "checking", done, 16) for n, done in enumerate((8, 16, 8))]
    assert taken([started(1.0), *looked]).pictures["checking"] == 24


@pytest.mark.parametrize("until", range(len(WHOLE)))
def test_asked_in_the_middle_nothing_is_lost_or_counted_twice(until: int) -> None:
    following, sums = Following(), Following().taken()
    for number, event in enumerate(WHOLE):
        following.take(event)
        if number == until:
            sums.add(following.taken())
    sums.add(following.taken())
    assert sums == taken(WHOLE)
