import json
import logging
import socket
import time

import pytest
import yaml

from gui.core import take_home
from gui.core.errors import FreezepointError, HubError, RunError, SettingError
from gui.core.take_home import Made
from gui.sharing import connection, hub
from tests.sharing.stand_in import TOKEN, StandIn

# huggingface_hub hands open files to httpx2 in a way that httpx2 will give up one day.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")


@pytest.fixture
def server():
    running = StandIn()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture(autouse=True)
def _signed_in_computer(monkeypatch, tmp_path):
    """The computer has a token of its own, which must never be sent."""
    (tmp_path / "token").write_text("hf_" + "Computer" * 4)
    monkeypatch.setenv("HF_TOKEN", "hf_" + "Computer" * 4)


@pytest.fixture
def pushes(server, plain_run, caplog, capfd):
    """Pushes the run, and proves that the token is nowhere it could be read."""

    def go(name="sea-animals", token=TOKEN, **options):
        caplog.set_level(logging.DEBUG)
        try:
            return hub.push(plain_run, name, token, endpoint=server.address, **options)
        except FreezepointError as error:
            seen = f"{error!r} {error} {error.__cause__!r} {error.__context__!r}"
            assert TOKEN not in seen
            raise
        finally:
            assert TOKEN not in caplog.text
            assert TOKEN not in "".join(capfd.readouterr())
            for path in plain_run.path.rglob("*"):
                assert not path.is_file() or TOKEN.encode() not in path.read_bytes()
            for head in server.heads:
                assert "Computer" not in json.dumps(head)

    return go


def refusal(pushes, kind=HubError, **options):
    with pytest.raises(kind) as caught:
        pushes(**options)
    return str(caught.value)


def test_a_model_arrives_whole_in_a_private_repository(server, pushes, plain_run):
    seen = []
    address = pushes(progress=lambda done, total: seen.append((done, total)))
    assert address == f"{server.address}/ada/sea-animals"
    repository = server.repositories["ada/sea-animals"]
    assert repository["visibility"] == "private"
    files = repository["files"]
    assert sorted(files) == ["README.md", "config.json", "labels.txt", "model.keras"]
    assert files["model.keras"] == plain_run.model.read_bytes()
    assert files["labels.txt"].decode().split() == ["cat", "dog", "owl"]
    assert yaml.safe_load(files["README.md"].decode().split("---\n")[1])["license"] == "cc-by-4.0"
    told = json.loads(files["config.json"])
    assert told["labels"] == ["cat", "dog", "owl"]
    assert told["model"]["freeze_point"] == "block5_conv1"
    done = [each for each, _ in seen]
    assert done == sorted(done)
    assert seen[-1][0] == seen[-1][1] > 9000
    assert "PUT /storage/" in "".join(server.asked), "the model goes by itself, in plain HTTP"


def test_a_public_one_and_one_of_a_team(server, pushes):
    pushes("the_team/sea", private=False)
    assert server.repositories["the_team/sea"]["visibility"] == "public"


def test_made_forms_go_along_when_they_are_wanted(server, pushes, plain_run):
    path = take_home.file(plain_run, "onnx")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"an onnx file")
    take_home.record(plain_run, Made("onnx", take_home.stamp(plain_run), 12))
    pushes(forms=("onnx", "litert"))
    files = server.repositories["ada/sea-animals"]["files"]
    assert files["model.onnx"] == b"an onnx file"
    assert "model.tflite" not in files


def test_a_model_that_was_refused_isnt_uploaded(server, pushes, plain_run):
    plain_run.exports.mkdir(exist_ok=True)
    told = Made("keras", take_home.stamp(plain_run), 0, None, "It answered differently.")
    take_home.record(plain_run, told)
    try:
        assert "doesn't answer as the model did" in refusal(pushes, RunError)
    finally:
        (plain_run.exports / "keras.json").unlink()
    assert not server.repositories


def test_a_name_that_is_taken_is_told_and_can_be_updated(server, pushes):
    pushes()
    server.repositories["ada/sea-animals"]["files"].clear()
    assert refusal(pushes) == (
        "You have a repository called “sea-animals” already. Choose another name, or switch on "
        "that it may be updated."
    )
    assert server.repositories["ada/sea-animals"]["files"] == {}
    pushes(update=True)
    assert "model.keras" in server.repositories["ada/sea-animals"]["files"]


def test_a_wrong_token_is_told_before_anything_is_made(server, pushes):
    wrong = "hf_" + "x" * 30
    assert refusal(pushes, token=wrong) == (
        "The Hub doesn't know this token: it is mistyped, or it has expired. Make a new one with "
        "the right to write at https://huggingface.co/settings/tokens."
    )
    assert server.asked == ["GET /api/whoami-v2"]


def test_a_token_that_may_only_read_is_told_before_anything_is_made(server, pushes):
    server.role = "read"
    assert refusal(pushes).startswith("This token may not write there. Make one with the right")
    assert server.repositories == {}


@pytest.mark.parametrize(
    ("at", "status", "body", "sentence"),
    [
        ("POST /api/repos/create", 403, {"error": "no"}, "This token may not write there."),
        ("POST /api/repos/create", 400, {"error": "no"}, "doesn't accept “sea-animals”"),
        ("POST /api/repos/create", 402, {"error": "pay"}, "has no room left for this model"),
        ("POST /api/repos/create", 404, {"error": "no"}, "has no place called “sea-animals”"),
        ("POST /api/repos/create", 409, {"error": "Cannot create repo: another conflicting "
                                         "operation is in progress"}, "can't be reached"),
        ("POST /api/repos/create", 200, b"<html>", "an answer that Freezepoint doesn't"),
        ("POST /api/models", 429, {}, "too many requests"),
        ("POST /api/models", 503, {}, "a problem of its own (error 503)"),
        ("PUT /storage", 500, b"", "a problem of its own (error 500)"),
        ("PUT /storage", 403, b"<Error>AccessDenied</Error>", "may not write there"),
        ("POST /ada/sea-animals.git", 403, {"error": "Private repository storage limit reached, "
                                            "please upgrade"}, "has no room left"),
        ("POST /api/models/ada/sea-animals/commit", 413, {}, "has no room left"),
    ],
)  # fmt: skip
def test_what_the_hub_refuses_is_a_sentence_and_nothing_is_left(
    server, pushes, at, status, body, sentence
):
    server.trouble[at] = (status, body, {"Retry-After": "600"})
    began = time.monotonic()
    told = refusal(pushes)
    assert sentence in told
    assert time.monotonic() - began < 20
    assert server.repositories == {}, "or the next try would find the name taken"
    assert server.asked.count(server.asked[-1]) <= 2


def test_without_a_network_it_is_told_at_once(pushes, plain_run, port, monkeypatch):
    with pytest.raises(HubError, match=r"can't be reached\. Check the connection"):
        hub.push(plain_run, "sea", TOKEN, endpoint=f"http://127.0.0.1:{port()}")

    def nobody(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(HubError, match=r"can't be reached\. Check the connection"):
        hub.push(plain_run, "sea", TOKEN, endpoint="http://hub.example")


def test_a_hub_that_says_nothing_is_not_waited_for_twice(server, pushes, monkeypatch):
    monkeypatch.setattr(connection, "_SILENT_S", 1.0)
    connection.bound_waiting.cache_clear()
    server.trouble["POST /api/models"] = 5.0
    began = time.monotonic()
    told = refusal(pushes)
    assert "can't be reached" in told or "hasn't answered" in told
    assert time.monotonic() - began < 15
    connection.bound_waiting.cache_clear()


@pytest.mark.parametrize("name", ["", "a b", "ü", "-x", "x--y", "a/b/c", "x.git", "<b>", "x" * 200])
def test_a_name_that_cannot_be_is_refused_before_anything_is_sent(server, pushes, name):
    told = refusal(pushes, SettingError, name=name)
    assert "can't be the name of a repository. Use up to 96 letters" in told
    assert server.asked == []


@pytest.mark.parametrize("token", ["", "with space", "ü", "line\nbreak"])
def test_a_token_that_cannot_be_is_refused_before_anything_is_sent(server, pushes, token):
    told = refusal(pushes, SettingError, token=token)
    assert "Copy a token with the right to write" in told
    assert server.asked == []


def test_a_model_without_an_evaluation_is_not_uploaded(server, unevaluated):
    with pytest.raises(RunError, match="hasn't been evaluated"):
        hub.push(unevaluated, "sea", TOKEN, endpoint=server.address)
    assert server.asked == []
