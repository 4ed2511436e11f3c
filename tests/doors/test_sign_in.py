"""Where a list or a password is asked for, nothing is there without it."""

import re

import pytest

from gui.core import accounts
from gui.core.sign_ins import SignIns
from gui.doors import sign_in
from gui.doors.asking import SIGNED_IN, Place
from gui.doors.buckets import Allowance
from gui.doors.sign_in import SIGN_IN, SIGN_OUT, SignIn
from tests.doors.conftest import Asker, Clock, behind, told

FORM = "application/x-www-form-urlencoded"
LIST = "anna: blue otter\nBen: geheim"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Looking at a password takes a few milliseconds here, not half a second."""
    nobody = accounts._Password(bytes(16), bytes(32), (2, 1, 1))
    monkeypatch.setattr(accounts, "_NOBODY", nobody)


@pytest.fixture
def make(tmp_path, clock):
    def door(text: str = LIST, place: Place | None = None) -> SignIn:
        known = accounts.read(text)
        sign_ins = SignIns(tmp_path / "signed_in.json", known, b"secret", clock)
        return SignIn(behind, place or Place(), known, sign_ins, clock)

    return door


def enters(asker, name="anna", password="blue otter", **headers):
    body = f"name={name}&password={password}".replace(" ", "+").encode()
    return asker.post(SIGN_IN, body, content_type=FORM, **headers)


def test_without_signing_in_there_is_only_the_page_that_asks(make):
    asker = Asker(make())
    for path in ("/", "/zh-Hant"):
        page = asker.get(path)
        assert page.status_code == 200
        assert 'name="password"' in page.text
        assert not re.search(r'(?:src|href)="(?!data:|\.\.?/)', page.text)  # it needs nothing else
    for path in ("/config", "/assets/x.js", "/theme.css", "/freezepoint/charts.js", "/zh-Hant/x"):
        assert asker.get(path).status_code == 401
    for path in ("/gradio_api/run/predict", "/gradio_api/upload", "/freezepoint/download", "/"):
        assert asker.post(path).status_code == 401
    asker.cookies = {SIGNED_IN: "made-up"}
    assert asker.get("/config").status_code == 401


def test_whoever_signs_in_is_known_until_they_sign_out(make):
    asker = Asker(make())
    answer = enters(asker)
    assert (answer.status_code, answer.headers["location"]) == (303, "../")
    assert told(asker.get("/config"))["user"] == "anna"
    kept = dict(asker.cookies)
    left = asker.post(SIGN_OUT)
    assert left.status_code == 303
    assert f"{SIGNED_IN}=; Max-Age=0" in left.headers["set-cookie"]
    asker.cookies = kept  # copied before
    assert asker.get("/config").status_code == 401


def test_names_are_told_by_the_list_and_case_does_not_matter(make):
    asker = Asker(make())
    enters(asker, "BEN ", "geheim")
    assert told(asker.get("/config"))["user"] == "Ben"


def test_one_password_for_everybody(make):
    asker = Asker(make("one word"))
    assert 'name="name"' not in asker.get("/").text
    assert "That isn't the password." in told_page(enters(asker, "", "another"))
    enters(asker, "", "one word")
    assert told(asker.get("/config"))["user"] == ""


def told_page(answer):
    assert answer.status_code in (401, 429)
    return answer.text.replace("&#x27;", "'")


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(make):
    wrong = [told_page(enters(Asker(make()), *each)) for each in
             (("anna", "x"), ("nobody", "x"), ("anna", ""), ("", "blue otter"))]  # fmt: skip
    shown = {re.search(r'role="alert">(.*?)</p>', each)[1] for each in wrong}
    (sentence,) = shown
    assert sentence.startswith("This name and this password don't belong together.")


def test_what_was_written_is_shown_literally(make):
    page = told_page(enters(Asker(make()), "%22><script>alert(1)</script>", "x"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_guessing_is_slow_for_a_name_and_for_an_address(make, clock, monkeypatch):
    monkeypatch.setattr(sign_in, "_OF_ADDRESS", Allowance(12, 0.1))
    door = make()
    for _ in range(8):
        assert enters(Asker(door), "anna", "x").status_code == 401
    refused = enters(Asker(door), "anna")  # the right one, too
    assert refused.status_code == 429
    assert "Wait 20 seconds" in told_page(refused)
    assert refused.headers["retry-after"] == "20"
    assert enters(Asker(door, "10.0.0.9"), "Anna ").status_code == 429  # from anywhere
    for _ in range(4):
        enters(Asker(door), "ben", "x")
    assert enters(Asker(door), "ben", "geheim").status_code == 429  # the address
    assert enters(Asker(door, "10.0.0.9"), "ben", "geheim").status_code == 303
    clock.now += 20
    assert enters(Asker(door), "anna").status_code == 303


def test_a_sign_in_outlives_a_restart_and_ends_with_the_day_or_the_password(make, clock: Clock):
    asker = Asker(make())
    enters(asker)
    again = Asker(make())
    again.cookies = asker.cookies
    assert told(again.get("/config"))["user"] == "anna"
    changed = Asker(make("anna: another\nBen: geheim"))
    changed.cookies = asker.cookies
    assert changed.get("/config").status_code == 401
    for seconds in (13 * 3600, -14 * 3600):  # also when the clock is set back
        clock.now += seconds
        assert again.get("/config").status_code == 401


def test_the_cookie_suits_where_the_page_is(make):
    cookies = {
        "plain": enters(Asker(make())),
        "https": enters(Asker(make()), origin="https://school.example"),
        "space": enters(Asker(make(place=Place(space=True)))),
    }
    made = {name: answer.headers["set-cookie"] for name, answer in cookies.items()}
    assert all("; HttpOnly" in each for each in made.values())
    assert made["plain"].endswith("SameSite=Lax")
    assert made["https"].endswith("SameSite=Lax; Secure")
    assert made["space"].endswith("SameSite=None; Partitioned; Secure")


def test_a_browser_that_keeps_no_cookie_in_a_frame_is_told_what_helps(make):
    door = make(place=Place(space=True))
    asker = Asker(door)
    back = enters(asker).headers["location"]
    assert back == "../?entered=1"
    assert "window of its own" in Asker(door).get("/?entered=1").text
    arrived = asker.get("/?entered=1&__theme=dark")
    assert (arrived.status_code, arrived.headers["location"]) == (303, "./?__theme=dark")


def test_the_page_speaks_the_reader_s_language(make):
    asker = Asker(make())
    assert '<html lang="zh-Hant">' in asker.get("/", accept_language="zh-TW").text
    assert '<html lang="zh-Hant">' in asker.get("/zh-Hant").text
    assert '<html lang="en">' in asker.get("/?language=en", accept_language="zh-TW").text
    body = b"name=a&password=b&language=zh-Hant"
    assert '<html lang="zh-Hant">' in asker.post(SIGN_IN, body, content_type=FORM).text
    body = b"name=anna&password=blue+otter&language=zh-Hant"
    back = asker.post(SIGN_IN, body, content_type=FORM).headers["location"]
    assert back == "../?language=zh-Hant"
