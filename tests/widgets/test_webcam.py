"""The camera, played by Chromium itself: a turning pie on green."""

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
