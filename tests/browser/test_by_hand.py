"""Classes made by hand, without a folder: one of dropped pictures, one from the camera."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SAMPLES
from tests.browser.test_simple import one_bright

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning")]


def test_two_classes_made_by_hand_lead_to_training(person) -> None:
    someone = person().opens()
    page = someone.page
    go_on = page.get_by_role("button", name="Go on: choose how much may learn")
    expect(go_on).to_be_hidden()
    someone.presses("New class")
    name = page.get_by_label("Name of the class")
    expect(name).to_be_focused()
    expect(name).to_have_value("Class 1")
    page.keyboard.type("crab")  # in the place of the name that is offered
    expect(name).to_have_value("crab")
    someone.keeps_picture("1-by-hand-form")
    someone.drops_pictures(*sorted((SAMPLES / "crab").iterdir())[:6])
    someone.sees("Only one class (“crab”) is ready", 30)
    expect(name).to_be_hidden()
    expect(go_on).to_be_hidden()
    one_bright(someone, "New class")

    someone.presses("New class")
    expect(name).to_have_value("Class 1")
    name.fill("")
    someone.presses("Use the camera")
    someone.presses("Take 10, two a second")
    someone.sees("10 pictures taken", 20)
    someone.keeps_picture("1-by-hand-camera")
    someone.presses("Add these 10 pictures")
    someone.sees("A class name has 1 to 200 letters", 20)  # and the pictures stay
    name.fill("pie")
    someone.presses("Add these 10 pictures")
    someone.sees("2 classes with 16 pictures", 30)
    expect(go_on).to_be_visible()
    someone.keeps_picture("1-by-hand")
    go_on.click()
    someone.sees("Freeze point", 20)
