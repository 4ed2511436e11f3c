"""The page in a language that isn't English: everything that a person reads is in it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from gui.words import locales
from tests.browser.conftest import App, Person

SAMPLES = Path(__file__).resolve().parents[2] / "assets" / "samples"
TEXTS = locales()["zh-Hant"].texts

pytestmark = [
    pytest.mark.browser,
    pytest.mark.weights,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

# Two words of English side by side; names of things have none, or stand here.
ENGLISH = re.compile(r"[A-Za-z][a-z']+(?: [a-z']{2,})+")
# What Gradio writes itself and translates for nobody.
GRADIO = re.compile(r"Reset to default value|(number input|range slider) for")
# What a screen reader reads is no less read than what is seen.
VISIBLE = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest('script, style, pre, code')) continue;
    if (parent.checkVisibility({ visibilityProperty: true })) found.push(node.data.trim());
  }
  for (const each of document.querySelectorAll('[aria-label], [title], [alt], [placeholder]')) {
    if (!each.checkVisibility({ visibilityProperty: true })) continue;
    for (const name of ['aria-label', 'title', 'alt', 'placeholder']) {
      if (each.getAttribute(name)) found.push(each.getAttribute(name));
    }
  }
  return found;
}"""


def say(text: str, **values: object) -> str:
    return TEXTS[text].format(**values) if values else TEXTS[text]


def english(person: Person) -> list[str]:
    """Texts on the page that hold English words."""
    found = person.page.evaluate(VISIBLE)
    return sorted({each for each in found if ENGLISH.search(GRADIO.sub("", each))})


@pytest.fixture
def reader(browser: Browser, app: App, output: Path) -> Iterator[Person]:
    """Somebody whose browser asks for Chinese as it is written in Taiwan."""
    context = browser.new_context(locale="zh-TW", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    someone = Person(page, app, output)
    page.goto(app.address)
    page.get_by_role("navigation", name=say("Steps")).get_by_role("button").first.wait_for()
    yield someone
    context.close()
    assert not problems, problems


def go(reader: Person, step: str) -> None:
    bar = reader.page.get_by_role("navigation", name=say("Steps"))
    button = bar.locator(f'[data-key="{step}"]')  # a name may begin another: 訓練, 訓練紀錄
    button.click()
    expect(button).to_have_attribute("aria-current", "step", timeout=15_000)


def test_a_whole_journey_in_chinese_and_back_to_english(reader: Person) -> None:
    page = reader.page
    assert page.url.endswith("/zh-Hant")
    assert page.evaluate("document.documentElement.lang") == "zh-Hant"
    page.get_by_label(say("More settings")).check()
    for step in ("train", "results", "test", "home", "runs", "pictures"):
        go(reader, step)
        assert english(reader) == [], step
    reader.presses(say("Try the sample pictures"))
    reader.sees("160", 30)
    assert english(reader) == []

    go(reader, "model")
    size = page.get_by_label(say("Picture size in pixels")).last
    size.fill("64")
    size.press("Tab")
    assert english(reader) == []
    reader.keeps_picture("chinese-model")
    go(reader, "train")
    epochs = page.get_by_label(say("Epochs"), exact=True)
    epochs.fill("6")
    epochs.press("Tab")
    page.wait_for_timeout(1000)
    assert english(reader) == []
    reader.presses(say("Start"))
    page.get_by_role("button", name=say("Go on: see how good it is")).wait_for(timeout=180_000)
    assert english(reader) == []

    for step in ("compare", "results", "test"):
        go(reader, step)
        page.wait_for_timeout(1000)
        assert english(reader) == [], step
    reader.drops_pictures(SAMPLES / "turtle" / "01.jpg")
    page.locator(".fp-answers li").first.wait_for(timeout=60_000)
    assert english(reader) == []
    for step in ("home", "runs"):
        go(reader, step)
        page.wait_for_timeout(3000)
        assert english(reader) == [], step
    reader.keeps_picture("chinese-runs")

    page.get_by_role("link", name="English").click()
    page.get_by_role("navigation", name="Steps").get_by_role("button").first.wait_for()
    assert page.evaluate("document.documentElement.lang") == "en"
    reader.goes_to("Train")
    reader.sees("on pictures it never learned from", 20)  # the same training, told in English
    page.goto(page.url.split("?")[0])  # the choice is kept
    page.get_by_role("navigation", name="Steps").get_by_role("button").first.wait_for()
