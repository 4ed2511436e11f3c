"""What is made for a person speaks the language of the page that they asked from."""

import re
import time
from html.parser import HTMLParser

import pytest
import yaml

from gui.core.errors import RunError
from gui.core.runs import Run
from gui.core.sealing import Progress
from gui.sharing import card, connection, report
from gui.sharing.orders import Orders
from gui.words import say, speaking, spoken

CHINESE = "zh-Hant"


class Outline(HTMLParser):
    """A page's language, its title, and the texts of its headings and of its tables' heads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language = ""
        self.found: dict[str, list[str]] = {}
        self._now = ""
        self.feed(text.partition("<script")[0])

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self._now = tag
        self.language = dict(attrs)["lang"] if tag == "html" else self.language

    def handle_endtag(self, _: str) -> None:
        self._now = ""

    def handle_data(self, data: str) -> None:
        self.found.setdefault(self._now, []).append(data)


def foreign(texts: list[str], run: Run) -> list[str]:
    """Those that are no Chinese, without what the person typed."""
    typed = {run.about.title, *run.split.labels}
    return [each for each in texts if each not in typed and not chinese(each)]


def chinese(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text)) and not re.search(r"[a-z]{2}", text)


@pytest.mark.parametrize("kind", ["plain_run", "nasty_run"])
def test_a_report_asked_for_in_chinese_is_chinese(kind, request):
    run = request.getfixturevalue(kind)
    with speaking(CHINESE):
        page = Outline(report.report(run))
    assert page.language == CHINESE
    for part in ("h1", "h2", "h3", "th", "summary"):
        assert foreign(page.found[part], run) == []
    assert "設定" in page.found["h2"]
    assert any("精簡分類頭" in each for each in page.found["li"])


def test_a_report_of_the_command_line_is_english(plain_run):
    page = Outline(report.report(plain_run))
    assert page.language == "en"
    assert "What to keep in mind" in page.found["h2"]
    assert "block5_conv1 learned" in page.found["li"]


@pytest.mark.parametrize("kind", ["plain_run", "nasty_run"])
def test_a_card_asked_for_in_chinese_is_chinese(kind, request):
    run = request.getfixturevalue(kind)
    with speaking(CHINESE):
        text = card.card(run)
    _, front, body = text.split("---\n", 2)
    headings = re.findall(r"^##+ (.*)$", body, re.MULTILINE)
    assert len(headings) >= 9
    assert foreign(headings, run) == []
    scores = yaml.safe_load(front)["model-index"][0]["results"]
    assert scores[0]["metrics"][0]["name"].startswith("6 張圖片的準確率")
    assert scores[0]["dataset"]["split"] == "validation"
    # Stars between two signs of Chinese would be no end of what is strong.
    for line in body.splitlines():
        assert line.count("**") % 2 == 0
        assert not re.search(r"[^\s\w*]\*\*\w", line)


def test_a_form_is_made_in_the_language_it_was_asked_for_in(plain_run):
    heard = {}

    class Engine:
        def make(self, _run: Run, form: str, _progress: Progress, _wish: object = None) -> None:
            heard[form] = spoken()
            raise RunError("This training can't be read.", say("Choose another run."))

    orders = Orders(Engine())
    with speaking(CHINESE):
        orders.place(plain_run, "onnx")
    orders.place(plain_run, "litert")
    deadline = time.monotonic() + 10
    while any(each.state != "failed" for each in orders.of(plain_run).values()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert heard == {"onnx": CHINESE, "litert": "en"}
    told = orders.of(plain_run)
    assert told["onnx"].problem == "無法讀取這個訓練紀錄。請選擇另一個訓練紀錄。"
    assert told["litert"].problem == "This training can't be read. Choose another run."


def test_what_the_hub_refuses_is_told_in_the_language_of_the_page():
    with speaking(CHINESE):
        assert connection._refusal(429, "").hint == "請等幾分鐘，再試一次。"
        assert "「sea」" in connection._refusal(404, "sea").what
    assert connection._refusal(404, "sea").what == "The Hub has no place called “sea”."
