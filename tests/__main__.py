"""All checks, in order: ``python -m tests``. Lint, types, then every test; a browser is installed.

Arguments are handed to pytest: ``python -m tests -k ingest``.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def main() -> int:
    """Run every check; returns the first exit code that isn't 0."""
    browser()
    commands = [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        # Three at a time, on two processors: much of a test is waiting for a process to start, or a
        # page, or a clock. Files stay together.
        # In their order, not those with most tests first: a few in a browser would come last, and
        # the others would wait for it.
        # What waits for a browser or a process meets a busy machine now and then: a test that fails
        # is tried once more, and the summary names it ("rerun").
        [
            *("pytest", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"),
            *("--reruns", "1", "--durations", "40", *sys.argv[1:]),
        ],
    ]
    for command in commands:
        print("$", *command, flush=True)
        code = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0


def browser() -> None:
    """Make sure that there is a Chromium: the system's, or Debian's, or Playwright's own."""
    if any(map(shutil.which, BROWSERS)):
        return
    ways = [[sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]]
    if shutil.which("apt-get") and os.geteuid() == 0:
        ways.insert(0, ["apt-get", "install", "-y", "-qq", "chromium"])
        subprocess.run(["apt-get", "update", "-qq"], check=False)
    for way in ways:
        print("$", *way, flush=True)
        if subprocess.run(way, check=False).returncode == 0:
            return
    print(
        "No browser could be installed. Install Chromium by hand (Debian and Ubuntu: "
        "sudo apt-get install chromium), then run this again.",
        file=sys.stderr,
    )
    sys.exit(1)


if __name__ == "__main__":
    sys.exit(main())
