"""Which pictures are shown, and that a page is believed nothing."""

from dataclasses import replace

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


def test_only_pictures_that_can_be_mended_are_asked_about() -> None:
    _, told = sea()
    assert gallery.note(View("r"), told, 3).endswith("Say so.")
    for side, right in (("test", "8 test pictures right"), ("given", "8 pictures that you gave")):
        other = replace(told, side=side)
        assert gallery.note(View("r", of="x"), other, 3).endswith("the higher it stands.")
        assert right in gallery.note(View("r", of="x"), other, 0)


def test_beside_the_validation_pictures_only_those_that_were_answered_are_found() -> None:
    split, told = sea()
    learned, checked = split.train[0], split.validation[0]
    assert gallery.find_shown(checked.sha256, told, split).answered is not None
    assert gallery.find_shown(learned.sha256, told, split).answered is None
    other = replace(told, side="test")
    assert gallery.find_shown(checked.sha256, other, split).path == checked.path
    for forged in (learned.sha256, "f" * 64, None):
        with pytest.raises(NotYours):
            gallery.find_shown(forged, other, split)


def test_a_view_comes_back_as_it_went() -> None:
    view = View("r", "cell", 0, 2)
    assert gallery.read(view.to_json(), "r", 3) == view
    other = View("r", "mistakes", of="0123456789abcdef")
    assert gallery.read(other.to_json(), "r", 3) == other


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
        {"run": "r", "kind": "cell", "truth": 0, "answer": 0, "of": 7},
        {"run": "r", "kind": "class", "truth": 0, "answer": 0, "of": "test"},
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
