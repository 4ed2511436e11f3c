"""Starting and ending the program."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_quietly_when_asked_as_soon_as_the_page_is_open(number, port, tmp_path) -> None:
    command = [sys.executable, "app.py", "--no-browser", "--port", str(port())]
    app = subprocess.Popen(
        [*command, "--workspace", str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "Freezepoint is open at" in app.stdout.readline()
    app.send_signal(number)
    said, complained = app.communicate(timeout=60)
    assert (app.returncode, said, complained) == (0, "", "")
