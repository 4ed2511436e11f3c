"""Who is next, and when: a pure function of who waits."""

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui.core import turns
from gui.core.asked import Asked
from gui.core.events import Epoch, PhaseChanged, Planned, Queued, Started
from gui.core.history import fold
from gui.core.runs import Run
from gui.core.turns import Standing


def asked(*whos: str) -> list[Asked]:
    """Who asks, in the order in which they come: "a", and "a" again."""
    return [
        Asked(Run(Path(who, "runs", f"{who}{rank}")), who, None, rank)
        for rank, who in enumerate(whos, start=1)
    ]


def names(ordered) -> str:
    return "".join(each.who for each in ordered)


def test_a_ladder_of_ten_rungs_holds_up_nobody():
    assert names(turns.order(asked(*"aaaaabcd"), {}, [])) == "abcdaaaa"
    assert names(turns.order(asked(*"aaaaabcd"), {}, ["a"])) == "bcdaaaaa"


def test_people_who_asked_for_several_take_turns():
    assert names(turns.order(asked(*"aaabbbc"), {}, [])) == "abcabab"


def test_who_was_served_stands_behind_who_waited_then_but_before_who_came_later():
    waiting = asked(*"aab")
    late = Asked(Run(Path("c", "runs", "c")), "c", None, 9)
    assert names(turns.order([*waiting, late], {"a": 5}, [])) == "baca"


@settings(deadline=None)  # on a busy machine
@given(st.lists(st.sampled_from("abcdef"), max_size=40), st.lists(st.sampled_from("abcdef")))
def test_everyone_who_waits_is_in_it_once_and_between_two_of_one_stand_all_others(whos, busy):
    waiting = asked(*whos)
    ordered = turns.order(waiting, {}, busy)
    assert sorted(ordered, key=lambda each: each.rank) == waiting
    for who in set(whos):
        own = [each for each in ordered if each.who == who]
        assert own == sorted(own, key=lambda each: each.rank)
    # In each round everybody who still has something in the queue has one turn.
    left = list(names(ordered))
    while left:
        people = len(set(left))
        assert len(set(left[:people])) == people
        left = left[people:]


def test_each_is_told_when_it_begins():
    waiting = [
        Asked(Run(Path("x", "runs", f"{n}")), "x", None, n, seconds)
        for n, seconds in enumerate([10.0, None, 30.0])
    ]
    told = turns.standings(waiting, [20.0], 1, 2.0)
    assert told["0"] == Standing(1, 22.0)
    assert told["1"] == Standing(2, 34.0)
    assert told["2"] == Standing(3, 56.0)  # what nobody knows takes as long as the others: 20 s
    two = turns.standings(waiting, [20.0], 2, 0.0)
    assert [each.eta_s for each in two.values()] == [0.0, 10.0, 20.0]


def test_when_nobody_can_say_there_is_a_place_but_no_time():
    (waiting,) = asked("a")
    assert turns.standings([waiting], [None], 1, 1.0) == {waiting.run.id: Standing(1, None)}
    assert turns.standings([waiting], [], 0, 1.0) == {waiting.run.id: Standing(1, None)}
    known = turns.standings([waiting], [None], 1, 1.0, 40.0)  # so long took the last one
    assert known == {waiting.run.id: Standing(1, 41.0)}


PLANNED = Planned(
    cached=True, views=1, batch_size=4, precision="float32", caching_s=50.0, head_epochs=10,
    head_epoch_s=5.0, fine_epochs=0, fine_epoch_s=0.0, rest_s=4.0, peak_bytes=1, disk_bytes=1,
    at=1.0,
)  # fmt: skip
BEGUN = [Queued(1.0, 10), PLANNED, Started(100.0, 10, "x", "ab" * 32, True, 4, 2, 1)]


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ([Queued(1.0, 10)], None),
        (BEGUN, 84.0),
        ([*BEGUN, PhaseChanged(115.0, "head", 1, 1e-3, 10)], 84.0),
        # An epoch takes 2 s, not 5: nine to go, one second of which is over, and the rest.
        (
            [
                *BEGUN,
                PhaseChanged(115.0, "head", 1, 1e-3, 10),
                Epoch(119.0, 1, "head", 0.5, 0.5, 0.5, 0.5, 2.0),
            ],
            21.0,
        ),
    ],
)
def test_what_is_left_of_a_training(told, left):
    assert turns.left_s(fold(told), 120.0) == left


def test_a_clock_that_was_set_back_adds_nothing():
    assert turns.left_s(fold(BEGUN), 0.0) == 104.0
    assert not math.isnan(turns.left_s(fold(BEGUN), 1e9))
