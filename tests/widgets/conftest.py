"""A real browser, and one tiny app a test, as a person would open it."""

import contextlib
import json
import os
from collections.abc import Callable, Iterator

import gradio as gr
import pytest
from playwright.sync_api import Browser, Page, expect

NASTY = "<img src=x onerror=\"document.title='hacked'\"> '\"&amp; 🦀 " + "long" * 40

FAINT = """() => {
  const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const paint = (colors) => {
    brush.clearRect(0, 0, 1, 1);
    for (const color of colors) { brush.fillStyle = color; brush.fillRect(0, 0, 1, 1); }
    return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (rgb) => rgb.map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => {
    const colors = [];
    for (let at = node; at; at = at.parentElement) {
      colors.unshift(getComputedStyle(at).backgroundColor);
    }
    return ["#fff", ...colors];
  };
  const texts = document.createTreeWalker(document.querySelector(".html-container"), 4);
  const faint = [];
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim();
    const node = texts.currentNode.parentElement;
    const box = node.getBoundingClientRect();
    if (!text || box.width < 2 || box.height < 2 || !node.checkVisibility()) continue;
    const back = behind(node);
    const ink = [...back, getComputedStyle(node).color];
    const pair = [luminance(paint(back)), luminance(paint(ink))];
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (ratio < 4.5) faint.push([text.slice(0, 40), Number(ratio.toFixed(2))]);
  }
  return faint;
}"""

# A page that is looked at shows the widget alone, and colours don't fade over.
POSING = """
.posing .machinery { display: none !important; }
.posing, .posing * { transition: none !important; }
"""

QUIETLY = """(text) => {
  const box = document.querySelector("textarea");
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  [...document.querySelectorAll("button")].find((b) => b.innerText === "send value").click();
}"""


class Stage:
    """A page with one widget on it, and Python behind it."""

    def __init__(self, page: Page):
        self.page = page

    def send(self, value: object) -> None:
        """Python sets the widget's value."""
        self.page.get_by_label("value to send").fill(json.dumps(value))
        self.page.get_by_role("button", name="send value").click()

    def send_quietly(self, value: object) -> None:
        """The same without moving the keyboard's place, as a timer's update would."""
        self.page.evaluate(QUIETLY, json.dumps(value))

    def told(self, source: str = "value") -> dict:
        """What Python heard, by the value or by the event's data."""
        box = self.page.get_by_label(f"heard by {source}", exact=True)
        expect(box).not_to_have_value("")
        return json.loads(box.input_value())

    def reset(self) -> None:
        """As if the page had just been opened: no value, nothing heard, wide and light."""
        count = self.page.get_by_label("resets")
        self.page.bring_to_front()
        self.page.mouse.move(0, 0)
        before = int(count.input_value())
        self.page.evaluate("document.body.classList.remove('dark', 'posing')")
        self.page.get_by_role("button", name="reset", exact=True).click()
        expect(count).to_have_value(str(before + 1))

    def has_told_nothing(self) -> bool:
        return self.page.get_by_label("heard by value", exact=True).input_value() == ""

    def fits(self) -> bool:
        """The page can't be scrolled sideways."""
        return self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    def faint(self) -> list:
        """Texts whose contrast to what is behind them is below WCAG AA (4.5:1)."""
        return self.page.evaluate(FAINT)

    def is_unharmed(self) -> bool:
        """No text became HTML, and no script broke."""
        return self.page.title() != "hacked" and not self.page.locator("[onerror]").count()


@pytest.fixture
def nasty() -> str:
    """A name that would be dangerous as HTML, and is 200 characters long."""
    return NASTY


@pytest.fixture
def pixel() -> Callable[[str], str]:
    """A thumbnail in one colour, as a data URL."""

    def address(color: str) -> str:
        square = f"<rect width='8' height='8' fill='{color}'/>"
        svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'>{square}</svg>"
        return "data:image/svg+xml;utf8," + svg.replace("#", "%23")

    return address


@pytest.fixture(scope="module")  # an app that runs takes 3 % of a core, an open page even more
def address(tmp_path_factory, port) -> Iterator[Callable[..., str]]:
    """Launch the app of a ``make`` function once; its address on 127.0.0.1."""
    running: dict[object, str] = {}
    with contextlib.ExitStack() as closing, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("uploads")))
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "False")

        def launch(make: Callable[[], gr.HTML], event: str, **options) -> str:
            if make not in running:
                demo = app(make, event)
                demo.launch(
                    server_name="127.0.0.1",
                    server_port=port(),
                    prevent_thread_lock=True,
                    quiet=True,
                    ssr_mode=False,
                    footer_links=[],
                    **options,
                )
                closing.callback(demo.close, verbose=False)
                running[make] = demo.local_url
            return running[make]

        yield launch


@pytest.fixture(scope="module")
def opened() -> Iterator[dict[object, Stage]]:
    """Pages that are open already: loading Gradio takes longer than most tests."""
    pages: dict[object, Stage] = {}
    yield pages
    for each in pages.values():
        each.page.close()


@pytest.fixture
def stage(browser: Browser, address, opened) -> Iterator[Callable[..., Stage]]:
    """``stage(make, event="edited", width=390)`` is a page with that widget, as new.

    ``fresh`` loads the page again, for tests that change what no reset undoes.
    """
    expect.set_options(timeout=30_000)
    with contextlib.ExitStack() as closing:

        def put(make: Callable[[], gr.HTML], *, event="", width=1280, fresh=False, **options):
            if not fresh and make in opened:
                opened[make].page.set_viewport_size({"width": width, "height": 900})
                opened[make].reset()
                return opened[make]
            page = browser.contexts[0].new_page()  # one context: its cache makes loading quick
            page.set_viewport_size({"width": width, "height": 900})
            page.bring_to_front()
            page.goto(address(make, event, **options))
            page.add_style_tag(content=POSING)
            page.get_by_role("button", name="send value").wait_for()
            if fresh:
                closing.callback(page.close)
            else:
                opened[make] = Stage(page)
            return Stage(page)

        yield put


def app(make: Callable[[], gr.HTML], event: str) -> gr.Blocks:
    """The widget, a way to set its value, and what Python heard from it."""
    with gr.Blocks() as demo:
        widget = make()
        with gr.Row(elem_classes="machinery"):
            box = gr.Textbox(label="value to send")
            send = gr.Button("send value")
            send.click(json.loads, box, widget, queue=False, show_progress="hidden")
            again = gr.Button("reset")
            resets = gr.Textbox("0", label="resets")
            cleared = [resets, widget]
            if event:
                by_value = gr.Textbox(label="heard by value")
                by_data = gr.Textbox(label="heard by data")
                listen = getattr(widget, event)
                listen(heard_value, widget, by_value, queue=False, show_progress="hidden")
                listen(heard_data, None, by_data, queue=False, show_progress="hidden")
                cleared += [by_value, by_data]
            rest = [None, "", ""][: len(cleared) - 1]
            again.click(
                lambda n: [str(int(n) + 1), *rest],
                resets,
                cleared,
                queue=False,
                show_progress="hidden",
            )
    return demo


def heard_value(value: dict) -> str:
    return json.dumps(value.get("action", value))


def heard_data(event: gr.EventData) -> str:
    return json.dumps(event._data)


@pytest.fixture
def look() -> Callable[..., None]:
    """Check a page in both themes: it fits, nothing is too faint to read.

    With FREEZEPOINT_SHOTS naming a folder it also keeps screenshots for human eyes.
    """

    def check(stage: Stage, name: str) -> None:
        page = stage.page
        page.mouse.move(0, 0)
        page.evaluate("document.body.classList.add('posing')")
        for theme in ("light", "dark"):
            page.evaluate("dark => document.body.classList.toggle('dark', dark)", theme == "dark")
            page.wait_for_timeout(80)  # the chart draws itself anew
            if folder := os.environ.get("FREEZEPOINT_SHOTS"):
                width = page.viewport_size["width"]
                page.screenshot(path=f"{folder}/{name}-{width}-{theme}.png", full_page=True)
            assert stage.fits(), f"{theme}: the page scrolls sideways"
            assert stage.faint() == [], f"{theme}: text below 4.5:1"
        page.evaluate("document.body.classList.remove('posing')")

    return check
