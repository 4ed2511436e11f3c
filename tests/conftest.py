"""What several folders of tests share: a browser, a free port, a folder for screenshots."""

import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / ".test-output"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",  # there is none: drawing as if there were takes a sixth longer
    "--disable-background-networking",
    "--use-fake-device-for-media-stream",  # a camera that shows a turning pie
    "--use-fake-ui-for-media-stream",  # and may be used
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, or else Playwright's own."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        started.new_context()
        yield started
        started.close()


@pytest.fixture(scope="session")
def output() -> Path:
    """Where screenshots are kept for human eyes."""
    OUTPUT.mkdir(exist_ok=True)
    return OUTPUT


@pytest.fixture(scope="session")
def port() -> Callable[[], int]:
    """Makes numbers of ports that nobody listens on."""

    def free() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            number: int = probe.getsockname()[1]
            return number

    return free
