"""The variants of a picture, and the button for another one."""

import pytest
from playwright.sync_api import expect

from gui.widgets.view_tiles import view_tiles

pytestmark = pytest.mark.browser


def make():
    return view_tiles("Variants")


@pytest.fixture
def tiles(pixel):
    def value(name="crab/1.jpg", used=2, count=9):
        shown = [{"picture": pixel(f"#{n}a{n}"), "used": n < used} for n in range(count)]
        return {"name": name, "note": "The first are read.", "tiles": shown}

    return value


def test_nine_variants_and_which_of_them_are_read_in_words(stage, tiles):
    on = stage(make, event="another")
    expect(on.page.locator(".fp-tiles")).to_be_hidden()
    on.send(tiles())
    expect(on.page.get_by_role("heading", name="crab/1.jpg")).to_be_visible()
    expect(on.page.locator(".note")).to_have_text("The first are read.")
    words = [each.inner_text().split("\n") for each in on.page.locator(".under").all()]
    assert words[0] == ["as it is", "✓ learned from"]
    assert words[1] == ["view 1", "✓ learned from"]
    assert words[2:] == [[f"view {n}"] for n in range(2, 9)]
    expect(on.page.locator(".tile img")).to_have_count(9)


def test_the_button_asks_for_another_by_mouse_and_keyboard(stage, tiles):
    on = stage(make, event="another")
    on.send(tiles())
    button = on.page.get_by_role("button", name="Another picture")
    button.focus()
    on.page.keyboard.press("Enter")
    expect(on.page.get_by_label("heard by data", exact=True)).to_have_value("{}")
    on.send_quietly(tiles(name="fish/1.jpg", count=1))
    expect(on.page.get_by_role("heading", name="fish/1.jpg")).to_be_visible()
    expect(on.page.locator(".tile")).to_have_count(1)
    expect(button).to_be_focused()


def test_nasty_names_stay_text(stage, tiles, nasty):
    on = stage(make, event="another")
    on.send(tiles(name=nasty))
    expect(on.page.locator(".name")).to_have_text(nasty)
    assert on.is_unharmed()


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_can_be_read(stage, tiles, look, width):
    on = stage(make, event="another", width=width)
    on.send(tiles())
    expect(on.page.locator(".tile")).to_have_count(9)
    tops = {round(each.bounding_box()["y"]) for each in on.page.locator(".tile").all()}
    assert len(tops) == (1 if width == 1280 else 3)
    look(on, "tiles")
