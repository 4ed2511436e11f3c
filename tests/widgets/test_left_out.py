"""The files that were left out, and why."""

import pytest
from playwright.sync_api import expect

from gui.widgets.left_out import left_out

pytestmark = pytest.mark.browser


@pytest.fixture
def value(nasty):
    not_a_picture = "not a picture we can open"
    return {
        "files": [
            {"name": "half.jpg", "reason": "only half of the file is there"},
            *({"name": f"notes {i}.pdf", "reason": not_a_picture} for i in range(30)),
            {"name": nasty, "reason": not_a_picture},
        ]
    }


@pytest.fixture
def on(stage, value):
    on = stage(left_out, width=390)
    on.send(value)
    expect(on.page.locator("summary")).to_have_text("32 files left out: see why")
    return on


def test_it_opens_by_keyboard_and_groups_by_reason(on):
    expect(on.page.get_by_text("half.jpg")).not_to_be_visible()
    on.page.locator("summary").focus()
    on.page.keyboard.press("Enter")
    reasons = on.page.get_by_role("heading").all_inner_texts()
    assert [" ".join(reason.split()) for reason in reasons] == [
        "not a picture we can open 31 files",
        "only half of the file is there 1 file",
    ]
    region = on.page.get_by_role("region", name="Files left out, by reason")
    assert region.evaluate("node => node.scrollHeight > node.clientHeight"), "it scrolls inside"
    expect(region.get_by_text("half.jpg")).to_have_count(1)


def test_one_file_is_one_file_and_an_open_list_stays_open(on):
    on.page.locator("summary").click()
    on.send({"files": [{"name": "half.jpg", "reason": "only half of the file is there"}]})
    expect(on.page.locator("summary")).to_have_text("1 file left out: see why")
    expect(on.page.get_by_text("half.jpg")).to_be_visible()


def test_without_files_there_is_nothing(on):
    on.send({"files": []})
    expect(on.page.locator(".fp-left-out")).not_to_be_visible()
    on.send(None)
    expect(on.page.locator(".fp-left-out")).not_to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_nasty_names_stay_text_and_fit(stage, value, nasty, look, width):
    on = stage(left_out, width=width)
    on.send(value)
    on.page.locator("summary").click()
    expect(on.page.get_by_text(nasty)).to_have_count(1)
    look(on, "left-out")
    assert on.is_unharmed()
