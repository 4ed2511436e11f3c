"""Starting and ending the program."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
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


def test_names_in_any_script_are_read_in_a_locale_of_plain_letters(tmp_path) -> None:
    """Also where Python's UTF-8 mode was switched off: the folder is told as it is called."""
    taken = tmp_path / "工作 區"
    taken.touch()  # a file, so that no page is started
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, "app.py", "--no-browser", "--workspace", str(taken)],
        cwd=ROOT,
        env={**os.environ, **plain},
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert f"The folder “{taken}” can't be used" in done.stderr.decode()


def test_it_runs_without_any_standard_stream(port, tmp_path) -> None:
    """As a service may be started; the page is open all the same, and it ends as asked."""
    number = port()
    command = [sys.executable, "app.py", "--no-browser", "--port", str(number)]
    app = subprocess.Popen(
        ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *command, "--workspace", str(tmp_path)],
        cwd=ROOT,
    )
    try:
        until = time.monotonic() + 60
        while not _answers(number):
            assert app.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
        app.send_signal(signal.SIGTERM)
        assert app.wait(60) == 0
    finally:
        app.kill()


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
