"""What is said of many answers at once."""

from gui.core.prediction import Prediction
from gui.core.tally import Tally, tally

CHOSEN = "expect a little less on new ones."


def answer(truth=None, met=None, problem=None):
    shares = () if problem else (("cat", 0.9), ("dog", 0.1))
    return Prediction("a", shares, problem=problem, truth=truth, met=met)


def test_what_it_has_learned_from_does_not_count():
    told = tally(
        [answer("cat"), answer("dog"), answer("cat", "checked"), answer("dog", "learned")]
        + [answer("cat", "learned")] * 2
        + [answer(), answer("cat", problem="Broken. Copy it.")]
    )
    assert told == Tally(right=2, counted=3, checked=1, learned=3)
    assert told.sentence == (
        "2 of 3 right (66.6 %, most likely 20.7–93.9 %). The epoch that is kept was chosen on 1 of "
        f"these pictures, so {CHOSEN} 3 pictures are not counted: it has learned from them, so "
        "they tell nothing about new ones."
    )


def test_only_pictures_that_it_has_learned_from_are_no_score():
    assert tally([answer("cat", "learned")] * 15).sentence == (
        "15 pictures are not counted: it has learned from them, so they tell nothing about new "
        "ones."
    )
    assert tally([answer("cat", "learned")]).sentence.startswith("1 picture is not counted")


def test_new_pictures_and_none_at_all():
    assert tally([answer("cat")] * 4).sentence == (
        "4 of 4 right (100.0 %, most likely 51.0–100.0 %)."
    )
    assert tally([answer("cat", "checked")]).sentence.endswith(
        f"was chosen on these same pictures, so {CHOSEN}"
    )
    assert tally([answer(), answer()]).sentence == ""
