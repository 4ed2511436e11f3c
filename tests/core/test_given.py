"""Which pictures of a folder count, and what is said of the others."""

from pathlib import Path

import pytest

from gui.core import given
from gui.core.errors import RunError
from gui.core.given import File, Given, NotScored
from tests.core.evaluations import sea

HERE = Path("x.jpg")


def test_folders_are_matched_by_name_however_it_is_spelled() -> None:
    # "ü" as one sign, as Linux has it, and as two, as macOS has it.
    folders = ("hu\u0308hner", "Cow", "cow", "ox")
    files = [File(name, HERE, folder) for name, folder in zip("abcd", folders, strict=True)]
    known, unknown = given.sort(files, ("cow", "h\u00fchner"))
    assert known == [(files[0], 1), (files[1], 0), (files[2], 0)]
    assert unknown == ["ox"]
    known, _ = given.sort(files, ("cow", "Cow", "COW"))  # as it is written goes first
    assert known == [(files[1], 1), (files[2], 0)]


def test_what_is_left_aside_is_said() -> None:
    problem = NotScored("a", "It is the same picture.")
    assert Given(None, (), ()).sentence == ""
    assert Given(None, ("Cow",), (problem,)).sentence == (
        "The model knows no class “Cow”, so the pictures of this folder are not scored. "
        "1 picture is not scored; each is listed with the reason."
    )
    assert "these folders" in Given(None, ("Cow", "ox"), ()).sentence


def test_it_says_on_how_many_of_them_the_best_epoch_was_chosen() -> None:
    _, told = sea()
    pictures = told.metrics.pictures
    assert Given(told, (), ()).sentence == ""
    assert Given(told, (), (), 2).sentence == (
        "The epoch that is kept was chosen on 2 of these pictures, so expect a little less on new "
        "ones."
    )
    all_of_them = Given(told, (), (), pictures)
    assert all_of_them.sentence.startswith(
        "The epoch that is kept was chosen on these same pictures, so expect a little less"
    )
    stored = given.to_json(all_of_them)
    assert given.from_json(stored) == all_of_them
    before = {name: value for name, value in stored.items() if name != "checking"}
    assert given.from_json(before).checking == 0  # what was written before there was a number
    for damage in (-1, pictures + 1, True, "2"):
        with pytest.raises(RunError):
            given.from_json({**stored, "checking": damage})


def test_it_comes_back_from_json_and_nothing_else_does() -> None:
    told = Given(None, ("ox",), (NotScored("a", "It is damaged."),))
    assert given.from_json(given.to_json(told)) == told
    for damage in ({}, {**given.to_json(told), "problems": [{"name": "a"}]}, [], None):
        with pytest.raises(RunError):
            given.from_json(damage)
