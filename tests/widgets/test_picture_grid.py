"""Pictures with what was said of them, a page at a time, and putting them right."""

import re

import pytest
from playwright.sync_api import expect

from gui.widgets.picture_grid import picture_grid

pytestmark = pytest.mark.browser

VIEW = {"run": "r1", "kind": "mistakes", "truth": 0, "answer": 0}


def make():
    return picture_grid("Pictures")


def make_fixable():  # another page: one listens to one event
    return picture_grid("Pictures")


def picture(number, src, **others):
    return {
        "id": f"id{number}",
        "name": f"{number}.jpg",
        "thumbnail": src,
        "truth": "crab",
        "answer": "owl",
        "confidence": 0.99962,
        "fix": "",
        **others,
    }


@pytest.fixture
def value(pixel):
    return {
        "title": "The worst mistakes first",
        "note": "3 of 8 were wrong.",
        "pictures": [picture(n, pixel("#88aacc")) for n in range(3)],
        "view": VIEW,
        "first": 12,
        "total": 30,
        "size": 12,
        "classes": ["crab", "owl", "eel"],
        "asks": True,
    }


@pytest.fixture
def on(stage, value):
    def send(event):
        on = stage(make, event=event)
        on.send(value)
        expect(on.page.locator(".card")).to_have_count(3)
        return on

    return send


def told(on, *names):
    heard = on.told("data")
    return tuple(heard[name] for name in ("kind", "view", "first", *names))


def test_a_card_tells_truth_answer_and_confidence(on, value):
    on = on("picked")
    card = on.page.locator(".card").first
    for text in ("0.jpg", "It is crab", "It was called owl, >99.9 %", "✗ wrong"):
        expect(card).to_contain_text(text)
    value["pictures"] = [picture(0, "", answer="crab", confidence=0.5)]
    on.send(value)
    expect(card).to_contain_text("✓ right")
    expect(card).to_contain_text("The file is gone.")


def test_pages_are_turned(on):
    on = on("picked")
    expect(on.page.locator(".place")).to_have_text("13 to 15 of 30")
    on.page.get_by_role("button", name="Next").click()
    assert told(on) == ("turn", VIEW, 24)


def test_on_the_last_page_there_is_no_next(on, value):
    on = on("picked")
    on.send({**value, "first": 24})
    expect(on.page.get_by_role("button", name="Next")).to_be_disabled()
    expect(on.page.get_by_role("button", name="Back")).to_be_enabled()
    on.send({**value, "first": 0, "total": 3})
    expect(on.page.locator(".pager")).to_be_hidden()


def test_a_picture_is_moved_only_when_that_is_pressed(stage, value):
    on = stage(make_fixable, event="fixed")
    on.send(value)
    choice = on.page.get_by_label("What 1.jpg really is")
    expect(choice.locator("option")).to_have_text(["It is really …", "owl", "eel"])
    choice.select_option("eel")
    assert on.has_told_nothing()
    on.page.get_by_role("button", name="Move it there: 1.jpg").click()
    assert told(on, "id", "to") == ("move", VIEW, 12, "id1", "eel")
    value["pictures"][1]["fix"] = "It is really “eel”"
    on.send(value)
    on.page.get_by_role("button", name="Undo: 1.jpg").click()
    expect(on.page.get_by_label("heard by data", exact=True)).to_have_value(re.compile("undo"))
    assert told(on, "id") == ("undo", VIEW, 12, "id1")


def test_a_picture_is_left_out(stage, value):
    on = stage(make_fixable, event="fixed")
    on.send(value)
    on.page.get_by_role("button", name="Leave it out: 2.jpg").click()
    assert told(on, "id") == ("leave_out", VIEW, 12, "id2")


def test_where_it_looked_is_kept_until_another_run_is_looked_at(on, value, pixel):
    on = on("picked")
    on.page.get_by_role("button", name="Where did it look? 0.jpg").click()
    assert told(on, "id") == ("look", VIEW, 12, "id0")
    expect(on.page.get_by_role("button", name="Where did it look? 0.jpg")).to_be_disabled()
    look = {"thumbnail": pixel("#888"), "heat": pixel("#f80"), "note": "for “owl”"}
    value["pictures"][0]["look"] = look
    on.send(value)
    expect(on.page.locator(".heat-pair")).to_have_count(1)
    expect(on.page.get_by_label("How strongly the colour is shown")).to_be_visible()
    value["pictures"][0]["look"] = None
    on.send(value)  # as after turning a page
    expect(on.page.locator(".heat-pair")).to_have_count(1)
    on.send({**value, "view": {**VIEW, "run": "r2"}})
    expect(on.page.locator(".heat-pair")).to_have_count(0)


def test_another_layer_is_asked_anew(on, value, pixel):
    on = on("picked")
    expect(on.page.get_by_label("Which layer is asked where it looked")).to_be_hidden()
    value["layers"] = [{"id": "last", "name": "The last"}, {"id": "first", "name": "The first"}]
    look = {"thumbnail": pixel("#888"), "heat": pixel("#f80"), "note": "by the last"}
    value["pictures"][0]["look"] = {**look, "layer": "last"}
    on.send(value)
    card = on.page.locator(".card").first
    expect(card.locator(".look-note")).to_have_text("by the last")
    on.page.get_by_label("Which layer is asked where it looked").select_option("The first")
    expect(on.page.locator(".heat-pair")).to_have_count(0)
    card.get_by_role("button", name="Where did it look?").click()
    assert told(on, "id", "layer") == ("look", VIEW, 12, "id0", "first")
    value["pictures"][0]["look"] = {**look, "note": "by the first", "layer": "first"}
    on.send(value)
    expect(card.locator(".look-note")).to_have_text("by the first")
    on.page.get_by_label("Which layer is asked where it looked").select_option("The last")
    expect(card.locator(".look-note")).to_have_text("by the last")


def test_without_classes_nothing_can_be_moved(on, value):
    on = on("picked")
    on.send({**value, "classes": [], "asks": False})
    expect(on.page.locator(".card button, .card select")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1280])
def test_nasty_texts_stay_text_and_fit(stage, value, nasty, look, width):
    on = stage(make, event="picked", width=width)
    value["title"] = value["note"] = value["pictures"][0]["name"] = nasty
    value["pictures"][0] |= {"truth": nasty, "answer": nasty, "fix": nasty}
    value["classes"].append(nasty)
    on.send(value)
    expect(on.page.locator(".title")).to_have_text(nasty)
    look(on, "grid")
    assert on.is_unharmed()
