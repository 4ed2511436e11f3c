"""The offline page as a file; tests/engine/test_apps.py opens it in a browser."""

import base64
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from gui.core import offline_page
from gui.core.leaflet import Leaflet

RUNTIME = {path: path.encode() for path in offline_page.RUNTIME.sha256}
LEAFLET = Leaflet(
    "</title><script>alert(1)</script>{{model}}",
    ("</script><script>alert(2)</script>", "<!--<script>", "${1+1} кот"),
    64,
    "2026-11-24",
    ("9 of 10 right (90.0 %).",),
)


class Page(HTMLParser):
    """Each element's text, by its id or else its name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self.order: list[str] = []
        self.policy = ""
        self._now = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        told = dict(attrs)
        self._now = told.get("id") or tag
        self.order.append(self._now)
        if told.get("http-equiv") == "Content-Security-Policy":
            self.policy = told["content"]
        assert "src" not in told, "a page that works offline loads nothing"
        assert "href" not in told

    def handle_endtag(self, _: str) -> None:
        self._now = ""

    def handle_data(self, data: str) -> None:
        self.texts[self._now] = self.texts.get(self._now, "") + data


@pytest.fixture
def page(tmp_path) -> Page:
    offline_page.write(tmp_path / "page.html", LEAFLET, b"a model", RUNTIME)
    return Page((tmp_path / "page.html").read_text(encoding="utf-8"))


def test_names_cannot_leave_their_place(page) -> None:
    assert page.texts["title"] == LEAFLET.title
    told = json.loads(page.texts["leaflet"])
    assert tuple(told["labels"]) == LEAFLET.labels
    assert told["title"] == LEAFLET.title
    scripts = [name for name in page.order if name in ("leaflet", "code", "machine", "model")]
    assert scripts == ["leaflet", "code", "machine", "model"]
    assert page.order.count("script") == 1


def test_model_and_runtime_lie_inside(page) -> None:
    inside = {
        name: gzip.decompress(base64.b64decode(page.texts[name].strip()))
        for name in ("code", "machine", "model")
    }
    assert inside["model"] == b"a model"
    assert {inside["code"], inside["machine"]} == set(RUNTIME.values())


def test_the_policy_lets_nothing_out_and_no_other_script_in(page) -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in page.policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "connect-src" not in rules  # so the default holds
    assert "unsafe-inline" not in page.policy
    assert not re.search(r"https?:|\*", page.policy)
    for rule, name in (("script-src", "script"), ("style-src", "style")):
        digest = base64.b64encode(hashlib.sha256(page.texts[name].encode()).digest()).decode()
        assert f"'sha256-{digest}'" in rules[rule]
