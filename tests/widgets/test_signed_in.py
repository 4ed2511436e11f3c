"""Who is signed in, literally, and the way out."""

import pytest
from playwright.sync_api import expect

from gui.widgets.signed_in import signed_in

pytestmark = pytest.mark.browser


def make():
    return signed_in("Signed in")


def test_the_name_is_shown_as_it_is_and_fits(stage, look) -> None:
    shown = stage(make, width=390)
    shown.send("<b>anna</b> ${x} " + "n" * 100)
    expect(shown.page.get_by_text("<b>anna</b> ${x}")).to_be_visible()
    out = shown.page.get_by_role("button", name="Sign out")
    expect(out).to_be_visible()
    form = shown.page.locator("form")
    assert form.get_attribute("method") == "post"
    assert form.get_attribute("action") == "freezepoint/sign-out"
    look(shown, "signed_in")
