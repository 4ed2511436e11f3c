"""Pictures of different classes that look almost the same."""

import pytest
from playwright.sync_api import expect

from gui.widgets.look_alikes import look_alikes

pytestmark = pytest.mark.browser


@pytest.fixture
def value(pixel, nasty):
    pair = [
        {"name": "cat/1.jpg", "thumbnail": pixel("#2f7fc1")},
        {"name": f"dog/{nasty}", "thumbnail": ""},
    ]
    return {"groups": [pair, pair], "total": 5}


@pytest.mark.parametrize("width", [390, 1280])
def test_they_are_listed_when_opened(stage, value, look, width):
    on = stage(look_alikes, width=width)
    on.send(value)
    line = on.page.locator("summary")
    expect(line).to_have_text("Almost the same picture in different classes, 5 times: see which")
    line.click()
    expect(on.page.locator("figure")).to_have_count(4)
    expect(on.page.get_by_text("… and 3 more.")).to_be_visible()
    look(on, "look-alikes")
    assert on.is_unharmed()
    on.send({**value, "total": 0, "groups": []})
    expect(on.page.locator(".fp-look-alikes")).not_to_be_visible()
    on.send(None)
    expect(on.page.locator(".fp-look-alikes")).not_to_be_visible()
