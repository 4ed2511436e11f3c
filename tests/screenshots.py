"""Make the README's pictures of the page anew: ``python tests/screenshots.py``.

The real app, a real browser and a real training of the sample pictures; about two minutes.
``--language zh-Hant`` takes them of the Chinese page, ``--to FOLDER`` puts them elsewhere. What is
on the page is found by its place and kind, so other words on it change nothing.
"""

import argparse
import io
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
WIDTH_PX, HEIGHT_PX, SHOWN_PX, ABOVE_PX = 1200, 900, 1000, 10
TRAINING_S = 600
SAMPLES = re.compile("sample|範例", re.I)

# Where a part lies on the page; the same a few times means that nothing moves any more.
PLACE = "node => Math.round(node.getBoundingClientRect().top + window.scrollY)"
SCROLL = f"(node, above) => window.scrollTo({{top: ({PLACE})(node) - above, behavior: 'instant'}})"


def main() -> None:
    """Start the app, walk through it, keep three pictures."""
    parser = argparse.ArgumentParser(description="Make the README's pictures of the page anew.")
    parser.add_argument("--language", default="", help="of the page, such as zh-Hant")
    parser.add_argument("--to", type=Path, default=ROOT / "assets", help="the folder for them")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as workspace:
        command = [sys.executable, "app.py", "--no-browser", "--port", "7869"]
        app = subprocess.Popen(
            [*command, "--workspace", workspace], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        try:
            address = app.stdout.readline().split(" at ")[1].split()[0]
            with sync_playwright() as playwright:
                path = next((found for name in NAMES if (found := shutil.which(name))), None)
                browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
                page = browser.new_page(viewport={"width": WIDTH_PX, "height": HEIGHT_PX})
                ending = f"-{asked.language}.webp" if asked.language else ".webp"
                page.goto(address + asked.language)
                for name, picture in walk(page):
                    picture.save(asked.to / f"{name}{ending}", quality=82, method=6)
                browser.close()
        finally:
            app.send_signal(signal.SIGINT)
            app.wait(30)


def walk(page: Page):
    """The journey with the sample pictures; the name of each picture, and the picture."""
    expect.set_options(timeout=120_000)
    part = page.locator  # parts of steps that aren't shown are there, too
    part(".fp-bar button").first.wait_for()
    part(".fp-pictures").get_by_role("button", name=SAMPLES).first.click()
    expect(part(".fp-pictures button.fp-next")).to_be_visible()
    go(page, "model")
    presets, strip = part(".fp-presets"), part(".fp-model .fp-strip")
    presets.locator("input[value=balanced]").click()
    expect(presets.locator(".takes")).to_have_count(3)
    expect(strip.locator(".layer.learning")).to_have_count(5)
    yield "page-model", taken(page, presets, [presets.locator(".cards"), strip.locator(".blocks")])
    presets.locator("input[value=quick]").click()
    expect(strip.locator(".layer.learning")).to_have_count(1)
    go(page, "train")
    part(".fp-train button.primary:not(.fp-next)").filter(visible=True).first.click()
    expect(part(".fp-train button.fp-next")).to_be_visible(timeout=1000 * TRAINING_S)
    score, curves = part(".fp-train .fp-progress"), part(".fp-train .js-plotly-plot")
    expect(curves).to_have_count(2)
    said = part(".fp-train .fp-coach .advice").first
    yield "page-train", taken(page, score, [score.locator(".text"), *curves.all(), said])
    go(page, "results")
    cells = part(".fp-results .fp-cells")
    expect(cells.locator("button.cell").first).to_be_visible()
    expect(part(".fp-results button.fp-next")).to_be_visible()
    yield "page-results", taken(page, cells, [cells.locator("table")], above=120)


def go(page: Page, step: str) -> None:
    """To a step, by the bar of steps."""
    page.locator(f".fp-bar [data-key='{step}']").click()
    expect(page.locator(f".fp-{step}")).to_be_visible()


def taken(page: Page, top: Locator, shown: list[Locator], above: int = ABOVE_PX) -> Image.Image:
    """The page from a part of it downwards, when nothing moves; the parts shown are all on it."""
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement?.blur()")
    places: list[list[int]] = []
    while places[-4:] != places[-1:] * 4:
        page.wait_for_timeout(400)
        places.append([each.evaluate(PLACE) for each in (top, *shown)])
    top.evaluate(SCROLL, above)
    page.wait_for_timeout(400)
    for each in shown:
        expect(each, "what the picture is to show").to_be_in_viewport(ratio=0.99, timeout=1000)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    size = (SHOWN_PX, round(shot.height * SHOWN_PX / shot.width))
    return shot.resize(size, Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
