"""The head of a step: a heading, and a lesson for those who ask."""

import pytest
from playwright.sync_api import expect

from gui.widgets.step_head import step_head

pytestmark = pytest.mark.browser

DRAWING = '<svg viewBox="0 0 30 10"><rect width="30" height="10" fill="var(--ice)"/></svg>'
LESSON = ["A network is <b>many</b> numbers.", "It learns from examples."]


def make():
    return step_head("Train", LESSON, DRAWING)


def test_the_lesson_opens_when_asked_for(stage) -> None:
    page = stage(make).page
    expect(page.get_by_role("heading", name="Train", level=2)).to_be_visible()
    lesson = page.get_by_text("A network is <b>many</b> numbers.")
    expect(lesson).to_be_hidden()
    page.get_by_text("What is this?").focus()
    page.keyboard.press("Enter")
    expect(lesson).to_be_visible()
    expect(page.get_by_text("It learns from examples.")).to_be_visible()
    assert page.locator(".drawing svg").bounding_box()["width"] > 100


@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits_and_can_be_read(stage, look, width) -> None:
    shown = stage(make, width=width, fresh=True)
    shown.page.get_by_text("What is this?").click()
    expect(shown.page.get_by_text("It learns from examples.")).to_be_visible()
    look(shown, "step_head")
