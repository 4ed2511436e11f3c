"""Make the README's pictures of the page anew: ``python tests/screenshots.py``.

The real app, a real browser and a real training of the sample pictures; about two minutes.
"""

import io
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
ASSETS = ROOT / "assets"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
WIDTH_PX, HEIGHT_PX, SHOWN_PX = 1200, 900, 1000
TRAINING_S = 600


def main() -> None:
    """Start the app, walk through it, keep three pictures."""
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
                walk(page, address)
                browser.close()
        finally:
            app.send_signal(signal.SIGINT)
            app.wait(30)


def walk(page: Page, address: str) -> None:
    """The journey with the sample pictures."""
    page.goto(address)
    page.get_by_role("navigation", name="Steps").get_by_role("button").first.wait_for()
    page.get_by_role("button", name="Try the sample pictures").click()
    page.get_by_text("5 classes with 200 pictures").filter(visible=True).first.wait_for()
    page.get_by_role("button", name="Go on: choose how much may learn").click()
    page.get_by_text("Balanced", exact=True).click()
    page.get_by_text("Frozen: 10 of 13 layers").wait_for()
    page.get_by_text("of memory").filter(visible=True).first.wait_for(timeout=60_000)
    keep(page, "page-model", "How much may learn?")
    page.get_by_text("Quick", exact=True).click()
    page.get_by_role("button", name="Go on: train").click()
    page.get_by_role("button", name="Start", exact=True).click()
    done = page.get_by_text("on pictures it never learned from").first
    done.wait_for(timeout=1000 * TRAINING_S)
    keep(page, "page-train", "on pictures it never learned from")
    page.get_by_role("button", name="Go on: see how good it is").click()
    page.locator("button.cell.wrong, button.cell.right").first.wait_for(timeout=120_000)
    page.get_by_role("button", name="Go on: test it with a picture").wait_for()
    keep(page, "page-results", "Results")


def keep(page: Page, name: str, top: str) -> None:
    """One picture of the page, from a text on it downwards."""
    page.mouse.move(0, 0)
    page.get_by_text(top).filter(visible=True).last.evaluate(
        "node => window.scrollTo(0, node.getBoundingClientRect().top + window.scrollY - 60)"
    )
    page.wait_for_timeout(1500)
    shot = Image.open(io.BytesIO(page.screenshot()))
    size = (SHOWN_PX, round(shot.height * SHOWN_PX / shot.width))
    shot.convert("RGB").resize(size, Image.Resampling.LANCZOS).save(
        ASSETS / f"{name}.webp", quality=82, method=6
    )


if __name__ == "__main__":
    main()
