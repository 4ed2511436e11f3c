"""The camera, played by Chromium itself: a turning pie on green."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from gui.widgets.webcam import webcam

pytestmark = pytest.mark.browser


def make():
    return webcam("Camera")


def test_a_press_sends_what_the_camera_sees_and_it_is_given_back(stage, look):
    on = stage(make, event="uploaded")
    page = on.page
    page.get_by_role("button", name="Use the camera").click()
    expect(page.locator("video")).to_be_visible()
    expect(page.get_by_role("button", name="Take the picture")).to_be_enabled()
    look(on, "webcam")
    page.get_by_role("button", name="Take the picture").click()
    (file,) = on.told()["files"]
    assert file["rel"] == "camera 1.jpg"
    with Image.open(Path(file["path"])) as taken:
        assert taken.format == "JPEG"
        assert min(taken.size) >= 240
        red, green, blue = taken.convert("RGB").resize((1, 1)).getpixel((0, 0))
    assert green > 2 * max(red, blue)
    page.get_by_role("button", name="Close the camera").click()
    expect(page.locator("video")).not_to_be_visible()
    assert page.evaluate("document.querySelector('video').srcObject === null")


def make_many():
    return webcam("Camera", many=True)


@pytest.fixture
def many(stage):
    """The camera that collects, open."""
    on = stage(make_many, event="uploaded", fresh=True)
    on.page.get_by_role("button", name="Use the camera").click()
    expect(on.page.get_by_role("button", name="Take a picture")).to_be_enabled()
    return on


def test_ten_are_taken_one_is_removed_and_the_rest_is_sent_until_python_has_them(many, look):
    page, taken = many.page, many.page.locator(".taken li")
    expect(page.locator(".advice")).to_contain_text("Turn and move the thing")
    page.get_by_role("button", name="Take 10, two a second").click()
    expect(page.get_by_role("button", name=re.compile(r"Stop \(\d to go\)"))).to_be_visible()
    expect(page.locator(".counted")).to_have_text("10 pictures taken")
    expect(page.get_by_role("button", name="Take 10, two a second")).to_be_enabled()
    expect(page.locator(".said")).to_have_text("10 pictures taken")
    expect(taken).to_have_count(10)
    look(many, "webcam-many")
    page.get_by_role("button", name="Remove camera 3").click()
    expect(taken).to_have_count(9)
    expect(page.get_by_role("button", name="Remove camera 4")).to_be_focused()
    page.get_by_role("button", name="Add these 9 pictures").click()
    files = many.told()["files"]
    assert [file["rel"] for file in files] == [f"camera {number}.jpg" for number in range(1, 10)]
    contents = [Path(file["path"]).read_bytes() for file in files]
    assert len(set(contents)) == 9, "the pie has turned meanwhile"
    for content in contents:
        with Image.open(io.BytesIO(content)) as picture:
            assert picture.format == "JPEG"
            assert 240 <= min(picture.size) <= 512
    many.send({"busy": "Reading 2 of 9 pictures", "fraction": 0.2})
    expect(page.locator(".counted")).to_have_text("Reading 2 of 9 pictures")
    expect(page.get_by_role("button", name="Add these 9 pictures")).to_be_disabled()
    many.send({"kept": True})  # the name was too long, say
    expect(taken).to_have_count(9)
    heard = page.get_by_label("heard by value", exact=True)
    before = heard.input_value()
    page.get_by_role("button", name="Add these 9 pictures").click()
    expect(heard).not_to_have_value(before)  # Python answers what has come, never before
    expect(page.get_by_role("button", name="Add these 9 pictures")).to_be_disabled()
    many.send({"busy": "Reading 2 of 9 pictures"})
    expect(page.locator(".counted")).to_have_text("Reading 2 of 9 pictures")
    many.send(None)
    expect(page.locator(".tray")).to_be_hidden()
    expect(page.get_by_role("button", name="Take a picture")).to_be_enabled()


def test_a_held_button_goes_on_until_it_is_let_go_and_a_key_takes_one(many):
    page, taken = many.page, many.page.locator(".taken li")
    page.get_by_role("button", name="Take a picture").hover()
    page.mouse.down()
    expect(taken.nth(3)).to_be_visible()
    page.mouse.up()
    page.wait_for_timeout(400)  # what was under way is there
    held = taken.count()
    page.wait_for_timeout(600)
    assert taken.count() == held, "it ended"
    page.get_by_role("button", name="Take a picture").click()
    expect(taken).to_have_count(held + 1)
    page.wait_for_timeout(300)  # two presses within 150 ms count as one
    page.get_by_role("button", name="Take a picture").press("Enter")
    expect(taken).to_have_count(held + 2)


def test_a_burst_is_stopped_by_its_button_and_by_closing_the_camera(many):
    page, taken = many.page, many.page.locator(".taken li")
    for ending in (re.compile("^Stop"), "Close the camera"):
        before = taken.count()
        page.get_by_role("button", name="Take 10, two a second").click()
        expect(taken.nth(before + 1)).to_be_visible()
        page.get_by_role("button", name=ending).click()
        page.wait_for_timeout(200)
        stopped = taken.count()
        page.wait_for_timeout(900)
        assert taken.count() == stopped < before + 10
    expect(page.get_by_role("button", name=re.compile("^Add these"))).to_be_enabled()


def test_without_a_camera_there_is_a_sentence(stage):
    page = stage(make, event="uploaded", fresh=True).page
    for broken, told in (
        ("() => Promise.reject(new DOMException('', 'NotAllowedError'))", "was not allowed"),
        ("() => Promise.reject(new DOMException('', 'NotFoundError'))", "There is no camera"),
        ("undefined", "only to pages of this computer"),
    ):
        page.evaluate(f"() => {{ navigator.mediaDevices.getUserMedia = {broken}; }}")
        page.get_by_role("button", name="Use the camera").click()
        expect(page.get_by_role("alert")).to_contain_text(told)
        expect(page.locator("video")).not_to_be_visible()
