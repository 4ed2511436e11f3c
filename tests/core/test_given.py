"""Which pictures of a folder count, and what is said of the others."""

from pathlib import Path

import pytest

from gui.core import given
from gui.core.errors import RunError
from gui.core.given import Given, NotScored

HERE = Path("x.jpg")


def test_folders_are_matched_by_name_however_it_is_spelled() -> None:
    # "ü" as one sign, as Linux has it, and as two, as macOS has it.
    files = [("a", HERE, "hu\u0308hner"), ("b", HERE, "Cow"), ("c", HERE, "cow"), ("d", HERE, "ox")]
    known, unknown = given.sort(files, ("cow", "h\u00fchner"))
    assert known == [("a", HERE, 1), ("b", HERE, 0), ("c", HERE, 0)]
    assert unknown == ["ox"]
    known, _ = given.sort(files, ("cow", "Cow", "COW"))  # as it is written goes first
    assert known == [("b", HERE, 1), ("c", HERE, 0)]


def test_what_is_left_aside_is_said() -> None:
    problem = NotScored("a", "It is the same picture.")
    assert Given(None, (), ()).sentence == ""
    assert Given(None, ("Cow",), (problem,)).sentence == (
        "The model knows no class “Cow”, so the pictures of this folder are not scored. "
        "1 picture is not scored; each is listed with the reason."
    )
    assert "these folders" in Given(None, ("Cow", "ox"), ()).sentence


def test_it_comes_back_from_json_and_nothing_else_does() -> None:
    told = Given(None, ("ox",), (NotScored("a", "It is damaged."),))
    assert given.from_json(given.to_json(told)) == told
    for damage in ({}, {**given.to_json(told), "problems": [{"name": "a"}]}, [], None):
        with pytest.raises(RunError):
            given.from_json(damage)
