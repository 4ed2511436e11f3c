"""Classes and how well each is known: words, ranges, and a button."""

import pytest
from playwright.sync_api import expect

from gui.widgets.score_table import score_table

pytestmark = pytest.mark.browser


def make():
    return score_table("The classes")


def share(text, value=0.75, low=0.41, high=0.93):
    ends = {"low_text": f"{100 * low:.1f} %", "high_text": f"{100 * high:.1f} %"}
    return {"share": value, "low": low, "high": high, "text": text, **ends}


@pytest.fixture
def value():
    first = {
        "id": 0,
        "name": "owl",
        "learned": 32,
        "checked": 8,
        "found": share("Of 8 “owl”, 6 were called “owl”."),
        "believed": share("Of 9 called “owl”, 6 were.", 0.667),
        "balance": share("70.5 %"),
    }
    nothing = "Nothing was called “eel”."
    second = {**first, "id": 1, "name": "eel", "learned": 0, "checked": 1, "believed": nothing}
    return {"scores": [first, second], "opens": True}


@pytest.fixture
def on(stage, value):
    on = stage(make, event="picked")
    on.send(value)
    expect(on.page.locator("tbody tr")).to_have_count(2)
    return on


def test_a_row_tells_counts_shares_and_ranges(on):
    first, second = on.page.locator("tbody tr").all()
    for text in (
        "learned from 32 pictures, checked with 8", "Of 8 “owl”, 6 were called “owl”.",
        "Of 9 called “owl”, 6 were.", "70.5 %", "most likely 41.0 % to 93.0 %",
    ):  # fmt: skip
        expect(first).to_contain_text(text)
    expect(second).to_contain_text("Nothing was called “eel”.")
    expect(second.locator(".amounts")).to_have_text("checked with 1")
    expect(second.locator(".scale")).to_have_count(2)


def test_the_range_is_drawn_where_it_lies(on):
    scale = on.page.locator(".scale").first
    whole, span = scale.bounding_box(), scale.locator(".span").bounding_box()
    assert span["x"] == pytest.approx(whole["x"] + 0.41 * whole["width"], abs=1)


def test_a_class_is_opened(on, value):
    on.page.get_by_role("button", name="Its training pictures: eel").click()
    told = on.told("data")
    assert (told["kind"], told["id"]) == ("class", 1)
    on.send({**value, "opens": False})
    expect(on.page.locator("tbody button")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1280])
def test_nasty_texts_stay_text_and_fit(stage, value, nasty, look, width):
    on = stage(make, event="picked", width=width)
    value["scores"][0]["name"] = value["scores"][1]["believed"] = nasty
    on.send(value)
    expect(on.page.locator(".name").first).to_have_text(nasty)
    look(on, "scores")
    assert on.is_unharmed()
