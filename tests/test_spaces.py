"""The app under the variables that a Hugging Face Space sets, in a real process and browser."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from gui.core import take_home
from gui.core.take_home import Check, Made
from gui.core.workspace import Workspace, new_token
from tests.core.test_host import SIGN_IN
from tests.core.visitors import finish, make_dataset, make_run

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_MS = 60_000
NOTICE = "This computer forgets"

pytestmark = [pytest.mark.browser]


class Space:
    """A running app."""

    def __init__(self, port: int, workspace: Path, environ: dict[str, str]) -> None:
        self.address = f"http://127.0.0.1:{port}/"
        self.workspace = Workspace(workspace)
        self.said: list[str] = []
        kept = {name: value for name, value in os.environ.items() if name not in SIGN_IN}
        self.process = subprocess.Popen(
            [sys.executable, "app.py", "--no-browser", "--workspace", str(workspace)],
            cwd=ROOT, text=True,
            env={**kept, "GRADIO_SERVER_PORT": str(port), **environ},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        for line in self.process.stdout:
            self.said.append(line)
            if "Freezepoint is open at" in line:
                break
        if f"Freezepoint is open at {self.address}" not in self.said[-1]:
            self.process.wait(60)
            self.process.stdout.close()
            pytest.fail("".join(self.said))
        self._reader = threading.Thread(target=lambda: self.said.extend(self.process.stdout))
        self._reader.start()

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self._reader.join()
        self.process.stdout.close()


def space(**more: str) -> dict[str, str]:
    """What a Gradio Space on cpu-basic sets; only that it listens on this computer alone."""
    return {
        "SYSTEM": "spaces",
        "SPACE_ID": "someone/freezepoint",
        "SPACE_HOST": "someone-freezepoint.hf.space",
        "SPACE_AUTHOR_NAME": "someone",
        "SPACE_REPO_NAME": "freezepoint",
        "SPACE_TITLE": "Freezepoint",
        "ACCELERATOR": "none",
        "CPU_CORES": "1",
        "MEMORY": "16Gi",
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "GRADIO_NUM_PORTS": "1",
        "GRADIO_ALLOW_FLAGGING": "never",
        "GRADIO_THEME": "huggingface",
        "HOME": "/proc/nobody",  # nobody can make it, not even root
        **more,
    }


@pytest.fixture
def page(browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    shown = context.new_page()
    shown.set_default_timeout(PATIENCE_MS)
    problems: list[str] = []
    shown.on("pageerror", lambda error: problems.append(str(error)))
    yield shown
    context.close()
    assert not problems, problems


@pytest.fixture
def start(port, tmp_path) -> Iterator[Callable[..., Space]]:
    running = []

    def begin(environ: dict[str, str]) -> Space:
        running.append(Space(port(), tmp_path / "work", environ))
        return running[-1]

    yield begin
    for each in running:
        each.end()


def trained(workspace: Workspace) -> str:
    """Somebody with a finished training; their token."""
    token = new_token()
    owner = workspace.owner(token)
    run = make_run(owner, make_dataset(owner))
    finish(run)
    run.model.write_bytes(b"a model")
    run.labels.write_text("cat\ndog\n")
    run.exports.mkdir()
    check = Check("Keras 3", 2, 2, 0.0)
    take_home.record(run, Made("keras", take_home.stamp(run), 7, check))
    owner.open(replace(owner.desk, run=run.id))
    return token


def opened(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("navigation", name="Steps").get_by_role("button").first.wait_for()


def goes_home(page: Page) -> None:
    bar = page.get_by_role("navigation", name="Steps").get_by_role("button")
    bar.filter(has_text="Take home").click()


def test_a_space_is_ready_says_that_it_forgets_and_asks_before_leaving(start, page) -> None:
    app = start(space())
    token = trained(app.workspace)
    opened(page, app.address)
    notice = page.get_by_role("complementary", name="About this computer")
    expect(notice).to_contain_text(NOTICE)
    copy = notice.get_by_role("link", name="Copy this Space to have one of your own")
    expect(copy).to_have_attribute(
        "href", "https://huggingface.co/spaces/someone/freezepoint?duplicate=true"
    )
    page.get_by_role("button", name="Try the sample pictures").click()
    expect(page.get_by_text(re.compile("5 classes with")).first).to_be_visible(timeout=PATIENCE_MS)
    weights = page.get_by_text("Its ImageNet weights come from")
    for _ in range(30):  # the worker finds them without a home to look into
        if weights.is_visible():
            break
        page.wait_for_timeout(5000)
        page.reload()
        page.wait_for_timeout(1000)
    expect(weights).to_be_visible()

    asked: list[str] = []

    def decide(dialog: Dialog) -> None:
        asked.append(dialog.type)
        if dialog.type == "beforeunload":
            dialog.dismiss()
        else:
            dialog.accept()

    page.on("dialog", decide)
    page.goto("about:blank")  # nothing is lost: no question
    assert asked == []
    opened(page, f"{app.address}#key={token}")
    untaken = notice.get_by_text("Your trained model isn’t at home yet")
    expect(untaken).to_be_visible(timeout=PATIENCE_MS)
    assert asked == ["confirm"]  # the link is another person's
    goes_home(page)
    page.evaluate("setTimeout(() => { location.href = 'about:blank'; })")
    expect(untaken).to_be_focused(timeout=PATIENCE_MS)
    assert asked == ["confirm", "beforeunload"]
    expect(page.get_by_text("Sign in with Hugging Face")).to_have_count(0)

    with page.expect_download() as download:
        page.get_by_role("button", name="Download model.keras").click()
    assert download.value.path().read_bytes() == b"a model"
    expect(untaken).to_be_hidden(timeout=PATIENCE_MS)
    page.wait_for_timeout(3000)  # a page that posts a download isn't asked about for so long
    page.goto("about:blank")
    assert asked == ["confirm", "beforeunload"]
    # A Space brings the package "spaces" along, for reloading code that its owner edits.
    assert "".join(app.said).count("Traceback") == "".join(app.said).count("`spaces` package")


def test_people_sign_in_on_a_space_that_was_made_so(start, page) -> None:
    pytest.importorskip("authlib")
    app = start(space(**SIGN_IN))
    opened(page, f"{app.address}#key={trained(app.workspace)}")
    goes_home(page)
    page.get_by_role("button", name="Put it on the Hugging Face Hub").click()
    expect(page.get_by_role("button", name="Sign in with Hugging Face")).to_be_visible()
    expect(page.get_by_label("Your access token, unless you are signed in")).to_be_visible()


def test_on_their_own_computer_nobody_is_warned_or_asked(start, page) -> None:
    app = start({})
    opened(page, f"{app.address}#key={trained(app.workspace)}")
    goes_home(page)
    expect(page.get_by_role("button", name="Download model.keras")).to_be_visible()
    assert page.get_by_text(NOTICE).count() == 0
    page.on("dialog", lambda dialog: pytest.fail(dialog.type))
    page.goto("about:blank")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ROOT / ".workspace"),
        ({"SYSTEM": "spaces", "SPACE_ID": "someone/x"}, Path("/elsewhere/freezepoint")),
        ({"FREEZEPOINT_WORKSPACE": "/data/work"}, Path("/data/work")),
    ],
)
def test_work_is_kept_where_files_can_be_changed(given, expected) -> None:
    """As in a container whose program's folder is read-only, which root never meets."""
    script = (
        "import os, tempfile, sys\n"
        "os.access, tempfile.tempdir = lambda *_: False, '/elsewhere'\n"
        "sys.argv = ['app.py']\n"
        "import app\n"
        "print(app._arguments().workspace)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env={**os.environ, **given},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(done.stdout.strip()) == expected
