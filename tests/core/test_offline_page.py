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
from gui.words import speaking

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
        self.language = ""
        self.labels: list[str] = []
        self._now = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        told = dict(attrs)
        self._now = told.get("id") or tag
        self.order.append(self._now)
        if told.get("http-equiv") == "Content-Security-Policy":
            self.policy = told["content"]
        self.language = told.get("lang", self.language)
        self.labels += [told["aria-label"]] if "aria-label" in told else []
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


def test_in_english_it_says_what_it_always_said(page) -> None:
    assert page.language == "en"
    assert page.texts["status"] == "Unpacking the model…"
    assert page.labels == ["Answers"]
    told = json.loads(page.texts["leaflet"])
    assert told["classes"].startswith(
        "Tells 3 classes apart: “</script><script>alert(2)</script>”, "
    )
    assert told["facts"][:2] == [
        "9 of 10 right (90.0 %).",
        "It always answers with one of its own classes, whatever a picture shows.",
    ]
    assert told["facts"][2].startswith("Trained on 2026-11-24. Made with Freezepoint from VGG16 by")
    assert told["words"]["looking"] == "Looking at picture {place} of {count}…"


def test_made_in_chinese_it_is_chinese(tmp_path) -> None:
    with speaking("zh-Hant"):
        offline_page.write(tmp_path / "page.html", LEAFLET, b"a model", RUNTIME)
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    page = Page(text)
    assert page.language == "zh-Hant"
    told = json.loads(page.texts["leaflet"])
    shown = [
        page.texts[each]
        for each in ("p", "label", "status", "h2", "noscript")
        if each in page.texts
    ]
    for each in (
        *shown,
        *page.labels,
        *told["words"].values(),
        *told["facts"][1:],
        told["classes"],
    ):
        assert re.search(r"[\u4e00-\u9fff]", each), each
    for each in ("Drop", "Choose", "picture", "About", "Nothing"):
        assert each not in text.partition("<script")[0]
    assert "「${1+1} кот」" in told["classes"]


def test_the_script_says_nothing_else_than_its_words(page) -> None:
    told = json.loads(page.texts["leaflet"])
    script = page.texts["script"]
    assert set(re.findall(r"words\(\"(\w+)\"", script)) == set(told["words"])
    for name, text in told["words"].items():
        given = re.search(rf"words\(\"{name}\"(?:, \{{([^}}]*)\}})?", script)[1] or ""
        assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"(\w+):", given)), name
