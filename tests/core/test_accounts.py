"""Who may come in, as a teacher writes it down."""

import pytest

from gui.core import accounts
from gui.core.errors import SettingError


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Looking at a password takes a few milliseconds here, not half a second."""
    monkeypatch.setattr(accounts, "_COST", 2)
    nobody = accounts._Password(bytes(16), bytes(32), (2, 1, 1))
    monkeypatch.setattr(accounts, "_NOBODY", nobody)


def test_a_list_of_names_and_one_password_for_all():
    listed = accounts.read("# class 7b\n\nanna: blue otter: 42\n 小明 : 小魚 \n")
    assert listed.named
    assert listed.check("Anna", "blue otter: 42") == "anna"
    assert listed.check("小明", "小魚") == "小明"
    assert listed.check("anna", "blue otter") is None
    assert listed.check("", "小魚") is None
    one = accounts.read("  one word\n")
    assert not one.named
    assert one.check("whoever", "one word") == ""
    assert one.check("whoever", "other") is None


def test_a_hashed_password_fits_and_cannot_be_read_back():
    line = accounts.hashed("blue otter")
    assert "otter" not in line
    assert line != accounts.hashed("blue otter")  # a salt of its own
    listed = accounts.read(f"anna: {line}")
    assert listed.check("anna", "blue otter") == "anna"
    assert listed.check("anna", line) is None
    assert "otter" not in repr(accounts.read("anna: blue otter"))


def test_an_accent_may_be_typed_in_either_way():
    listed = accounts.read("Zoe\u0308: cafe\u0301")
    assert listed.check("zoë", "café") == "Zoe\u0308"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        ("# nobody\n", "is empty"),
        ("anna: x\nben", "Line 2 of the list of who may sign in has no name and colon."),
        ("anna:\nben: x", "Line 1 of the list of who may sign in has no password"),
        (": x\nben: x", "Line 1"),
        ("anna: x\n\nANNA: y", "Line 3 of the list of who may sign in has the name of a line"),
        ("anna: scrypt$x", "Line 1 of the list of who may sign in has a damaged password."),
        ("anna: scrypt$99999999$8$5$AAAA$AAAA", "has a damaged password"),
    ],
)
def test_a_line_that_is_unclear_is_named_and_never_quoted(text, told):
    with pytest.raises(SettingError) as caught:
        accounts.read(text)
    assert told in caught.value.what
    assert "x" not in caught.value.what.replace("exp", "")


def test_a_stamp_changes_with_the_password_and_the_secret():
    one, other = accounts.read("anna: x"), accounts.read("anna: y")
    stamps = {one.stamp("anna", b"a"), one.stamp("anna", b"b"), other.stamp("anna", b"a")}
    assert len(stamps) == 3
    assert one.stamp("ben", b"a") == ""
