"""Two models on the same pictures: when a difference may be called one."""

import pytest

from gui.core.comparing import sign_test, verdict


@pytest.mark.parametrize(
    ("more", "fewer", "chance"),
    # Source: the tails of the binomial distribution with 1/2, from any table of it.
    [(0, 0, 1), (1, 0, 1), (5, 0, 0.0625), (6, 0, 0.03125), (8, 1, 0.0390625), (3, 3, 1)],
)
def test_chance_by_the_table(more, fewer, chance) -> None:
    assert sign_test(more, fewer) == sign_test(fewer, more) == chance


def test_chance_of_thousands_is_still_a_number() -> None:
    assert 0 <= sign_test(3000, 2000) < 1e-40


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (0, 0, ""),
        (4, 4, ""),
        (5, 0, "That may be chance"),
        (6, 0, "the first is better"),
        (1, 8, "the second is better"),
    ],
)
def test_a_winner_is_named_only_when_chance_would_hardly_do_it(first, second, said) -> None:
    told = verdict(first, second)
    assert said in told
    assert bool(said) == bool(told)
