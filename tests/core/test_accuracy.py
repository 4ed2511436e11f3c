"""The range of an accuracy against published values, and words that never flatter."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.core.accuracy import Accuracy, measured


# Source: R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in
# Medicine 17, 1998, table I, method 3.
@pytest.mark.parametrize(
    ("right", "pictures", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_range_is_wilson_s(right, pictures, low, high):
    told = Accuracy(right, pictures)
    assert (told.low, told.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@st.composite
def accuracies(draw):
    pictures = draw(st.integers(1, 10**6))
    return Accuracy(draw(st.integers(0, pictures)), pictures)


@given(accuracies())
def test_the_share_lies_in_its_range_and_the_range_in_0_to_1(told):
    assert 0 <= told.low <= told.share <= told.high <= 1
    assert told.low < told.high


@given(accuracies())
def test_right_and_wrong_are_mirrored(told):
    mirrored = Accuracy(told.pictures - told.right, told.pictures)
    assert told.low == pytest.approx(1 - mirrored.high, abs=1e-12)


@given(accuracies(), st.integers(2, 100))
def test_more_pictures_narrow_the_range(told, times):
    more = Accuracy(told.right * times, told.pictures * times)
    assert more.high - more.low < told.high - told.low


@given(accuracies())
def test_words_round_to_the_cautious_side(told):
    def number(text):
        return float(text.removesuffix(" %"))

    assert number(told.low_text) <= 100 * told.low + 1e-9
    assert number(told.high_text) >= 100 * told.high - 1e-9
    assert ("(100.0 %)" in told.text) == (told.right == told.pictures)


def test_words():
    told = Accuracy(38, 40)
    assert told.text == "38 of 40 right (95.0 %)"
    assert told.full_text == "38 of 40 right (95.0 %, most likely 83.4–98.7 %)"
    assert (told.low_text, told.high_text) == ("83.4 %", "98.7 %")
    assert Accuracy(1999, 2000).text == "1999 of 2000 right (99.9 %)"


def test_what_events_tell_is_taken_as_whole_pictures():
    assert measured(0.95, 40) == Accuracy(38, 40)
    assert measured(0.9499999, 40) == Accuracy(38, 40)
    assert measured(7.0, 40) == Accuracy(40, 40)
    assert measured(-1.0, 40) == Accuracy(0, 40)
    assert measured(0.5, 0) is None
    assert measured(math.nan, 40) is None
    assert measured(math.inf, 40) is None
