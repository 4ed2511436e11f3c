"""What a curve says, and what it doesn't dare to say."""

from dataclasses import replace

from gui.core.more_pictures import headline, sentences
from tests.core.test_learning_curve import curve, point


def test_the_class_that_gains_clearly_is_named() -> None:
    told = curve(point(0.25, 3, 0), point(0.5, 6, 1), point(0.75, 6, 6), point(1, 7, 9))
    assert sentences(told) == (
        "“cat”: from 10 to 20 pictures, on average 1 more of 10 were right; that may be chance, "
        "too few were checked to tell.",
        "More “owl” pictures help most: from 12 to 24 pictures, on average 8 more of 10 were "
        "right.",
    )
    assert headline(told) == (
        "With 44 pictures instead of 22 to learn from, 80.0 % were right instead of 35.0 %: more "
        "pictures are likely to help further."
    )


def test_nothing_is_claimed_where_chance_would_do() -> None:
    told = curve(point(0.5, 6, 6), point(1, 8, 4))
    assert "help" not in "".join(sentences(told))
    assert "2 fewer of 10" in sentences(told)[1]
    assert headline(told).endswith("whether more pictures would help is open.")
    worse = curve(point(0.5, 9, 9), point(1, 2, 2))
    assert headline(worse).endswith("more pictures of this kind don't help.")
    assert "help" not in "".join(sentences(worse))
    level = curve(point(0.5, 6, 6), point(1, 6, 6))
    assert "on average as many of 10 were right" in sentences(level)[0]


def test_a_class_that_cannot_show_anything_is_said_so() -> None:
    told = curve(point(0.5, 10, 5), point(1, 10, 5))
    assert "all 10 that were checked were right already" in sentences(told)[0]
    nobody = replace(told, truths=(0,) * 20)
    assert sentences(nobody)[1] == "“owl”: none of its pictures was checked, so nobody can say."
    half, whole = told.points
    few = curve(replace(half, learned_from=(1, 12)), replace(whole, learned_from=(1, 24)))
    assert sentences(few)[0] == "“cat”: it has too few pictures to learn from a part of them."
