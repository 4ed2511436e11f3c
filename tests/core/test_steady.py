"""A clock that nobody can set."""

import time

from gui.core.steady import Steady


def test_lengths_of_time_are_right_whatever_becomes_of_the_system_clock():
    system, counted = iter([1_000_000.0]), iter([50.0, 50.0, 57.5, 60.0])
    clock = Steady(lambda: next(system), lambda: next(counted))
    assert [clock(), clock(), clock()] == [1_000_000.0, 1_000_007.5, 1_000_010.0]


def test_it_tells_the_time_of_day():
    assert abs(Steady()() - time.time()) < 1
