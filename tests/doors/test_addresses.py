"""Only what the page asks for is there."""

import time

import pytest

from gui.doors.addresses import Addresses
from tests.doors.conftest import Asker, behind

OPEN = [
    ("GET", "/"),
    ("HEAD", "/"),
    ("GET", "/zh-Hant"),
    ("GET", "/assets/index-DphvyggB.js"),
    ("GET", "/static/js/iframeResizer.contentWindow.min.js"),
    ("GET", "/gradio_api/heartbeat/jt7vkcawco"),
    ("GET", "/gradio_api/queue/data?session_hash=abc"),
    ("POST", "/gradio_api/run/predict"),
    ("POST", "/gradio_api/upload"),
    ("POST", "/freezepoint/download"),
    ("GET", "/login/callback"),
]
CLOSED = [
    ("GET", "/gradio_api/file=/etc/passwd"),
    ("GET", "/gradio_api/file=https://example.org/x.jpg"),
    ("GET", "/file=/etc/passwd"),
    ("GET", "/gradio_api/file/etc/passwd"),
    ("GET", "/gradio_api/proxy=https://x.hf.space/x"),
    ("GET", "/gradio_api/deep_link?session_hash=abc"),
    ("GET", "/gradio_api/custom_component/x/client/component/index.js"),
    ("GET", "/gradio_api/stream/abc/1/1/playlist.m3u8"),
    ("GET", "/gradio_api/upload_progress?upload_id=x"),
    ("POST", "/gradio_api/component_server"),
    ("POST", "/gradio_api/run/click_1"),
    ("POST", "/gradio_api/api/predict"),
    ("POST", "/gradio_api/call/predict"),
    ("POST", "/login"),
    ("GET", "/monitoring"),
    ("GET", "/gradio_api/run/predict"),
    ("DELETE", "/"),
    ("POST", "/"),
    ("OPTIONS", "/"),
    ("GET", "/assets/../app.py"),
    ("GET", "/assets/..%2fapp.py"),
    ("GET", "/assets/%2e%2e/app.py"),
    ("GET", "/assets/%252e%252e/app.py"),
    ("GET", "/assets/%c0%ae%c0%ae/app.py"),
    ("GET", "/assets/..%5capp.py"),
    ("GET", "/assets//etc/passwd"),
    ("GET", "/assets/x.js%00.png"),
    ("GET", "/assets/.env"),
    ("GET", "/assets/x;/y"),
    ("GET", "/freezepoint/..%2f..%2fx"),
]


@pytest.mark.parametrize(("method", "path"), OPEN)
def test_what_the_page_asks_for_is_there(method, path):
    assert Asker(Addresses(behind)).get(path, method).status_code == 200


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_anything_else_is_not_found_and_always_in_the_same_words(method, path):
    asker = Asker(Addresses(behind))
    answer, nothing = asker.get(path, method), asker.get("/there-is-no-such-thing")
    assert answer.status_code == 404
    assert answer.content == nothing.content


def test_gradio_s_start_is_open_to_this_computer_and_once():
    door = Addresses(behind)
    path = "/gradio_api/startup-events"
    stranger, own = Asker(door), Asker(door, "127.0.0.1")
    assert [each.get(path).status_code for each in (stranger, own, own)] == [404, 200, 404]


@pytest.mark.parametrize("letters", ["a" * 26, "a/" * 13, "..%2f" * 12, "a" * 60_000])
def test_a_long_path_that_fits_nothing_is_refused_at_once(letters):
    began = time.process_time()
    assert Asker(Addresses(behind)).get(f"/{letters}%25").status_code == 404
    assert time.process_time() - began < 1
