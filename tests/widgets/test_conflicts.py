"""Pictures in several classes: each is decided, or all are left out."""

import pytest
from playwright.sync_api import expect

from gui.widgets.conflicts import conflicts

pytestmark = pytest.mark.browser


def make():
    return conflicts("Pictures in more than one class")


@pytest.fixture
def value(pixel):
    return {
        "pictures": [
            {
                "id": "ab",
                "name": "cat/1.jpg and dog/7.jpg",
                "thumbnail": pixel("#2f7fc1"),
                "classes": ["cat", "dog"],
            },
            {"id": "cd", "name": "cat/2.jpg and emu/3.jpg", "thumbnail": "", "classes": ["cat"]},
        ],
        "total": 12,
        "decided": 1,
    }


@pytest.fixture
def on(stage, value):
    on = stage(make, event="decided")
    on.send(value)
    expect(on.page.locator(".torn")).to_have_count(2)
    return on


def told(on):
    heard = on.told("data")
    return {name: heard[name] for name in heard if name not in ("nonce", "target")}


def test_they_are_listed_with_what_is_to_be_done(on):
    page = on.page
    expect(page.get_by_role("heading")).to_have_text("12 pictures stand in more than one class")
    expect(page.get_by_text("cat/1.jpg and dog/7.jpg")).to_be_visible()
    expect(page.get_by_text("The file is gone.")).to_be_visible()
    expect(page.get_by_text("… and 10 more, which come when these are decided.")).to_be_visible()


@pytest.mark.parametrize(
    ("button", "heard"),
    [
        ("It is “dog”: cat/1.jpg and dog/7.jpg", {"kind": "decide", "id": "ab", "to": "dog"}),
        ("Leave it out: cat/2.jpg and emu/3.jpg", {"kind": "decide", "id": "cd", "to": None}),
        ("Leave all of them out", {"kind": "leave_all_out"}),
        ("Decide again", {"kind": "decide_again"}),
    ],
)
def test_a_decision_is_told(on, button, heard):
    on.page.get_by_role("button", name=button, exact=True).click()
    assert told(on) == heard


def test_what_is_decided_is_one_line_and_nothing_is_nothing(on, value):
    on.send({**value, "pictures": [], "total": 0, "decided": 12})
    expect(on.page.get_by_role("heading")).not_to_be_visible()
    line = "12 pictures that stood in more than one class are decided."
    expect(on.page.get_by_text(line)).to_be_visible()
    on.send({"pictures": [], "total": 0, "decided": 0})
    expect(on.page.locator(".fp-conflicts")).not_to_be_visible()
    on.send(None)
    expect(on.page.locator(".fp-conflicts")).not_to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_nasty_names_stay_text_and_fit(stage, value, nasty, look, width):
    on = stage(make, event="decided", width=width)
    value["pictures"][0].update(name=nasty, classes=[nasty, "dog"])
    on.send(value)
    expect(on.page.locator(".name").get_by_text(nasty)).to_have_count(1)
    look(on, "conflicts")
    assert on.is_unharmed()
