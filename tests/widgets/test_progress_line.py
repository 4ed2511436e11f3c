"""One line of progress, seen and heard."""

import pytest
from playwright.sync_api import expect

from gui.widgets.progress_line import progress_line

pytestmark = pytest.mark.browser

CACHING = {
    "text": "Caching 120 of 384 pictures · about 40 s left",
    "fraction": 0.3125,
    "state": "running",
    "detail": "The frozen part runs once for each picture.",
}


def make():
    return progress_line("Progress of the training")


@pytest.fixture
def on(stage):
    on = stage(make)
    on.send(CACHING)
    expect(on.page.locator(".text")).to_have_text(CACHING["text"])
    return on


def test_text_bar_and_detail_say_the_same(on):
    bar = on.page.get_by_role("progressbar", name="Progress of the training")
    expect(bar).to_have_attribute("aria-valuenow", "31")
    expect(bar).to_have_attribute("aria-valuetext", CACHING["text"])
    expect(on.page.locator(".percent")).to_have_text("31 %")
    expect(on.page.locator(".detail")).to_have_text(CACHING["detail"])
    on.page.wait_for_function(
        """() => { const bar = document.querySelector(".bar");
                   const share = bar.firstElementChild.offsetWidth / bar.offsetWidth;
                   return Math.abs(share - 0.3125) < 0.01; }"""
    )


def test_an_unknown_end_has_a_moving_bar_without_a_number(on):
    on.send(CACHING | {"fraction": None})
    expect(on.page.get_by_role("progressbar")).not_to_have_attribute("aria-valuenow", "31")
    expect(on.page.locator(".percent")).to_have_text("")
    moving = "document.querySelector('.bar i').getAnimations().length"
    assert on.page.evaluate(moving) > 0
    on.send(CACHING)
    on.page.wait_for_function("document.querySelector('.bar').ariaValueNow === '31'")
    on.page.wait_for_timeout(800)
    assert on.page.evaluate(moving) == 0


def test_who_wants_less_movement_gets_less(stage):
    on = stage(make, fresh=True)
    on.page.emulate_media(reduced_motion="reduce")
    on.send(CACHING | {"fraction": None})
    expect(on.page.locator(".percent")).to_have_text("")
    assert on.page.evaluate("document.querySelector('.bar i').getAnimations().length") == 0


def test_screen_readers_hear_a_change_of_state_at_once_but_not_each_second(on):
    heard = on.page.locator(".said")
    expect(heard).to_have_text(CACHING["text"])
    expect(heard).to_have_attribute("aria-live", "polite")
    on.send(CACHING | {"text": "Caching 121 of 384 pictures"})
    expect(on.page.locator(".text")).to_have_text("Caching 121 of 384 pictures")
    expect(heard).to_have_text(CACHING["text"])
    on.send({"text": "Finished after 12 epochs", "fraction": 1, "state": "done"})
    expect(heard).to_have_text("Finished after 12 epochs")


def test_without_a_value_there_is_nothing(on):
    on.send(None)
    expect(on.page.locator(".fp-progress")).not_to_be_visible()


@pytest.mark.parametrize("state", ["running", "waiting", "done", "stopped", "failed"])
def test_each_state_has_its_word_and_can_be_read(on, look, state):
    on.send(CACHING | {"state": state})
    expect(on.page.locator(".state-name")).to_have_text(state)
    look(on, f"progress-{state}")


def test_a_nasty_text_stays_text_and_fits_a_phone(stage, nasty, look):
    on = stage(make, width=390)
    on.send(CACHING | {"state": "failed", "text": nasty, "detail": nasty})
    expect(on.page.locator(".text")).to_have_text(nasty)
    expect(on.page.locator(".detail")).to_have_text(nasty)
    look(on, "progress")
    assert on.is_unharmed()
