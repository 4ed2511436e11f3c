"""Strangers at the running page; tests/faults/strangers.py tries every door with more patience."""

import json
from typing import Any

import httpx
import pytest

from gui.core.site import Site
from gui.core.workspace import new_token
from tests.page.visitors import Visitor, fetch, refusal, settings

ASK = httpx.Client(timeout=60)  # the machine may be busy
# What takes no token does nothing with anybody's work.
HARMLESS = {
    "Page._wire.<locals>.<lambda>",  # empties what the page itself shows under Test
    "Mode.wire.<locals>.<lambda>",  # the browser's own wish to see everything
}


def test_every_event_takes_the_token_first_or_is_known_to_be_harmless(pages) -> None:
    tokens = {id(each.token) for each in pages.spoken.values()}
    for function in pages.blocks.fns.values():
        if function.fn is None:
            continue  # nothing but a script in the browser
        takes = bool(function.inputs) and id(function.inputs[0]) in tokens
        assert takes or function.fn.__qualname__ in HARMLESS, function.fn.__qualname__


def test_a_made_up_token_gets_nothing_from_any_event(pages, page) -> None:
    """The ones beside the queue, which are called by number."""
    tokens = {id(each.token) for each in pages.spoken.values()}
    address, tried = f"{page.blocks.local_url}gradio_api/run/predict", 0
    arrivals = [each for each in pages.blocks.fns.values() if each.targets[0][1] == "load"]
    for index, function in list(page.blocks.fns.items())[::9]:
        if function.queue or function in arrivals or not function.inputs:
            continue
        if id(function.inputs[0]) not in tokens or function.fn is None:
            continue
        data = [_shown(part) for part in function.inputs]
        for token in ("", "../x"):
            asked = {"data": [token, *data[1:]], "fn_index": index, "session_hash": "s"}
            answer = ASK.post(address, json={**asked, "event_data": {"id": "x", "kind": "open"}})
            assert answer.status_code == 500, index
            tried += 1
    assert tried > 15


def test_another_s_upload_is_nobody_else_s(visitor, site: Site) -> None:
    someone, stranger = visitor(), visitor()
    address = f"{someone.page.blocks.local_url}gradio_api/upload"
    sent = {"files": ("a.jpg", b"x")}
    headers = {"X-Freezepoint-Key": someone.token}
    (path,) = ASK.post(address, files=sent, headers=headers).json()
    manifest = {"files": [{"rel": "a/1.jpg", "path": path, "size": 1}], "skipped": []}
    drop = stranger.page.pictures.drop
    assert "didn't arrive whole" in refusal(stranger.does, drop, "uploaded", manifest)
    assert (someone.owner.uploads / path).read_bytes() == b"x"
    nobody = ASK.post(address, files=sent)
    assert nobody.status_code == 404
    assert ASK.get(f"{someone.page.blocks.local_url}gradio_api/file={path}").status_code == 404


def test_what_is_another_s_answers_like_what_is_not_there(trained, visitor) -> None:
    someone, run = trained
    stranger: Visitor = visitor()
    told = {
        fetch(someone.page, token=stranger.token, run=each, file="model.keras").text
        for each in (run.id, "0" * 16)
    }
    assert len(told) == 1


def test_a_file_of_gradio_s_in_an_event_makes_nobody_ask_for_anything(visitor) -> None:
    someone: Visitor = visitor()
    forged = {"path": "http://127.0.0.1:9/x.jpg", "meta": {"_type": "gradio.FileData"}}
    index, _ = someone._event(someone.page.pictures.drop, "uploaded")
    asked = {"data": [someone.token, forged], "fn_index": index, "session_hash": "s"}
    for path in ("queue/join", "run/predict"):
        answer = ASK.post(f"{someone.page.blocks.local_url}gradio_api/{path}", json=asked)
        assert answer.status_code == 400


def test_another_browser_cannot_listen_in_on_a_session(visitor, site: Site) -> None:
    someone: Visitor = visitor()
    address, name = someone.page.blocks.local_url, "thesamename"
    index, _ = someone._event(someone.page.pictures.samples, "click")
    own, other = (
        httpx.Client(base_url=address, timeout=60),
        httpx.Client(base_url=address, timeout=60),
    )
    for each in (own, other):
        each.get("/")
    asked = {"data": [someone.token], "fn_index": index, "session_hash": name}
    assert own.post("gradio_api/queue/join", json=asked).status_code == 200
    heard = {}
    for who, client in (
        ("other", other),
        ("nobody", httpx.Client(base_url=address, timeout=60)),
        ("own", own),
    ):
        told = {"session_hash": name}
        with client.stream("GET", "gradio_api/queue/data", params=told, timeout=30) as lines:
            heard[who] = _until_the_end(lines)
    assert "process_completed" in heard["own"]
    for who in ("other", "nobody"):
        assert "process" not in heard[who]


def _shown(part: Any) -> object:
    """What a browser sends of a part; the server keeps states itself."""
    return None if part.get_block_name() == "state" else part.value


def _until_the_end(lines: httpx.Response) -> str:
    said = ""
    try:
        for line in lines.iter_lines():
            said += line
            if line and json.loads(line.removeprefix("data: "))["msg"] == "process_completed":
                break
    except httpx.RemoteProtocolError:
        pass  # Gradio breaks off where there is no such session
    return said


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Host": "evil.example"}])
def test_another_site_starts_nothing(trained, headers) -> None:
    someone, _ = trained
    index, _ = someone._event(someone.page.pictures.samples, "click")
    asked = {"data": [new_token()], "fn_index": index, "session_hash": "s"}
    for path in ("queue/join", "run/predict"):
        address = f"{someone.page.blocks.local_url}gradio_api/{path}"
        assert ASK.post(address, json=asked, headers=headers).status_code in (403, 421)


def test_nothing_goes_past_the_queue_or_the_one_training_at_a_time(trained, site: Site) -> None:
    someone, _ = trained
    address = f"{someone.page.blocks.local_url}gradio_api/run/predict"
    queued = [index for index, each in someone.page.blocks.fns.items() if each.queue and each.fn]
    for index in queued[::10]:
        asked = {"data": [someone.token], "fn_index": index, "session_hash": "s"}
        assert ASK.post(address, json=asked).status_code == 404
    someone.does(someone.page.train.start, "click", *settings(someone, epochs=2))
    before = len(someone.owner.runs())
    told = refusal(someone.does, someone.page.train.start, "click", *settings(someone, epochs=2))
    assert "under way already" in told
    assert len(someone.owner.runs()) == before
