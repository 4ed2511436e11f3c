"""Which language a person gets, and that its page answers in it."""

from typing import Any

import httpx
import pytest
from gradio_client import Client

from gui.core.site import Site
from gui.words import locales
from tests.page.visitors import Visitor

CHINESE = "zh-TW,zh;q=0.9,en;q=0.8"


@pytest.fixture
def open_page(page: Any):
    def get(path: str = "", accepted: str = "en", **cookies: str) -> httpx.Response:
        headers = {"accept-language": accepted}
        if cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return httpx.get(f"{page.blocks.local_url}{path}", headers=headers)

    return get


def chosen_by(answer):
    """The cookies that keep a language."""
    cookies = answer.headers.get_list("set-cookie")
    return [each for each in cookies if each.startswith("language=")]


def test_the_first_page_is_in_the_language_of_the_browser(open_page):
    assert open_page().status_code == 200
    assert open_page(accepted="de").status_code == 200
    led = open_page(accepted=CHINESE)
    assert (led.status_code, led.headers["location"]) == (307, "./zh-Hant")
    assert open_page("zh-Hant").status_code == 200
    assert "Accept-Language" in led.headers["vary"]
    assert chosen_by(led) == []


def test_what_follows_the_address_stays(open_page):
    led = open_page("?__theme=dark&language=zh-Hant&a=b%26c")
    assert led.headers["location"] == "./zh-Hant?__theme=dark&a=b%26c"


def test_a_choice_is_kept_and_goes_before_what_the_browser_asks_for(open_page):
    chosen = open_page("?language=en", CHINESE)
    assert chosen.status_code == 200
    assert chosen_by(chosen)[0].startswith("language=en;")
    assert open_page(accepted=CHINESE, language="en").status_code == 200
    chosen = open_page("?language=zh-Hant")
    assert chosen_by(chosen)[0].startswith("language=zh-Hant;")
    assert open_page(accepted="en", language="zh-Hant").status_code == 307


@pytest.mark.parametrize("strange", ["//evil.example", "tlh", "../x", "%0d%0aX: y", "zh-Hant/.."])
def test_a_language_that_is_not_there_leads_nowhere(open_page, strange):
    for answer in (open_page(f"?language={strange}"), open_page(language=strange)):
        assert answer.status_code == 200
        assert chosen_by(answer) == []


def test_each_language_s_page_has_parts_of_its_own(open_page):
    """Not two of everything on one page."""
    english, chinese = open_page().text, open_page("zh-Hant").text
    for said, not_said in ((english, chinese), (chinese, english)):
        assert said != not_said
    assert english.count('"elem_classes": ["fp-foot"]') <= 1
    assert abs(len(english) - len(chinese)) < 0.1 * len(english)


def test_a_mistake_is_told_in_the_language_of_its_page(pages: Any, page: Any, site: Site):
    client = Client(page.blocks.local_url, verbose=False)
    texts = locales()["zh-Hant"].texts
    chinese = Visitor(pages.spoken["zh-Hant"], client, site)
    english = Visitor(page, client, site)
    told = {}
    for someone in (english, chinese):
        answer = someone.picks(someone.page.bar, "chosen", id="nowhere")
        told[someone] = answer["output"]["error"]
    assert "The page asked for a step that isn't there." in told[english].replace("&#x27;", "'")
    assert texts["The page asked for a step that isn't there."] in told[chinese]
