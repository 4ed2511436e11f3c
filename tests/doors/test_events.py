"""What a page sends comes through as the page sends it, into its own session."""

import json

import pytest

from gui.core.workspace import Workspace, new_token
from gui.doors.asking import VISIT, Place
from gui.doors.buckets import Allowance
from gui.doors.events import Events
from gui.doors.rates import Limits
from tests.doors.conftest import Asker, behind, told

JOIN = "/gradio_api/queue/join"


@pytest.fixture
def door(tmp_path):
    return Events(behind, Place(), Workspace(tmp_path))


def sent(**changed):
    return {"data": ["x"], "fn_index": 3, "session_hash": "abc", **changed}


def session(asker, path=JOIN):
    """The session that Gradio is told."""
    if path == JOIN:
        return json.loads(told(asker.post(JOIN, sent()))["body"])["session_hash"]
    got = told(asker.get(path))
    return got["query"].removeprefix("session_hash=") or got["path"].rpartition("/")[2]


def test_the_same_name_from_another_browser_is_another_session(door):
    someone, stranger, without = (Asker(door) for _ in range(3))
    for each in (someone, stranger):
        each.get("/")
        assert VISIT in each.cookies
    known = session(someone)
    assert known != session(stranger) != session(without)
    assert session(someone) == known
    for path in ("/gradio_api/queue/data?session_hash=abc", "/gradio_api/heartbeat/abc"):
        assert session(someone, path) == known
        assert session(stranger, path) == session(stranger)
        assert session(without, path) == "abc"


def test_the_cookie_is_kept_from_scripts_and_other_sites(tmp_path):
    own, space = (Events(behind, Place(space=each), Workspace(tmp_path)) for each in (False, True))
    made = [Asker(door).get("/").headers["set-cookie"] for door in (own, space)]
    assert all("; HttpOnly" in each for each in made)
    assert "SameSite=Lax" in made[0]
    assert "Secure" not in made[0]
    assert "SameSite=None; Partitioned; Secure" in made[1]  # inside the Space's frame


def test_what_changes_how_gradio_takes_the_rest_is_left_out(door):
    given = sent(batched=True, simple_format=True, oauth_token="x", request={}, event_data={"a": 1})
    body = json.loads(told(Asker(door).post(JOIN, given))["body"])
    assert body == {**sent(), "event_data": {"a": 1}}


FILE = {"path": "http://127.0.0.1/x", "meta": {"_type": "gradio.FileData"}}


@pytest.mark.parametrize(
    "content",
    [
        sent(data=[FILE]),
        sent(data=["x", {"files": [[{"a": FILE}]]}]),
        sent(event_data={"id": FILE}),
        sent(data=[{"path": "x", "meta": None}]),
        sent(data="x"),
        sent(session_hash="../x"),
        sent(session_hash=7),
        [],
        7,
        b"",
        b"{",
        b'{"data": ' + b"[" * 100_000,
    ],
)
def test_what_no_page_sends_is_refused(door, content):
    headers = {"content_type": "application/json"} if isinstance(content, bytes) else {}
    answer = Asker(door).post(JOIN, content, **headers)
    assert answer.status_code == 400
    assert answer.json()["error"] == "The page asked for something unknown."


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_form_of_another_site_cannot_pass_for_an_event(door, kind):
    body = json.dumps(sent()).encode()
    assert Asker(door).post(JOIN, body, content_type=kind).status_code == 400


def test_too_much_at_once_is_refused(door):
    body = json.dumps(sent(data=["x" * 33 * 2**20])).encode()
    assert Asker(door).post(JOIN, body, content_type="application/json").status_code == 413


def test_so_many_people_are_new_at_one_address_and_known_ones_are_not_counted(tmp_path, clock):
    limits = Limits(newcomers=Allowance(burst=3, a_second=0.1))
    workspace = Workspace(tmp_path)
    door = Events(behind, Place(), workspace, limits, clock)

    def comes(token: str, client: str = "192.168.1.7") -> int:
        return Asker(door, client).post(JOIN, sent(data=[token])).status_code

    first = new_token()
    assert [comes(first), comes(first), comes(new_token()), comes(new_token())] == [200] * 4
    refused = Asker(door).post(JOIN, sent(data=[new_token()]))
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "10"
    assert "new here" in refused.json()["detail"]
    known = workspace.owner(new_token())
    known.path.mkdir(parents=True)
    assert [comes(known.token), comes(first), comes("")] == [200] * 3
    assert [comes(new_token(), "192.168.1.8"), comes(new_token(), "127.0.0.1")] == [200] * 2
    clock.now += 10
    assert [comes(new_token()), comes(new_token())] == [200, 429]
