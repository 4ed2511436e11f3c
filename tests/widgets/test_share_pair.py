"""Before and after on one scale."""

import pytest
from playwright.sync_api import expect

from gui.widgets.share_pair import share_pair

pytestmark = pytest.mark.browser


def make():
    return share_pair("Before and after")


def share(name, value, low, high):
    ends = {"low_text": f"{100 * low:.1f} %", "high_text": f"{100 * high:.1f} %"}
    return {"name": name, "share": value, "low": low, "high": high, "text": "26 of 40", **ends}


@pytest.mark.parametrize("width", [390, 1280])
def test_both_stand_on_the_same_scale_and_nasty_texts_fit(stage, nasty, look, width):
    on = stage(make, width=width)
    shares = [share("Before", 0.65, 0.495, 0.779), share(nasty, 0.7, 0.545, 0.819)]
    on.send({"title": "Did your fixes help?", "shares": shares, "note": nasty})
    expect(on.page.locator(".one").first).to_contain_text("most likely 49.5 % to 77.9 %")
    expect(on.page.locator(".note")).to_have_text(nasty)
    wholes = [each.bounding_box()["width"] for each in on.page.locator(".scale").all()]
    assert wholes[0] == wholes[1]
    look(on, "pair")
    assert on.is_unharmed()
    on.send(None)
    expect(on.page.locator(".fp-pair")).to_be_hidden()
