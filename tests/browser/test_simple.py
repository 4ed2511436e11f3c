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


IN_VIEW = """name => [...document.querySelectorAll("button")].some((each) => {
  const { top, bottom } = each.getBoundingClientRect();
  const shown = each.checkVisibility() && each.innerText.trim() === name;
  return shown && top >= 0 && bottom <= innerHeight;
})"""
FOCUSED = "text => document.activeElement.innerText?.trim() === text"


def one_bright(someone, name: str) -> None:
    """The next thing to do, and nothing else, is bright, and it is in the window."""
    someone.page.wait_for_function(
        f"name => JSON.stringify(({BRIGHT})()) === JSON.stringify([name])", arg=name
    )
    someone.page.wait_for_function(IN_VIEW, arg=name)


def has_keyboard(someone, text: str) -> None:
    someone.page.wait_for_function(FOCUSED, arg=text)


def goes_by_keyboard(someone, text: str) -> None:
    """Tab until that has the keyboard, then Enter; nothing is reached by chance."""
    for _ in range(60):
        if someone.page.evaluate(FOCUSED, text):
            return someone.page.keyboard.press("Enter")
        someone.page.keyboard.press("Tab")
    raise AssertionError(f"no {text!r} by keyboard")


def test_four_decisions_lead_to_an_answer(person, pictures: Path, tmp_path: Path) -> None:
    someone = person().opens(simple=True)
    page = someone.page
    page.set_viewport_size({"width": 1280, "height": 720})
    steps = page.get_by_role("navigation", name="Steps").get_by_role("button")
    names = ["Pictures", "Model", "Train", "Results", "Test", "Take home"]
    expect(steps.filter(visible=True)).to_have_text([re.compile(name) for name in names])
    one_bright(someone, "Choose a folder")
    someone.presses("New class")
    one_bright(someone, "Choose pictures")
    someone.presses("Cancel")
    page.mouse.wheel(0, -2000)
    one_bright(someone, "Choose a folder")
    someone.presses("Try photographs of flowers")
    page.mouse.wheel(0, 2000)
    one_bright(someone, "Get the flowers")
    someone.presses("Cancel")
    page.mouse.wheel(0, -2000)
    one_bright(someone, "Choose a folder")

    texts = tmp_path / "texts"
    (texts / "one").mkdir(parents=True)
    (texts / "one" / "a.txt").write_text("no picture")
    (texts / "b.txt").write_text("no picture")
    someone.drops_folder(texts)
    someone.sees("None of the 2 files is a picture.")
    expect(page.get_by_text("Error", exact=True).filter(visible=True)).to_have_count(0)
    expect(page.get_by_text("went whole")).to_be_hidden()
    someone.drops_folder(pictures)
    expect(page.get_by_text("None of the 2 files is a picture.")).to_have_count(0)
    someone.sees("3 classes with 30 pictures: 24 to learn from, 6 kept for checking", 30)
    one_bright(someone, "Go on: choose how much may learn")
    page.set_viewport_size({"width": 390, "height": 844})
    one_bright(someone, "Go on: choose how much may learn")
    page.set_viewport_size({"width": 1280, "height": 720})
    someone.presses("Go on: choose how much may learn")
    has_keyboard(someone, "Model")

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
    expect(page.get_by_text(re.compile("parameters")).filter(visible=True)).to_have_count(0)
    someone.keeps_picture("simple-model")
    page.get_by_role("button", name="What do the blocks see?").click()
    page.get_by_role("button", name="See what it will learn from").click()
    expect(page.locator(".fp-sights .sight")).to_have_count(5, timeout=120_000)
    expect(page.locator(".fp-tiles .tile")).to_have_count(9)
    expect(page.get_by_text("see Train")).to_be_hidden()
    someone.keeps_picture("simple-model-folds")
    page.set_viewport_size({"width": 1280, "height": 720})
    someone.presses("Go on: train")

    one_bright(someone, "Start")
    expect(page.get_by_label("Epochs", exact=True)).to_be_hidden()
    goes_by_keyboard(someone, "Start")
    has_keyboard(someone, "Stop and keep the best")
    someone.sees("on pictures it never learned from", 300)
    expect(page.get_by_text("on pictures it never learned from").first).to_be_in_viewport()
    one_bright(someone, "Go on: see how good it is")
    has_keyboard(someone, "Go on: see how good it is")
    goes_by_keyboard(someone, "Go on: see how good it is")
    has_keyboard(someone, "Results")
    someone.sees(re.compile(r"of 6 (checking )?pictures"), 120)
    one_bright(someone, "Go on: test it with a picture")
    someone.presses("Go on: test it with a picture")

    one_bright(someone, "Choose pictures")
    someone.drops_pictures(next((pictures / "turtle").iterdir()))
    expect(page.locator(".fp-answers li").first).to_contain_text("turtle", timeout=60_000)
    expect(page.locator(".fp-answers .verdict").first).to_be_in_viewport()
    one_bright(someone, "Go on: take it home")
    someone.presses("Go on: take it home")
    expect(page.get_by_role("list", name="What you have chosen so far")).to_contain_text(
        "Test: 1 picture tried"
    )
    one_bright(someone, "Download model.keras")


def test_the_keyboard_alone_leads_from_arrival_to_start(person) -> None:
    someone = person().opens(simple=True)
    goes_by_keyboard(someone, "Try the sample pictures")
    has_keyboard(someone, "Go on: choose how much may learn")
    expect(someone.page.get_by_text("Ready: 5 classes")).to_be_in_viewport()
    someone.page.keyboard.press("Enter")
    has_keyboard(someone, "Model")
    goes_by_keyboard(someone, "Go on: train")
    has_keyboard(someone, "Train")
    goes_by_keyboard(someone, "Start")
    has_keyboard(someone, "Stop and keep the best")
    someone.page.keyboard.press("Enter")


def test_all_there_is_stays_switched_on(person) -> None:
    someone = person().opens()
    steps = someone.page.get_by_role("navigation", name="Steps").get_by_role("button")
    expect(steps.filter(visible=True)).to_have_count(8)
    someone.opens(simple=True)  # the page again, as this person left it
    expect(someone.page.get_by_label("More settings")).to_be_checked()
    expect(steps.filter(visible=True)).to_have_count(8)


def test_the_chinese_page_fits_and_shuts_nobody_out(person, app, pictures: Path) -> None:
    someone = person().opens(f"{app.address}/zh-Hant")
    bar = someone.page.locator(".fp-bar").get_by_role("button")
    someone.drops_folder(pictures)
    expect(someone.page.locator(".fp-pictures button.fp-next")).to_be_visible(timeout=90_000)
    for place, step in enumerate(["pictures", "model", "train", "compare"]):
        bar.nth(place).click()
        expect(someone.page.locator(f".fp-{step}")).to_be_visible(timeout=15_000)
        someone.keeps_picture(f"zh-{step}")
