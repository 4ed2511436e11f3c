"""What was put right so far, and the way back."""

import pytest
from playwright.sync_api import expect

from gui.widgets.fix_list import fix_list

pytestmark = pytest.mark.browser


def make():
    return fix_list("Fixes")


@pytest.fixture
def value(pixel):
    fixes = [
        {"id": f"id{n}", "name": f"{n}.jpg", "thumbnail": pixel("#123"), "text": "Left out"}
        for n in range(2)
    ]
    return {"fixes": fixes, "note": "Your files stay.", "place": {"view": {"run": "r"}, "first": 0}}


def test_each_fix_can_be_undone(stage, value):
    on = stage(make, event="fixed")
    on.send(value)
    expect(on.page.locator(".title")).to_have_text("2 fixes so far")
    expect(on.page.locator("li").first).to_contain_text("Left out")
    on.page.get_by_role("button", name="Undo: 1.jpg").click()
    told = on.told("data")
    assert (told["kind"], told["id"], told["view"]) == ("undo", "id1", {"run": "r"})
    on.send({**value, "fixes": value["fixes"][:1]})
    expect(on.page.locator(".title")).to_have_text("1 fix so far")
    on.send({**value, "fixes": []})
    expect(on.page.locator(".fp-fixes")).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1280])
def test_nasty_texts_stay_text_and_fit(stage, value, nasty, look, width):
    on = stage(make, event="fixed", width=width)
    value["fixes"][0] |= {"name": nasty, "text": nasty, "thumbnail": ""}
    on.send(value)
    expect(on.page.locator(".text").first).to_have_text(nasty)
    look(on, "fixes")
    assert on.is_unharmed()
