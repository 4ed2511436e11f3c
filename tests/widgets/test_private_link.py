"""The link for another device: shown only when asked, never in a request, copied by a button."""

import pytest
from playwright.sync_api import expect

from gui.widgets.private_link import private_link

pytestmark = pytest.mark.browser
TOKEN = "a-token-of-at-least-twenty-signs"


def make():
    return private_link()


def test_the_link_carries_the_token_behind_the_hash(stage) -> None:
    shown = stage(make)
    shown.send(TOKEN)
    shown.page.get_by_text("Open this on another device").click()
    link = shown.page.get_by_label("Your private link")
    expect(link).to_have_value(f"{shown.page.url.split('?')[0].rstrip('/')}/#key={TOKEN}")
    expect(shown.page.get_by_text("keep it to yourself")).to_be_visible()


def test_copy_puts_it_on_the_clipboard(stage) -> None:
    shown = stage(make, fresh=True)
    shown.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown.send(TOKEN)
    shown.page.get_by_text("Open this on another device").click()
    shown.page.get_by_role("button", name="Copy").click()
    expect(shown.page.get_by_role("button", name="Copied")).to_be_visible()
    assert shown.page.evaluate("navigator.clipboard.readText()").endswith(f"#key={TOKEN}")


def test_without_a_token_there_is_nothing(stage) -> None:
    shown = stage(make, fresh=True)
    expect(shown.page.get_by_text("Open this on another device")).to_be_hidden()


@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits_and_can_be_read(stage, look, width) -> None:
    shown = stage(make, width=width, fresh=True)
    shown.send(TOKEN * 3)
    shown.page.get_by_text("Open this on another device").click()
    look(shown, "private_link")
