from pathlib import Path

import pytest

from gui.core.dataset import Dataset, Picture, PictureClass, fit_name, include, missing, rename
from gui.core.errors import PicturesError


def dataset(**classes):
    return Dataset(
        Path("/nowhere"),
        tuple(
            PictureClass(
                name, tuple(Picture(f"{n}", f"{name}{n}", f"{name}/{n}") for n in range(number))
            )
            for name, number in classes.items()
        ),
    )


def refusal(call, *arguments, **options):
    with pytest.raises(PicturesError) as caught:
        call(*arguments, **options)
    return str(caught.value)


def test_usable_classes_are_included_and_large_enough():
    given = include(dataset(a=5, b=1, c=2, d=9), "d", included=False)
    assert given.labels == ("a", "c")
    assert [len(each.pictures) for each in given.usable] == [5, 2]


NO_PICTURES = (
    "No pictures yet: drop a folder with one sub-folder for each class, or press “New class”."
)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (None, NO_PICTURES),
        (dataset(), NO_PICTURES),
        (
            dataset(cats=3, dogs=1),
            "Only one class (“cats”) is ready: a model needs at least two to tell apart, each with "
            "2 pictures or more. Press “New class”, or drop a folder that has a folder for each "
            "class.",
        ),
        (
            dataset(cats=1, dogs=1),
            "No class has 2 pictures or more yet: add pictures to two classes.",
        ),
        (dataset(cats=2, dogs=2), None),
    ],
)
def test_what_is_missing_is_said(given, sentence):
    assert missing(given) == sentence


def test_a_renamed_class_keeps_its_pictures_and_takes_its_place_in_the_order():
    given = dataset(a=1, b=2, c=3)
    result = rename(given, "a", "  x ")
    assert [each.name for each in result.classes] == ["b", "c", "x"]
    assert result.named("x").pictures == given.named("a").pictures
    assert rename(given, "a", "a") == given
    assert [each.name for each in given.classes] == ["a", "b", "c"]


def test_a_name_must_fit():
    given = dataset(a=1, b=2)
    sentence = "A class name has 1 to 200 letters, not {}. Type a shorter or longer name."
    assert refusal(rename, given, "a", "  ") == sentence.format(0)
    assert refusal(rename, given, "a", "x" * 201) == sentence.format(201)
    assert refusal(rename, given, "a", "b") == (
        "There is already a class called “b”. Choose another name."
    )
    assert refusal(rename, given, "z", "y") == (
        "There is no class called “z”. Choose one from the table."
    )


def test_a_class_is_left_out_and_taken_back_without_loss():
    given = dataset(a=2, b=2)
    without = include(given, "a", included=False)
    assert without.labels == ("b",)
    assert include(without, "a", included=True) == given
    assert refusal(include, given, "z", included=True) == (
        "There is no class called “z”. Choose one from the table."
    )


FAMILY = "👨\u200d👩\u200d👧 ❤\ufe0f"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("x\ny\n\u202ez", "x y z"),
        ("\0a\x1b\x9f", "a"),
        ("a\u2028b\u2029c", "a b c"),
        ("\ufeffa\u200b\u2066b\u00ad", "ab"),
        ("e\u0301", "é"),
        ("e\u202e\u0301", "é"),
        ("a\ud800", "a\ufffd"),
        (FAMILY, FAMILY),
        ("日本 <b>'\"", "日本 <b>'\""),
        ("x" * 200 + "\n", "x" * 200),
    ],
)
def test_a_name_is_one_line_that_can_be_seen(typed, name):
    assert fit_name(typed) == name
    assert fit_name(name) == name
    assert [each.name for each in rename(dataset(a=1), "a", typed).classes] == [name]


@pytest.mark.parametrize("typed", ["\u202e", "\n\0", "\u200d \ufe0f", "\u200b" * 300])
def test_a_name_that_cannot_be_seen_is_none(typed):
    assert refusal(rename, dataset(a=1), "a", typed) == (
        "A class name has 1 to 200 letters, not 0. Type a shorter or longer name."
    )


@pytest.mark.parametrize("typed", [None, 7, ["a"], {"a": 1}])
def test_a_name_is_a_text(typed):
    assert refusal(rename, dataset(a=1), "a", typed) == (
        "The name of the class is no text. Type a name."
    )


def test_a_name_that_only_looks_new_is_taken():
    assert "already a class called “b”" in refusal(rename, dataset(a=1, b=1), "a", "\u202eb\n")
