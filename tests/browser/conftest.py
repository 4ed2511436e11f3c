"""The app as a person starts it, in a process of its own, and small sets of real pictures."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, expect

from tests.browser.axe import violations

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "assets" / "samples"
PATIENCE = 3  # times what a page takes on a machine that does nothing else: other tests run beside
# A page that is looked at doesn't fade from one theme to the other.
STILL = "body.still, body.still * { transition: none !important; }"


class App:
    """The running program."""

    def __init__(self, port: int, workspace: Path, *more: str) -> None:
        self.workspace = workspace
        self.address = f"http://127.0.0.1:{port}"
        self._command = [sys.executable, "app.py", "--no-browser", "--port", str(port), *more]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [*self._command, "--workspace", str(self.workspace)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        told = self.process.stdout.readline()
        assert "Freezepoint is open at" in told, told + self.process.stdout.read()

    def stop(self) -> str:
        """Ctrl+C; returns what it says at the end."""
        self.process.send_signal(signal.SIGINT)
        said = self.process.stdout.read()
        self.process.wait(30)
        return said

    def kill(self) -> None:
        """The end of it, at once, with its workers."""
        for pid in self.workers():
            os.kill(pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Its workers stand still for a while: a training lasts, and takes no processor."""
        pids = self.workers()
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def workers(self) -> list[int]:
        """Ids of the worker processes it started."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = re.search(r"^PPid:\s+(\d+)", (folder / "status").read_text(), re.M)
                command = (folder / "cmdline").read_text()
            except OSError:
                continue
            if parent and int(parent[1]) == self.process.pid and "gui.engine.worker" in command:
                found.append(int(folder.name))
        return found


class Person:
    """Somebody with a browser of their own in front of the page."""

    def __init__(self, page: Page, app: App, output: Path) -> None:
        self.page = page
        self._app = app
        self._output = output

    def opens(self, link: str = "", *, simple: bool = False) -> "Person":
        """Opens the page; all of it, unless they leave it as simple as it is at first."""
        try:
            self.page.goto(link or self._app.address)
        except Error as error:  # a page whose server came back loads itself anew, maybe just now
            if "ERR_ABORTED" not in str(error):
                raise
            self.page.goto(link or self._app.address)
        self.page.locator(".fp-bar").get_by_role("button").first.wait_for()
        if not simple:
            self.page.locator(".fp-mode").get_by_role("checkbox").check()
        return self

    def goes_to(self, step: str) -> None:
        bar = self.page.get_by_role("navigation", name="Steps")
        button = bar.get_by_role("button").filter(has_text=step)
        button.click()
        expect(button).to_have_attribute("aria-current", "step", timeout=5_000 * PATIENCE)

    def drops_folder(self, folder: Path) -> None:
        self.page.locator("input[webkitdirectory]").first.set_input_files(folder)

    def drops_pictures(self, *paths: Path) -> None:
        inputs = self.page.locator("input[type=file]:not([webkitdirectory])")
        visible = self.page.get_by_role("tabpanel").filter(visible=True)
        visible.locator(inputs).last.set_input_files(list(paths))

    def sees(self, text: str | re.Pattern[str], timeout_s: float = 10) -> None:
        shown = self.page.get_by_text(text).filter(visible=True).first
        expect(shown).to_be_visible(timeout=timeout_s * 1000 * PATIENCE)

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).filter(visible=True).click()

    def keeps_picture(self, name: str) -> None:
        """A screenshot at both widths and in both themes; it must fit and shut nobody out.

        Narrow and dark isn't examined: its colours are those of wide and dark, which differs from
        wide and light in nothing else.
        """
        self.page.add_style_tag(content=STILL)
        self.page.evaluate("document.body.classList.add('still')")
        for width in (1280, 390):
            self.page.set_viewport_size({"width": width, "height": 900})
            for theme in ("light", "dark"):
                dark = theme == "dark"
                self.page.evaluate("dark => document.body.classList.toggle('dark', dark)", dark)
                self.page.wait_for_timeout(100)  # a chart draws itself anew
                path = self._output / f"{name}-{width}-{theme}.png"
                self.page.screenshot(path=path, full_page=True)
                if width == 1280 or not dark:
                    found = violations(self.page, only_colours=dark)
                    assert found == [], f"{name}, {width} px, {theme}"
            overflow = "document.documentElement.scrollWidth - window.innerWidth"
            assert self.page.evaluate(overflow) <= 0, f"{name} is wider than {width} px"
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.evaluate("document.body.classList.remove('dark', 'still')")


def elsewhere(url: str) -> list[str]:
    """The address when it is on another machine: everything is to come from here."""
    parts = urlsplit(url)
    here = parts.scheme in ("data", "blob", "about") or parts.hostname == "127.0.0.1"
    return [] if here else [f"asked elsewhere: {url}"]


def forget(context: BrowserContext, page: Page, address: str) -> None:
    """Nobody has ever been here with this browser."""
    context.clear_cookies()
    speaking = context.new_cdp_session(page)
    speaking.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "all"})
    speaking.detach()


@pytest.fixture(scope="session")
def app(tmp_path_factory, port) -> Iterator[App]:
    running = App(port(), tmp_path_factory.mktemp("workspace"))
    yield running
    running.kill()


@pytest.fixture(scope="session")
def usual(browser: Browser) -> Iterator[BrowserContext]:
    """The browser of each test's first person, emptied before: what it has fetched, it has."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def person(
    browser: Browser, usual: BrowserContext, app: App, output: Path
) -> Iterator[Callable[[], Person]]:
    """Makes people, each with a browser that knows nothing of the others'."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def asked(request: Request) -> None:
        problems.extend(elsewhere(request.url))

    def make() -> Person:
        first = not contexts
        context = usual if first else browser.new_context(viewport={"width": 1280, "height": 900})
        contexts.append(context)
        context.on("request", asked)
        page = context.new_page()
        if first:
            forget(context, page, app.address)
        page.set_default_timeout(30_000 * PATIENCE)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        return Person(page, app, output)

    yield make
    for page in usual.pages:
        page.close()
    usual.remove_listener("request", asked)
    for context in contexts[1:]:
        context.close()
    assert not problems, problems


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder with 3 classes of 10 sample pictures, as a person would have it."""
    folder = tmp_path / "sea"
    for name in ("crab", "fish", "turtle"):
        (folder / name).mkdir(parents=True)
        for path in sorted((SAMPLES / name).iterdir())[:10]:
            shutil.copy(path, folder / name)
    return folder
