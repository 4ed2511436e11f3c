"""Processor seconds that the app and its workers use while a page is open and nothing happens."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import measure
from playwright.sync_api import Page, Request, sync_playwright

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    parser = measure.arguments(__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument(
        "--settle", type=float, default=30, help="seconds before: workers get ready"
    )
    chosen = parser.parse_args()
    measure.begin(__doc__)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as workspace, sync_playwright() as playwright:
        command = [sys.executable, "app.py", "--no-browser", "--port", str(port)]
        app = subprocess.Popen([*command, "--workspace", workspace], cwd=ROOT, stdout=-1)
        app.stdout.readline()
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        try:
            time.sleep(chosen.settle)
            watch(app.pid, chosen.seconds, "no page open")
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{port}")
            page.get_by_role("button", name="Try the sample pictures").wait_for()
            time.sleep(5)
            watch(app.pid, chosen.seconds, "a page open", page)
        finally:
            browser.close()
            app.send_signal(signal.SIGTERM)
            app.wait(60)


def watch(pid: int, seconds: float, name: str, page: Page | None = None) -> None:
    """Print what the app and its workers use in that time, and what the page asks for."""
    asked: list[Request] = []
    if page:
        page.on("request", lambda request: asked.append(request))
    workers = children(pid)
    before = [processor_s(each) for each in (pid, *workers)]
    if page:
        page.wait_for_timeout(seconds * 1000)
    else:
        time.sleep(seconds)
    app, *others = (
        after - earlier
        for after, earlier in zip(map(processor_s, (pid, *workers)), before, strict=True)
    )
    print(
        f"{name}: app {app:.2f} s, {len(workers)} workers {sum(others):.2f} s "
        f"in {seconds:.0f} s; {len(asked)} requests",
        flush=True,
    )


def children(pid: int) -> list[int]:
    """The worker processes."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = re.search(r"^PPid:\s+(\d+)", (folder / "status").read_text(), re.M)
        except OSError:
            continue
        if parent and int(parent[1]) == pid:
            found.append(int(folder.name))
    return found


def processor_s(pid: int) -> float:
    """Processor seconds of a process so far; Linux only."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
