"""Seconds from pressing "Try the sample pictures" to the finished curve, in a real browser."""

import argparse
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1)
    chosen = parser.parse_args()
    measured = [once() for _ in range(chosen.runs)]
    print(f"median {statistics.median(measured):.1f} s")


def once() -> float:
    """One fresh workspace, one person, default settings."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as workspace, sync_playwright() as playwright:
        command = [sys.executable, "app.py", "--no-browser", "--port", str(port)]
        started = time.perf_counter()
        app = subprocess.Popen([*command, "--workspace", workspace], cwd=ROOT, stdout=-1, text=True)
        app.stdout.readline()
        print(f"page ready after {time.perf_counter() - started:.1f} s")
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        try:
            return journey(browser.new_page(), f"http://127.0.0.1:{port}")
        finally:
            browser.close()
            app.send_signal(signal.SIGINT)
            app.wait(60)


def journey(page: Page, address: str) -> float:
    page.goto(address)
    page.get_by_role("button", name="Try the sample pictures").wait_for()
    started = time.perf_counter()
    page.get_by_role("button", name="Try the sample pictures").click()
    page.get_by_text("5 classes with 200 pictures").wait_for()
    page.get_by_role("button", name="Go on: choose how much may learn").click()
    page.get_by_role("button", name="Go on: train").click()
    pressed = time.perf_counter()
    page.get_by_role("button", name="Start", exact=True).click()
    result = page.get_by_text("on pictures it never learned from").filter(visible=True).first
    result.wait_for(timeout=900_000)
    ended = time.perf_counter()
    score = re.search(r"\d+ of \d+ right \([^)]+\)", result.inner_text())
    print(
        f"{ended - started:.1f} s from Try, {ended - pressed:.1f} s from Start: {score[0]}",
        flush=True,
    )
    return ended - started


if __name__ == "__main__":
    main()
