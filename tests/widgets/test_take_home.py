"""Cards of what can be taken home: asked for, watched, downloaded."""

import pytest
from playwright.sync_api import expect

from gui.widgets.take_home import take_home

pytestmark = pytest.mark.browser


def make():
    return take_home("Your model", "In every form.", "freezepoint/download")


def form(form_id, name, state, **others):
    rest = {"fraction": None, "size": "", "told": "", "ask": "", "files": [], "main": False}
    return {"id": form_id, "name": name, "about": "What for.", "state": state, **rest, **others}


READY = {"size": "59 MB", "files": ["model.keras", "labels.txt"], "main": True, "ask": "check"}
FOUND = "Ran in LiteRT 2.3 on 32 checking pictures: the same answer for all 32."
REFUSED = "In ONNX Runtime 1.30 it gave the same answer for 7 of 32 checking pictures."


@pytest.fixture
def value():
    forms = [
        form("keras", "Keras", "ready", **READY),
        form("onnx", "ONNX", "new", ask="make"),
        form("litert", "LiteRT", "making", fraction=0.4, ask="stop"),
        form("zip", "SavedModel", "waiting"),
        form("half", "Half", "ready", size="29 MB", told=FOUND, files=["half.tflite"]),
        form("int8", "Quarter", "refused", told=REFUSED, ask="retry"),
        form("page", "Page", "failed", told="npm can't be reached. Try later.", ask="retry"),
    ]
    return {"fields": {"token": "secret", "run": "r1"}, "forms": forms}


@pytest.fixture
def on(stage, value):
    on = stage(make, event="picked")
    on.send(value)
    expect(on.page.locator(".card")).to_have_count(7)
    return on


def card(on, name):
    return on.page.get_by_role("listitem").filter(has=on.page.get_by_role("heading", name=name))


def test_each_card_says_how_it_stands_and_what_was_found(on):
    expect(card(on, "Keras")).to_contain_text("Ready · 59 MB")
    expect(card(on, "Half")).to_contain_text(FOUND)
    expect(card(on, "Quarter")).to_contain_text(f"Refused{REFUSED}")
    expect(card(on, "Page")).to_contain_text("npm can't be reached. Try later.")
    expect(card(on, "SavedModel")).to_contain_text("Waiting for its turn")
    assert card(on, "Quarter").get_by_role("button").all_inner_texts() == ["Try again"]
    assert card(on, "SavedModel").get_by_role("button").count() == 0
    expect(on.page.locator(".button.main")).to_have_text("Download model.keras")


def test_a_bar_shows_how_far_and_is_left_alone_while_only_that_changes(on, value):
    bar = card(on, "LiteRT").get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuenow", "40")
    bar.evaluate("node => { node.kept = true; }")
    value["forms"][2]["fraction"] = 0.9
    on.send(value)
    expect(bar).to_have_attribute("aria-valuenow", "90")
    assert bar.evaluate("node => node.kept")
    value["forms"][2]["fraction"] = None
    on.send(value)
    expect(bar).not_to_have_attribute("aria-valuenow", "90")


def test_a_press_asks_for_a_form(on):
    on.page.get_by_role("button", name="Make it: ONNX").click()
    told = on.told("data")
    assert (told["kind"], told["id"]) == ("make", "onnx")


def test_a_press_stops_what_is_being_made_and_the_keyboard_stays_at_its_card(on, value):
    on.page.get_by_role("button", name="Stop: LiteRT").press("Enter")
    told = on.told("data")
    assert (told["kind"], told["id"]) == ("stop", "litert")
    value["forms"][2] = form("litert", "LiteRT", "new", ask="make")
    on.send_quietly(value)
    expect(on.page.get_by_role("button", name="Make it: LiteRT")).to_be_focused()


def test_the_keyboard_stays_at_the_card_from_asking_to_the_file(on, value):
    on.page.get_by_role("button", name="Make it: ONNX").focus()
    value["forms"][1] = form("onnx", "ONNX", "making", ask="stop")
    on.send_quietly(value)
    expect(card(on, "ONNX").locator(".state")).to_be_focused()
    value["forms"][1] = form("onnx", "ONNX", "ready", size="58 MB", files=["model.onnx"])
    on.send_quietly(value)
    expect(card(on, "ONNX").get_by_role("button", name="Download model.onnx")).to_be_focused()
    expect(on.page.locator(".said")).to_contain_text("Ready: ONNX")


def test_a_download_has_no_secret_in_its_address(on):
    sent = []
    on.page.route(
        "**/freezepoint/download", lambda way: (sent.append(way.request), way.fulfill(status=204))
    )
    with on.page.expect_request("**/freezepoint/download"):
        on.page.get_by_role("button", name="Download half.tflite").click()
    assert (sent[0].method, "secret" in sent[0].url) == ("POST", False)
    assert sent[0].post_data == "token=secret&run=r1&file=half.tflite"


def test_no_text_becomes_html(on, value, nasty):
    value["forms"][5] = form(nasty, nasty, "refused", told=nasty, ask="retry", files=[nasty])
    on.send(value)
    expect(on.page.get_by_text("hacked").first).to_be_visible()
    assert on.is_unharmed()
    assert on.fits()


@pytest.mark.parametrize("width", [390, 1280])
def test_it_can_be_read_at_any_width(stage, value, look, width):
    on = stage(make, event="picked", width=width)
    on.send(value)
    expect(on.page.locator(".card")).to_have_count(7)
    look(on, "take-home")
