"""Lengths of time as people say them."""

import math

import pytest

from gui.core.time_span import duration


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


def test_a_number_that_only_a_damaged_file_holds_is_no_time():
    assert (duration(math.inf), duration(math.nan)) == ("an unknown time", "an unknown time")
