"""Things compared: results with their ranges below one another, each of which can be opened."""

import pytest
from playwright.sync_api import expect

from gui.widgets.rung_table import rung_table

pytestmark = pytest.mark.browser


def make():
    return rung_table("Side by side")


def result(share, low, high):
    return {
        "share": share,
        "low": low,
        "high": high,
        "text": f"{40 * share:.0f} of 40 right ({share:.1%})",
        "low_text": f"{100 * low:.1f} %",
        "high_text": f"{100 * high:.1f} %",
    }


def rung(name, state="finished", told=None, **others):
    return {
        "id": f"id-{name}",
        "name": name,
        "state": state,
        "note": "",
        "result": told,
        "seconds": "12 s",
        "amount": "131,842",
        "best": False,
        **others,
    }


@pytest.fixture
def value():
    return {
        "rungs": [
            rung("head only", told=result(0.5, 0.352, 0.648)),
            rung("block5_conv3", told=result(1.0, 0.912, 1.0), best=True),
            rung("block5_conv1", "running", note="after 2 of 10 epochs"),
            rung("block4_conv1", "failed", note="The memory ran out.", seconds="", amount=""),
            rung("block3_conv1", "deleted", id="", seconds="", amount=""),
        ],
        "notes": ["Settings of all of them: 160 px.", "Getting ready: 35 s."],
    }


@pytest.fixture
def on(stage, value):
    on = stage(make, event="picked")
    on.send(value)
    expect(on.page.locator("tbody tr")).to_have_count(5)
    return on


def test_a_row_tells_result_range_costs_and_state(on):
    first = on.page.locator("tbody tr").first
    for text in (
        "head only", "finished", "20 of 40 right (50.0%)", "may lie between 35.2 % and 64.8 %",
        "12 s", "131,842",
    ):  # fmt: skip
        expect(first).to_contain_text(text)
    expect(on.page.get_by_role("columnheader", name="Right answers")).to_be_visible()
    expect(on.page.get_by_role("columnheader", name="Learning time")).to_be_visible()
    expect(on.page.get_by_role("table", name="Side by side")).to_be_visible()


def test_what_holds_for_all_stands_above_the_table(on, value):
    notes = on.page.locator(".notes p")
    expect(notes).to_have_text(value["notes"])
    del value["notes"]
    on.send(value)
    expect(notes).to_have_count(0)


def test_the_range_is_drawn_where_it_lies(on):
    for place, (low, share, high) in enumerate([(0.352, 0.5, 0.648), (0.912, 1.0, 1.0)]):
        scale = on.page.locator(".scale").nth(place)
        whole = scale.bounding_box()
        span, point = (scale.locator(name).bounding_box() for name in (".span", ".point"))
        left, width = whole["x"], whole["width"]
        assert span["x"] == pytest.approx(left + low * width, abs=1)
        assert span["x"] + span["width"] == pytest.approx(left + high * width, abs=1)
        assert point["x"] + point["width"] / 2 == pytest.approx(left + share * width, abs=1)


def test_what_has_no_result_says_whether_one_is_to_come(on):
    rows = on.page.locator("tbody tr")
    expect(rows.nth(2)).to_contain_text("no result yet")
    expect(rows.nth(3).locator(".result-cell")).to_have_text("no result")
    expect(rows.nth(3)).to_contain_text("The memory ran out.")
    expect(rows.nth(4)).to_contain_text("deleted")


def test_the_best_is_marked(on):
    expect(on.page.locator("tr.best")).to_have_count(1)
    expect(on.page.locator("tr.best")).to_contain_text("block5_conv3")


def test_open_tells_python_which(on):
    on.page.get_by_role("button", name="Open as a training: block5_conv1").click()
    told = on.told()
    assert (told["kind"], told["id"]) == ("open", "id-block5_conv1")
    assert on.told("data") == told


def test_what_is_gone_cannot_be_opened(on):
    expect(on.page.locator("tbody tr").nth(4).get_by_role("button")).to_have_count(0)
    expect(on.page.get_by_role("button", name="Open as a training")).to_have_count(4)


def test_an_update_keeps_the_keyboard_s_place(on, value):
    on.page.get_by_role("button", name="Open as a training: block5_conv1").focus()
    value["rungs"][2]["note"] = "after 3 of 10 epochs"
    on.send_quietly(value)
    expect(on.page.locator("tbody tr").nth(2)).to_contain_text("after 3 of 10 epochs")
    expect(on.page.get_by_role("button", name="Open as a training: block5_conv1")).to_be_focused()


def test_without_a_value_there_is_nothing(stage):
    on = stage(make, event="picked")
    on.send(None)
    expect(on.page.locator(".fp-rungs")).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1280])
def test_nasty_texts_stay_text_and_fit(stage, value, nasty, look, width):
    on = stage(make, event="picked", width=width)
    value["rungs"][0]["name"] = value["rungs"][3]["note"] = value["notes"][1] = nasty
    value["rungs"][1]["result"] |= {"low": -5, "high": 7, "share": 9}
    on.send(value)
    expect(on.page.locator(".name").first).to_have_text(nasty)
    look(on, "rungs")
    assert on.is_unharmed()
