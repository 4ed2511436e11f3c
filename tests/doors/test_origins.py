"""Other sites' pages start nothing, nor does a page under a borrowed name."""

import pytest

from gui.doors.asking import Place
from gui.doors.origins import Origins
from tests.doors.conftest import Asker, behind

HOST = "192.168.1.5:7860"
SAME = [
    {},  # no browser: it has nobody's rights but its own
    {"origin": f"http://{HOST}"},
    {"sec-fetch-site": "same-origin", "origin": f"http://{HOST}"},
    {"sec-fetch-site": "none"},  # typed into the address bar
    # A proxy that names the address it was asked under, and one that doesn't but speaks https.
    {"origin": "https://school.example", "x-forwarded-host": "school.example"},
    {"origin": "https://school.example", "sec-fetch-site": "same-origin"},
]
OTHER = [
    {"origin": "http://evil.example"},
    {"origin": "null"},
    {"origin": "http://192.168.1.5"},  # another port is another site
    {"origin": f"http://{HOST}.evil.example"},
    {"origin": f"http://evil.example#{HOST}"},
    {"origin": f"file://{HOST}"},
    {"origin": "http://[::1"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "origin": f"http://{HOST}"},
    {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},  # a form that posts
]


def asker(place: Place | None = None) -> Asker:
    return Asker(Origins(behind, place or Place()))


@pytest.mark.parametrize("headers", SAME)
def test_the_page_itself_comes_through(headers):
    assert asker().post("/gradio_api/run/predict", **headers).status_code == 200


@pytest.mark.parametrize("headers", OTHER)
def test_another_site_s_page_does_not(headers):
    answer = asker().post("/gradio_api/run/predict", **headers)
    assert answer.status_code == 403
    assert answer.json()["detail"] == "Another site asked for this, so it wasn't done."
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_another_site_may_open_the_page_but_read_nothing():
    opened = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    read = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}
    assert asker().get("/", **opened).status_code == 200
    assert asker().get("/config", **read).status_code == 403
    assert asker().get("/config", origin="http://evil.example").status_code == 403
    asked = {"origin": "http://evil.example", "access-control-request-method": "POST"}
    assert asker().get("/gradio_api/run/predict", "OPTIONS", **asked).status_code == 403


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:7860", "localhost:7860", "[::1]:7860", "10.1.2.3", "teacher-pc:7860",
     "teacher-pc.local", "freezepoint.localhost", "teacher.lan.", "school.example"],
)  # fmt: skip
def test_this_computer_has_these_names(host):
    known = asker(Place(names=("School.example",)))
    assert known.get("/", host=host).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "localhost.evil.example", "",
     "[::1", "evil.example:x", "1.2.3.4.nip.io", "notlocal.evil"],
)  # fmt: skip
def test_a_name_that_leads_here_but_is_not_ours_opens_nothing(host):
    same = {"sec-fetch-site": "same-origin", "x-forwarded-host": "127.0.0.1"}
    answer = asker().get("/", host=host, **same)
    assert answer.status_code == 421
    assert "--name" in answer.json()["detail"]


def test_a_space_is_public_under_its_own_name():
    space = asker(Place(space=True))
    host = "someone-freezepoint.hf.space"
    own = {"host": host, "origin": f"https://{host}", "sec-fetch-site": "same-origin"}
    framed = {"host": host, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert space.post("/gradio_api/run/predict", **own).status_code == 200
    assert space.get("/", **framed).status_code == 200
    other = {"host": host, "origin": "https://huggingface.co", "sec-fetch-site": "cross-site"}
    assert space.post("/gradio_api/run/predict", **other).status_code == 403
