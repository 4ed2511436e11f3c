"""Advice, its buttons, and that it stays still as long as it says the same."""

import pytest
from playwright.sync_api import expect

from gui.widgets.coach import coach

pytestmark = pytest.mark.browser


def make():
    return coach("What the curves say")


def advice(kind="memorising", tone="warn", **more):
    remedies = [
        {"id": "augment", "text": "Vary the pictures more", "does": "change", "to": ""},
        {"id": "more", "text": "Train 5 more epochs", "does": "more", "to": ""},
        {"id": "add", "text": "Add pictures", "does": "go", "to": "pictures"},
    ]
    return {
        "id": kind,
        "tone": tone,
        "title": "It begins to memorise",
        "seen": "Since epoch 6 the loss went up from 0.81 to 1.21.",
        "meaning": "It learns these pictures by heart.",
        "remedies": remedies,
    } | more


def value(*listed, told=""):
    return {"advice": list(listed), "told": told}


def test_a_remedy_tells_what_is_to_be_changed(stage):
    on = stage(lambda: make(), event="changed")
    expect(on.page.locator(".fp-coach")).to_be_hidden()
    on.send(value(advice()))
    expect(on.page.locator(".head")).to_have_text("Worth acting on: It begins to memorise")
    on.page.get_by_role("button", name="Vary the pictures more").focus()
    on.page.keyboard.press("Enter")
    assert {"advice": "memorising", "remedy": "augment"}.items() <= on.told("data").items()


def test_a_remedy_tells_where_to_go(stage):
    on = stage(make, event="chosen")
    on.send(value(advice()))
    on.page.get_by_role("button", name="Train 5 more epochs").click()
    assert on.has_told_nothing()  # another event
    on.page.get_by_role("button", name="Add pictures").click()
    assert on.told("data")["id"] == "pictures"


def test_it_changes_only_when_it_says_something_else(stage):
    on = stage(make, event="chosen")
    on.send(value(advice()))
    expect(on.page.locator(".advice")).to_have_count(1)
    on.page.evaluate("document.querySelector('.advice').mine = true")
    on.page.get_by_role("button", name="Add pictures").focus()
    on.send_quietly(value(advice(), told="The learning rate is set to 0.001."))
    expect(on.page.get_by_role("status").first).to_have_text("The learning rate is set to 0.001.")
    assert on.page.evaluate("document.querySelector('.advice').mine === true")
    on.send_quietly(value(advice(seen="Since epoch 6 it went up to 1.30.")))
    expect(on.page.locator(".seen")).to_have_text("Since epoch 6 it went up to 1.30.")
    expect(on.page.get_by_role("button", name="Add pictures")).to_be_focused()
    expect(on.page.locator(".told")).to_be_hidden()
    on.send_quietly(value())
    expect(on.page.locator(".fp-coach")).to_be_hidden()


def test_it_is_read_out_without_haste(stage):
    on = stage(make, event="chosen")
    on.send(value(advice()))
    expect(on.page.get_by_role("region", name="What the curves say")).to_be_visible()
    assert on.page.locator("[aria-live=polite]").locator(".advice").count() == 1


@pytest.mark.parametrize("width", [390, 1280])
def test_nasty_texts_stay_text_and_fit(stage, nasty, look, width):
    on = stage(make, event="chosen", width=width)
    texts = {"title": nasty, "seen": nasty, "meaning": nasty}
    remedies = [{"id": "x", "text": nasty, "does": "go", "to": "x"}]
    listed = [advice("few", "note", **texts, remedies=remedies), advice(), advice("fine", "good")]
    on.send(value(*listed, told=nasty))
    expect(on.page.locator(".seen").first).to_have_text(nasty)
    look(on, "coach")
    assert on.is_unharmed()
