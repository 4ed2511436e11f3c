"""Starting and ending the program."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
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
        # These tests may be started by "nohup", which has SIGHUP ignored by all that they start.
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    )
    assert "Freezepoint is open at" in app.stdout.readline()
    app.send_signal(number)
    said, complained = app.communicate(timeout=60)
    assert (app.returncode, said, complained) == (0, "", "")


def test_people_on_a_list_have_work_of_their_own_on_every_device(port, tmp_path) -> None:
    """The real app: nothing is there without signing in, and no name opens another's work."""
    number = port()
    command = [sys.executable, "app.py", "--no-browser", "--port", str(number)]
    environment = {**os.environ, "FREEZEPOINT_AUTH": "anna: blue otter\nben: red crab"}
    app = subprocess.Popen(
        [*command, "--workspace", str(tmp_path)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert "Freezepoint is open at" in app.stdout.readline()
    try:
        strangers = [httpx.Client(base_url=f"http://127.0.0.1:{number}") for _ in range(3)]
        assert "password" in strangers[0].get("/").text
        assert [strangers[0].get(path).status_code for path in ("/config", "/theme.css")] == [
            401
        ] * 2
        phone, desktop, ben = strangers
        people = [(phone, "anna", "blue otter"), (desktop, "Anna", "blue otter")]
        for client, name, password in [*people, (ben, "ben", "red crab")]:
            entered = client.post("/freezepoint/sign-in", data={"name": name, "password": password})
            assert entered.status_code == 303
        tokens = [arrives(client) for client in (phone, desktop, ben)]
        assert tokens[0] == tokens[1] != tokens[2]
        sent = {"files": ("a.jpg", b"x")}
        kept = [
            client.post("/gradio_api/upload", files=sent, headers={"X-Freezepoint-Key": token})
            for client, token in ((phone, tokens[0]), (ben, tokens[0]), (ben, tokens[2]))
        ]
        assert [each.status_code for each in kept] == [200, 404, 200]
        assert [queued(ben, token) for token in (tokens[0], tokens[2])] == [False, True]
        phone.post("/freezepoint/sign-out")
        assert [each.get("/config").status_code for each in (phone, desktop)] == [401, 200]
    finally:
        app.send_signal(signal.SIGTERM)
        _, complained = app.communicate(timeout=60)
    assert complained == ""


def arrives(client: httpx.Client) -> str:
    """Opens the page; the token that it is given."""
    told = client.get("/config").json()["dependencies"]
    loads = [each for each in told if any(event == "load" for _, event in each["targets"])]
    first = next(each["id"] for each in loads if len(each["outputs"]) == 3)
    asked = {"data": [""], "fn_index": first, "session_hash": "s"}
    token: str = client.post("/gradio_api/run/predict", json=asked).json()["data"][0]
    return token


def queued(client: httpx.Client, token: str) -> bool:
    """Presses a button whose event goes through the queue; whether it did something."""
    told = client.get("/config").json()["dependencies"]
    (pressed, *_) = (
        each["id"]
        for each in told
        if each["queue"] and len(each["inputs"]) == 1 and each["targets"][0][1] == "click"
    )
    asked = {"data": [token], "fn_index": pressed, "session_hash": "q"}
    assert client.post("/gradio_api/queue/join", json=asked).status_code == 200
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": "q"}) as lines:
        for line in lines.iter_lines():
            if '"process_completed"' in line:
                return '"success":true' in line
    raise LookupError(pressed)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--auth", "missing.txt"], "The list of who may sign in can't be read: missing.txt."),
        (["--auth", "requirements.txt"], "Line 2 of the list of who may sign in has no name"),
    ],
)
def test_a_list_that_cannot_be_used_is_said_in_one_sentence(more, told, tmp_path) -> None:
    command = [sys.executable, "app.py", "--no-browser", "--workspace", str(tmp_path), *more]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


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


def test_who_runs_it_sees_figures_and_lines_that_name_nobody(port, tmp_path) -> None:
    """The real app looked at by its figures, with a wrong password."""
    parser = pytest.importorskip("prometheus_client.parser")
    number, figures = port(), port()
    flags = ["--port", str(number), "--metrics", str(figures), "--log-format", "json"]
    environment = {**os.environ, "FREEZEPOINT_AUTH": "anna: blue otter"}
    app = subprocess.Popen(
        [sys.executable, "app.py", "--no-browser", "--workspace", str(tmp_path), *flags],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert "Freezepoint is open at" in app.stdout.readline()
        with httpx.Client(base_url=f"http://127.0.0.1:{number}") as client:
            client.post("/freezepoint/sign-in", data={"name": "anna", "password": "red crab"})
            assert client.get("/metrics").status_code == 404  # not on the page's own port
            told = client.get(f"http://127.0.0.1:{figures}/metrics").text
    finally:
        app.send_signal(signal.SIGTERM)
        _, lines = app.communicate(timeout=60)
    samples = {
        (each.name, *each.labels.values()): each.value
        for family in parser.text_string_to_metric_families(told)
        for each in family.samples
    }
    assert samples["freezepoint_sign_ins_refused_total", "wrong"] == 1
    assert samples["freezepoint_queue_length",] == 0
    assert samples["freezepoint_disk_free_bytes",] > 0
    events = [json.loads(line) for line in lines.splitlines()]
    assert [each["event"] for each in events] == ["opened", "sign_in_refused", "closed"]
    assert (events[0]["port"], events[0]["signs_in"]) == (number, True)
    assert not re.search("anna|otter|crab|127\\.0|" + re.escape(str(tmp_path)), told + lines)
