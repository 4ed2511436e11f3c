"""The page as it is at first: four decisions, and always one bright button for the next of them."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

BRIGHT = """() => [...document.querySelectorAll("button")]
  .filter((each) => each.checkVisibility() && !each.disabled && !each.classList.contains("choice"))
  .filter((each) => getComputedStyle(each).color === "rgb(255, 255, 255)")
  .map((each) => each.innerText.trim())"""


def one_bright(someone, name: str) -> None:
    """The next thing to do, and nothing else, is bright."""
    someone.page.wait_for_function(
        f"name => JSON.stringify(({BRIGHT})()) === JSON.stringify([name])", arg=name
    )


def test_four_decisions_lead_to_an_answer(person, pictures: Path) -> None:
    someone = person().opens(simple=True)
    page = someone.page
    steps = page.get_by_role("navigation", name="Steps").get_by_role("button")
    names = ["Pictures", "Model", "Train", "Results", "Test", "Take home"]
    expect(steps.filter(visible=True)).to_have_text([re.compile(name) for name in names])
    one_bright(someone, "Choose a folder")
    someone.presses("New class")
    one_bright(someone, "Choose pictures")
    someone.presses("Cancel")
    one_bright(someone, "Choose a folder")

    someone.drops_folder(pictures)
    someone.sees("3 classes with 30 pictures: 24 to learn from, 6 kept for checking", 30)
    one_bright(someone, "Go on: choose how much may learn")
    someone.presses("Go on: choose how much may learn")

    expect(page.get_by_role("list", name="What you have chosen so far")).to_contain_text(
        "Pictures: 3 classes with 30 pictures"
    )
    cards = page.get_by_role("group", name="How much may learn?")
    expect(cards.get_by_role("radio", name="Quick")).to_be_checked()
    expect(page.get_by_label("number input for Picture size in pixels")).to_be_hidden()
    cards.get_by_text("Balanced", exact=True).click()
    someone.sees("Frozen: 10 of 13 layers of VGG16")
    expect(cards.get_by_role("radio", name="Balanced")).to_be_checked()
    cards.get_by_text("Quick", exact=True).click()
    someone.sees("Frozen: 13 of 13 layers of VGG16")
    one_bright(someone, "Go on: train")
    someone.keeps_picture("simple-model")
    someone.presses("Go on: train")

    one_bright(someone, "Start")
    expect(page.get_by_label("Epochs", exact=True)).to_be_hidden()
    someone.presses("Start")
    someone.sees("on pictures it never learned from", 300)
    one_bright(someone, "Go on: see how good it is")
    someone.presses("Go on: see how good it is")
    someone.sees(re.compile(r"of 6 (checking )?pictures"), 120)
    one_bright(someone, "Go on: test it with a picture")
    someone.presses("Go on: test it with a picture")

    one_bright(someone, "Choose pictures")
    someone.drops_pictures(next((pictures / "turtle").iterdir()))
    expect(page.locator(".fp-answers li").first).to_contain_text("turtle", timeout=60_000)
    one_bright(someone, "Go on: take it home")
    someone.presses("Go on: take it home")
    one_bright(someone, "Download model.keras")


def test_all_there_is_stays_switched_on(person) -> None:
    someone = person().opens()
    steps = someone.page.get_by_role("navigation", name="Steps").get_by_role("button")
    expect(steps.filter(visible=True)).to_have_count(8)
    someone.opens(simple=True)  # the page again, as this person left it
    expect(someone.page.get_by_label("More settings")).to_be_checked()
    expect(steps.filter(visible=True)).to_have_count(8)
