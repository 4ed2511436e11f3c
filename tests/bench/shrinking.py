"""Photos of 12 megapixels dropped into the page: bytes as they are against bytes that are sent.

The drop area alone on a page, in a real browser, with this computer as the server. A few different
photos (drawn, with grain and a camera's notes) stand under many names. Beside the bytes it prints
how long the page ever stood still, against the same page with nothing to do. Promised: 20x fewer.
"""

import os
import re
import shutil
import time
from pathlib import Path

import gradio as gr
import measure
import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from gui.widgets.folder_drop import folder_drop

CAMERA_PX = (4000, 3000)
UPLINK_MBIT_S = 10  # of a home's line, for the seconds that the bytes alone would take
IDLE_S = 5
LONGEST_S = 3600
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")

WATCH = """() => {
  window.watched = { gaps: [], tasks: [], heap: 0 };
  let last = performance.now();
  const frame = (now) => {
    watched.gaps.push(now - last);
    watched.heap = Math.max(watched.heap, performance.memory?.usedJSHeapSize ?? 0);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(frame); });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watched.tasks.push(duration);
  }).observe({ type: "longtask" });
}"""
TAKE = """() => {
  const { gaps, tasks, heap } = watched;
  Object.assign(watched, { gaps: [], tasks: [] });
  gaps.sort((a, b) => a - b);
  return { longest: gaps.at(-1), p99: gaps[Math.floor(0.99 * gaps.length)], frames: gaps.length,
           tasks: tasks.length, task: Math.max(0, ...tasks), heap };
}"""


def main() -> None:
    parser = measure.arguments(__doc__)
    parser.add_argument("--pictures", type=int, default=1000)
    parser.add_argument("--distinct", type=int, default=40)
    chosen = parser.parse_args()
    measure.begin(__doc__)
    with measure.scratch() as folder:
        os.environ |= {"GRADIO_TEMP_DIR": str(folder / "uploads"), "GRADIO_ANALYTICS_ENABLED": "0"}
        photos = draw(folder, chosen.distinct, chosen.pictures)
        with gr.Blocks() as demo:
            drop = folder_drop("folder", "Drop pictures here")
            drop.uploaded(lambda _: None, drop)
        demo.launch(prevent_thread_lock=True, quiet=True, ssr_mode=False)
        try:
            once(demo.local_url, photos, chosen.pictures)
        finally:
            demo.close(verbose=False)


def draw(folder: Path, distinct: int, count: int) -> Path:
    """A folder with so many names for so many different photos."""
    chance, photos = np.random.default_rng(0), folder / "photos"
    photos.mkdir()
    grain = chance.normal(0, 5, (CAMERA_PX[1], CAMERA_PX[0], 1)).astype(np.float32)
    notes = Image.Exif()
    notes[0x0112] = 6
    notes[0x8825] = {1: "N", 2: (47.0, 22.0, 30.0), 3: "E", 4: (8.0, 32.0, 15.0)}
    for number in range(min(distinct, count)):
        layers = np.zeros((CAMERA_PX[1], CAMERA_PX[0], 3))
        for across, strength in ((8, 60), (60, 20), (500, 8)):  # large shapes down to fine ones
            coarse = chance.normal(0, strength, (across * 3 // 4, across, 3)) + 128
            shape = Image.fromarray(coarse.clip(0, 255).astype(np.uint8))
            layers += np.asarray(shape.resize(CAMERA_PX, Image.Resampling.BICUBIC)) - 128.0
        pixels = (layers + 128 + np.roll(grain, number * 97, 1)).clip(0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(photos / f"{number:05d}.jpg", quality=90, exif=notes)
    for number in range(distinct, count):
        os.link(photos / f"{number % distinct:05d}.jpg", photos / f"{number:05d}.jpg")
    sizes = [path.stat().st_size for path in photos.iterdir()]
    print(f"{count} photos ({min(distinct, count)} different), {sum(sizes) / 1e6:,.0f} MB")
    return photos


def once(address: str, photos: Path, count: int) -> None:
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--enable-precise-memory-info"]
        )
        page = browser.new_page()
        page.goto(address)
        page.locator(".choose-folder").wait_for()
        page.evaluate(WATCH)
        page.wait_for_timeout(1000 * IDLE_S)
        idle = page.evaluate(TAKE)
        began = time.perf_counter()
        page.locator(".folder-input").set_input_files(photos)
        memory_mb, sentence = until_done(browser, page)
        seconds = time.perf_counter() - began
        busy = page.evaluate(TAKE)
        value = page.evaluate("document.querySelector('.fp-drop .result').textContent")
        browser.close()
    before = sum(path.stat().st_size for path in photos.iterdir())
    sent = sum(path.stat().st_size for path in (photos.parent / "uploads").rglob("*.jpg"))
    print(f"the page says: {value} (while at it: {sentence})")
    print(f"as they are {before / 1e6:,.1f} MB, sent {sent / 1e6:,.1f} MB, {seconds:.0f} s in all")
    for name, amount in (("as they are", before), ("sent", sent)):
        line_s = 8 * amount / UPLINK_MBIT_S / 1e6
        print(f"at {UPLINK_MBIT_S} Mbit/s the bytes {name} alone take {line_s:,.0f} s")
    for name, seen in (("idle", idle), ("at work", busy)):
        print(
            f"{name}: longest time between two frames {seen['longest']:.0f} ms, 99 % below "
            f"{seen['p99']:.0f} ms, {seen['frames']} frames; {seen['tasks']} long tasks, the "
            f"longest {seen['task']:.0f} ms"
        )
    print(
        f"most memory: the page's script {busy['heap'] / 1e6:.0f} MB, the browser's process for "
        f"the page {memory_mb:,.0f} MB"
    )
    print(f"{count / seconds:.1f} photos a second")
    measure.verdict("bytes", before / sent, 20)


def until_done(browser: Browser, page: Page) -> tuple[float, str]:
    """Wait for the end; the most memory of a page's process in MB, and what it said meanwhile."""
    session, said, until = browser.new_browser_cdp_session(), "", time.monotonic() + LONGEST_S
    while time.monotonic() < until:
        said = page.evaluate("document.querySelector('.fp-drop .saved').textContent") or said
        if page.locator('.fp-drop[data-state="received"]').count():
            found = session.send("SystemInfo.getProcessInfo")["processInfo"]
            return max(most_mb(each["id"]) for each in found if each["type"] == "renderer"), said
        page.wait_for_timeout(500)
    raise TimeoutError


def most_mb(pid: int) -> float:
    """The largest resident set that a process has had; nan where that isn't told."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return float("nan")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 / 1e6 if found else float("nan")


if __name__ == "__main__":
    main()
