"""Look-alikes, conflicts and the test folder as a person meets them on the Pictures step."""

import shutil

import pytest
from PIL import Image, ImageEnhance
from playwright.sync_api import expect

from tests.conftest import ROOT

SAMPLES = ROOT / "assets" / "samples"

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Crabs that are a burst, fish, turtles, one of each in the wrong folder, and a test folder."""
    root = tmp_path_factory.mktemp("leaks") / "sea"
    for kind, count in (("crab", 4), ("fish", 10), ("turtle", 10)):
        (root / "train" / kind).mkdir(parents=True)
        for number in range(1, count + 1):
            shutil.copy(SAMPLES / kind / f"{number:02}.jpg", root / "train" / kind)
    for number in range(10):
        with Image.open(SAMPLES / "crab" / "01.jpg") as image:
            brighter = ImageEnhance.Brightness(image).enhance(0.9 + number / 50)
            brighter.save(root / "train" / "crab" / f"burst{number}.jpg")
    for number, kind in ((20, "fish"), (21, "turtle")):
        (root / "test" / kind).mkdir(parents=True)
        shutil.copy(SAMPLES / kind / f"{number}.jpg", root / "test" / kind)
    shutil.copy(SAMPLES / "fish" / "02.jpg", root / "train" / "turtle" / "lost.jpg")
    shutil.copy(SAMPLES / "turtle" / "03.jpg", root / "train" / "fish" / "astray.jpg")
    with Image.open(SAMPLES / "fish" / "05.jpg") as image:
        image.save(root / "train" / "turtle" / "nearly.jpg", quality=60)
    return root


def test_conflicts_are_decided_before_anything_is_learned(person, folder):
    someone = person().opens()
    page = someone.page
    someone.drops_folder(folder)
    someone.sees("2 pictures stand in more than one class", timeout_s=60)
    someone.sees("2 pictures stand in two classes: decide first which one each belongs to")
    go_on = page.get_by_role("button", name="Go on: choose how much may learn")
    expect(go_on).to_be_hidden()
    fish = "It is “fish”: fish/02.jpg and turtle/lost.jpg"
    page.get_by_role("button", name=fish, exact=True).click()
    someone.sees("1 picture stands in more than one class")
    someone.presses("Leave all of them out")
    someone.sees("2 pictures that stood in more than one class are decided.")
    expect(go_on).to_be_visible()
    someone.sees("11 of the 14 pictures of “crab” look almost the same.")
    someone.sees("and 2 for a last test, which no choice ever sees")
    someone.sees("1 to test with")
    page.get_by_text("Almost the same picture in different classes, once: see which").click()
    someone.sees("turtle/nearly.jpg")
    someone.keeps_picture("leaks")
    someone.presses("Decide again")
    someone.sees("2 pictures stand in more than one class")
