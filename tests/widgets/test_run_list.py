"""Earlier trainings: opened at one press, deleted at two."""

import pytest
from playwright.sync_api import expect

from gui.widgets.run_list import run_list

pytestmark = pytest.mark.browser

STATES = ["finished", "running", "waiting", "stopped", "failed"]


def make():
    return run_list("Trainings", "No trainings yet.")


def run(state, *, title="Sea creatures · head", current=False):
    return {
        "id": f"id-{state}",
        "title": title,
        "when": "2026-11-24 10:12",
        "state": state,
        "about": "160 px, 20 epochs, compact head",
        "summary": "95.0 % on 40 pictures, epoch 12",
        "current": current,
    }


@pytest.fixture
def value():
    return {"runs": [run(state, current=state == "running") for state in STATES]}


@pytest.fixture
def on(stage, value):
    on = stage(make, event="picked")
    on.send(value)
    expect(on.page.locator(".card")).to_have_count(5)
    return on


def delete(on, place=0):
    return on.page.locator(".card").nth(place).locator(".delete")


def test_a_card_says_what_when_and_how_it_went(on):
    card = on.page.get_by_role("listitem").first
    for text in ("Sea creatures · head", "2026-11-24 10:12", "finished", "95.0 % on 40 pictures"):
        expect(card).to_contain_text(text)
    expect(card).to_contain_text("160 px, 20 epochs, compact head")
    current = on.page.locator("[aria-current=true]")
    expect(current).to_contain_text("open now")
    expect(current.get_by_role("button", name="Open")).to_be_visible()  # to go there


def test_open_tells_python_which_run(on):
    on.page.get_by_role("button", name="Open").last.click()
    told = on.told()
    assert (told["kind"], told["id"]) == ("open", "id-failed")
    assert on.told("data") == told


def test_delete_asks_first_and_tells_python_at_the_second_press(on):
    delete(on).click()
    expect(delete(on)).to_have_text("Really delete?")
    expect(on.page.locator(".said")).to_contain_text("Press again to delete Sea creatures")
    assert on.has_told_nothing()
    delete(on).click()
    told = on.told()
    assert (told["kind"], told["id"]) == ("delete", "id-finished")
    expect(delete(on)).to_have_text("Delete")


def test_delete_is_forgotten_on_escape_elsewhere_and_after_a_while(stage, value):
    on = stage(make, event="picked", fresh=True)
    on.send(value)
    delete(on).click()
    on.page.keyboard.press("Escape")
    expect(delete(on)).to_have_text("Delete")
    delete(on).click()
    delete(on, 3).click()
    expect(delete(on)).to_have_text("Delete")
    expect(delete(on, 3)).to_have_text("Really delete?")
    on.page.keyboard.press("Escape")
    on.page.clock.install()
    delete(on).click()
    expect(delete(on)).to_have_text("Really delete?")
    on.page.clock.fast_forward(5_100)
    expect(delete(on)).to_have_text("Delete")
    assert on.has_told_nothing()


def test_an_update_between_two_presses_does_not_forget_or_misdirect(on, value):
    delete(on).focus()
    on.page.keyboard.press("Enter")
    expect(delete(on)).to_have_text("Really delete?")
    value["runs"].insert(0, run("waiting", title="A new one") | {"id": "new"})
    on.send_quietly(value)
    expect(on.page.locator(".card")).to_have_count(6)
    expect(delete(on, 0)).to_have_text("Delete")
    expect(delete(on, 1)).to_have_text("Really delete?")
    expect(delete(on, 1)).to_be_focused()
    on.page.keyboard.press("Enter")
    assert on.told()["id"] == "id-finished"


def test_without_runs_there_is_a_quiet_sentence(on):
    on.send({"runs": []})
    expect(on.page.get_by_text("No trainings yet.")).to_be_visible()
    expect(on.page.locator(".card")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1280])
def test_nasty_titles_stay_text_and_fit(stage, value, nasty, look, width):
    on = stage(make, event="picked", width=width)
    value["runs"][3]["title"] = value["runs"][3]["about"] = nasty
    on.send(value)
    expect(on.page.locator(".title").nth(3)).to_have_text(nasty)
    look(on, "runs")
    assert on.is_unharmed()
