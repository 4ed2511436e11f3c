"""Which pictures are shown, and that a page is believed nothing."""

import pytest

from gui.core import gallery
from gui.core.errors import NotYours
from gui.core.gallery import View
from tests.core.evaluations import sea


def names(view: View) -> list[str]:
    split, told = sea()
    return [each.name for each in gallery.pictures(view, told, split)]


def test_the_worst_mistakes_come_first() -> None:
    assert names(View("r")) == ["owl/7.jpg", "crab/2.jpg", "crab/3.jpg"]


def test_a_cell_holds_its_own_pictures() -> None:
    assert names(View("r", "cell", 0, 1)) == ["crab/2.jpg"]
    assert names(View("r", "cell", 1, 1)) == ["fish/4.jpg", "fish/5.jpg", "fish/6.jpg"]


def test_a_class_shows_what_it_was_learned_from() -> None:
    assert names(View("r", "class", 1, 1)) == [f"fish/t{n}.jpg" for n in range(4, 8)]


def test_titles_say_what_is_seen() -> None:
    _, told = sea()
    assert gallery.title(View("r", "cell", 0, 1), told, 1).startswith(
        "“crab” that it called “fish”"
    )
    assert "it got right" in gallery.title(View("r", "cell", 1, 1), told, 3)
    assert gallery.title(View("r"), told, 0) == "No mistakes"
    assert gallery.note(View("r"), told, 3).startswith("3 of 8 were wrong.")


def test_a_view_comes_back_as_it_went() -> None:
    view = View("r", "cell", 0, 2)
    assert gallery.read(view.to_json(), "r", 3) == view


@pytest.mark.parametrize(
    "forged",
    [
        None,
        "mistakes",
        {"run": "other", "kind": "mistakes", "truth": 0, "answer": 0},
        {"run": "r", "kind": "all", "truth": 0, "answer": 0},
        {"run": "r", "kind": ["cell"], "truth": 0, "answer": 0},
        {"run": "r", "kind": "cell", "truth": 3, "answer": 0},
        {"run": "r", "kind": "cell", "truth": -1, "answer": 0},
        {"run": "r", "kind": "cell", "truth": True, "answer": 0},
        {"run": "r", "kind": "cell", "truth": 0},
    ],
)
def test_a_forged_view_is_refused(forged) -> None:
    with pytest.raises(NotYours):
        gallery.read(forged, "r", 3)


@pytest.mark.parametrize(
    ("asked", "first"), [(0, 0), (12, 12), (13, 12), (999, 24), (-5, 0), ("12", 0), (None, 0)]
)
def test_a_page_that_is_not_there_is_the_nearest_one(asked, first) -> None:
    assert gallery.first(asked, 30) == first
    assert gallery.first(asked, 0) == 0


def test_only_pictures_of_the_training_are_found() -> None:
    split, _ = sea()
    assert gallery.find(split.train[0].sha256, split) is split.train[0]
    for forged in ("f" * 64, None, ["a"], {}):
        with pytest.raises(NotYours):
            gallery.find(forged, split)
