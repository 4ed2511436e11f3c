"""Choices as cards: one of them is chosen, by mouse or by arrow keys."""

import re

import pytest
from playwright.sync_api import expect

from gui.widgets.preset_cards import preset_cards

pytestmark = pytest.mark.browser

CARDS = [
    {"id": "quick", "name": "Quick", "about": "Fast.", "takes": "About 40 s", "problem": False},
    {"id": "slow", "name": "Slow", "about": "More.", "takes": "Not enough room.", "problem": True},
    {"id": "new", "name": "New", "about": "Odd.", "takes": "", "problem": False},
]


def make():
    return preset_cards("How much may learn?")


def test_the_chosen_one_is_marked_and_each_tells_what_it_takes(stage) -> None:
    shown = stage(make, event="picked")
    expect(shown.page.locator(".fp-presets")).to_be_hidden()
    shown.send({"cards": CARDS, "chosen": "slow"})
    group = shown.page.get_by_role("group", name="How much may learn?")
    choices = group.get_by_role("radio")
    expect(choices).to_have_count(3)
    expect(group.get_by_role("radio", name="Slow More. Not enough room.")).to_be_checked()
    expect(group.get_by_role("radio", name="Quick Fast. About 40 s")).not_to_be_checked()
    expect(group.get_by_text("None of these")).to_be_hidden()


def test_choosing_tells_python_and_the_arrow_keys_choose(stage) -> None:
    shown = stage(make, event="picked")
    shown.send({"cards": CARDS, "chosen": "quick"})
    shown.page.get_by_text("Slow", exact=True).click()
    assert shown.told("data")["id"] == "slow"
    shown.page.keyboard.press("ArrowDown")
    expect(shown.page.get_by_role("radio", name="New")).to_be_checked()
    expect(shown.page.get_by_role("radio", name="New")).to_be_focused()
    expect(shown.page.get_by_label("heard by data", exact=True)).to_have_value(
        re.compile('"id": "new"')
    )


def test_a_mark_alone_leaves_the_cards_and_the_keyboard_where_they_are(stage) -> None:
    shown = stage(make, event="picked")
    shown.send({"cards": CARDS, "chosen": "quick"})
    quick = shown.page.get_by_role("radio", name="Quick")
    expect(quick).to_be_checked()
    quick.focus()
    shown.send_quietly({"chosen": ""})
    expect(quick).not_to_be_checked()
    expect(quick).to_be_focused()
    expect(shown.page.get_by_text("None of these: settings of your own.")).to_be_visible()
    shown.send_quietly({"chosen": "new"})
    expect(shown.page.get_by_role("radio", name="New")).to_be_checked()


def test_texts_stay_texts(stage, nasty) -> None:
    shown = stage(make, event="picked", width=390)
    shown.send({"cards": [{**CARDS[0], "name": nasty, "takes": nasty}], "chosen": ""})
    expect(shown.page.get_by_role("radio")).to_have_count(1)
    assert shown.is_unharmed()
    assert shown.fits()


@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits_and_can_be_read(stage, look, width) -> None:
    shown = stage(make, event="picked", width=width)
    shown.send({"cards": CARDS, "chosen": "quick"})
    expect(shown.page.get_by_role("radio")).to_have_count(3)
    look(shown, "preset_cards")
