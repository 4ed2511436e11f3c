"""What was taken for what: a table whose cells are buttons."""

import pytest
from playwright.sync_api import expect

from gui.widgets.cell_table import cell_table

pytestmark = pytest.mark.browser

VALUE = {"labels": ["crab", "fish", "owl"], "counts": [[6, 2, 0], [0, 7, 1], [1, 0, 3]]}


def make():
    return cell_table("What was taken for what")


def cell(on, text):
    return on.page.get_by_role("button", name=text)


@pytest.fixture
def on(stage):
    on = stage(make, event="picked")
    on.send(VALUE)
    expect(on.page.locator("button.cell")).to_have_count(6)
    return on


def test_a_cell_tells_count_and_share_rounded_down(on):
    expect(cell(on, "7 of 8 pictures of fish were called fish")).to_have_text("7 87 %")
    expect(cell(on, "2 of 8 pictures of crab were called fish")).to_have_class("cell wrong")
    expect(on.page.get_by_text("none of the pictures of crab were called owl")).to_have_count(1)


def test_a_cell_opens_its_pictures_and_stays_marked(on):
    cell(on, "2 of 8 pictures of crab").click()
    told = on.told("data")
    assert (told["kind"], told["truth"], told["answer"]) == ("cell", 0, 1)
    on.send({**VALUE, "chosen": [0, 1]})
    expect(cell(on, "2 of 8 pictures of crab")).to_have_attribute("aria-pressed", "true")
    expect(on.page.locator("[aria-pressed=true]")).to_have_count(1)


def test_arrow_keys_go_from_cell_to_cell_over_empty_ones(on):
    cell(on, "6 of 8 pictures of crab").focus()
    on.page.keyboard.press("ArrowDown")
    expect(cell(on, "1 of 4 pictures of owl were called crab")).to_be_focused()
    on.page.keyboard.press("ArrowRight")
    expect(cell(on, "3 of 4 pictures of owl were called owl")).to_be_focused()
    on.page.keyboard.press("Enter")
    assert on.told("data")["truth"] == 2


def test_without_a_value_there_is_nothing(on):
    on.send(None)
    expect(on.page.locator(".fp-cells")).to_be_hidden()


def test_five_classes_fit_a_phone_and_where_more_do_not_it_says_so(stage):
    on = stage(make, event="picked", width=390)
    names, further = ["crab", "fish", "jellyfish", "octopus", "turtle"], on.page.locator(".further")
    on.send({"labels": names, "counts": [[8] * 5] * 5})
    expect(on.page.locator("button.cell")).to_have_count(25)
    room = on.page.locator(".scroll").evaluate("node => node.clientWidth")
    # On a phone of 390 px the real page has 324 px for it.
    on.page.set_viewport_size({"width": 390 + 324 - room, "height": 900})
    expect(further).to_be_hidden()
    on.send({"labels": names * 2, "counts": [[8] * 10] * 10})
    expect(further).to_have_text("Scroll the table sideways to see all of it.")
    expect(on.page.locator(".fp-cells.cut")).to_be_visible()
    on.page.locator(".scroll").evaluate("node => node.scrollTo(9999, 0)")
    expect(on.page.locator(".fp-cells.cut")).to_have_count(0)
    on.page.set_viewport_size({"width": 1280, "height": 900})
    expect(further).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1280])
def test_thirty_nasty_classes_fit(stage, nasty, look, width):
    on = stage(make, event="picked", width=width)
    labels = [f"{n} {nasty}" for n in range(30)]
    on.send({"labels": labels, "counts": [[n % 5 for n in range(30)]] * 30})
    expect(on.page.locator("th.row")).to_have_count(30)
    if width == 1280:
        assert on.page.evaluate(
            "(s => s.scrollWidth <= s.clientWidth)(document.querySelector('.scroll'))"
        )
    look(on, "cells")
    assert on.is_unharmed()
