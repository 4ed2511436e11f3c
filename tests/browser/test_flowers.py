"""The second sample as a person gets it: from a server on this computer instead of TensorFlow's."""

import re

import pytest

from tests.browser.conftest import App
from tests.flower_archive import members, pack, serving

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    pack(folder / "flower_photos.tgz", members(30))
    with serving(folder) as server:
        yield server


@pytest.fixture(scope="module")
def app(served, tmp_path_factory, port):
    running = App(
        port(), tmp_path_factory.mktemp("workspace"),
        "--flowers", served.address("flower_photos.tgz"),
    )  # fmt: skip
    yield running
    running.kill()


def test_a_person_stops_them_and_gets_them_and_gets_them_again(person, served) -> None:
    someone = person().opens()
    page = someone.page
    someone.presses("Try photographs of flowers")
    someone.sees("The first time, 229 MB are downloaded from 127.0.0.1")
    someone.sees("CC BY 2.0")
    page.get_by_label("number input for Photographs of each flower").fill("20")
    page.get_by_label("number input for Photographs of each flower").press("Tab")

    served.pause_s = 0.2
    someone.presses("Get the flowers")
    someone.sees(re.compile(r"^Downloading the flowers: 0 of 1 MB$"), 60)
    someone.keeps_picture("1-flowers-download")
    someone.presses("Stop")
    someone.sees("Stopped. Nothing was added.")
    assert page.get_by_text("5 classes").count() == 0

    served.pause_s = 0.0
    someone.presses("Get the flowers")
    someone.sees(re.compile("5 classes with 100 pictures"), 60)
    someone.sees("sunflowers")

    served.shutdown()  # no network any more
    someone.presses("Open another folder in place of these")
    someone.presses("Try photographs of flowers")
    someone.sees("They are on this computer already")
    page.get_by_role("button", name="Who took the photographs").click()
    credit = page.get_by_label("Who took the photographs").filter(visible=True).last
    assert "The photographers are listed below" in credit.input_value()
    page.get_by_label("number input for Photographs of each flower").fill("30")
    page.get_by_label("number input for Photographs of each flower").press("Tab")
    someone.presses("Get the flowers")
    someone.sees(re.compile("5 classes with 150 pictures"), 60)
    assert served.asked == ["/flower_photos.tgz"] * 2
