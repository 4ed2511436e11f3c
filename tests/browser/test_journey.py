"""The main job as a person does it, in a real browser, with real processes and real weights."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "assets" / "samples"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.weights,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

FRESH_KERAS = """
import sys
import keras, numpy as np
from PIL import Image
model = keras.models.load_model(sys.argv[1])
picture = Image.open(sys.argv[2]).convert("RGB").resize((64, 64), Image.Resampling.BILINEAR)
print(*(f"{value:.6f}" for value in model.predict(np.float32(picture)[None], verbose=0)[0]))
"""


ZOOM = "document.querySelectorAll('.js-plotly-plot')[1].layout.xaxis.range"


def choose_small(someone, epochs: int, freeze_point: str = "head only (all of VGG16 frozen)"):
    """Small pictures and few epochs, so that the journey takes seconds."""
    someone.goes_to("Model")
    page = someone.page
    page.get_by_label("number input for Picture size in pixels").fill("64")
    page.get_by_label("number input for Picture size in pixels").press("Tab")
    page.get_by_label("Freeze point").first.click()
    page.get_by_role("option", name=freeze_point, exact=True).click()
    someone.goes_to("Train")
    page.get_by_label("Epochs", exact=True).fill(str(epochs))
    page.get_by_label("Epochs", exact=True).press("Tab")
    page.get_by_label("number input for Early stopping").fill("0")
    page.get_by_label("number input for Early stopping").press("Tab")


def points(someone) -> list[int]:
    """Epochs that the accuracy curve of the checking pictures shows."""
    found = someone.page.evaluate(
        "[...document.querySelectorAll('.js-plotly-plot')].map(p => p.data[1].x)"
    )
    return found[-1] if found else []


def test_from_a_folder_to_a_model_at_home(person, app, pictures: Path, tmp_path: Path) -> None:
    someone = person().opens()
    someone.keeps_picture("0-arrival")
    someone.goes_to("Train")
    someone.sees("No pictures yet")
    someone.goes_to("Test")
    someone.sees("No model yet")
    someone.goes_to("Pictures")

    (pictures / "crab" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not whole")
    someone.drops_folder(pictures)
    someone.sees("3 classes with 30 pictures: 24 to learn from, 6 kept for checking", 30)
    someone.sees("1 file left out")
    someone.keeps_picture("1-pictures")

    choose_small(someone, epochs=40, freeze_point="block5_conv3")
    someone.goes_to("Model")
    someone.sees(re.compile(r"Frozen: 12 of 13 layers of VGG16, 12,354,880 parameters"))
    someone.keeps_picture("2-model")
    someone.goes_to("Train")
    someone.presses("Start")
    someone.sees(re.compile(r"Looking at your pictures once|Epoch \d+ of 40"), 90)
    someone.sees(re.compile(r"Epoch \d+ of 40"), 120)

    someone.page.reload()  # in the middle
    someone.goes_to("Train")
    someone.sees(re.compile(r"Epoch \d+ of 40"), 30)
    someone.keeps_picture("3-training")
    someone.sees("on pictures it never learned from", 300)
    expect(someone.page.locator(".js-plotly-plot")).to_have_count(2)
    assert points(someone) == list(range(1, 41))
    someone.keeps_picture("3-trained")

    someone.goes_to("Test")
    unseen = SAMPLES / "turtle" / sorted(p.name for p in (SAMPLES / "turtle").iterdir())[20]
    someone.drops_pictures(unseen, pictures / "crab" / "broken.jpg")
    someone.sees(re.compile(r"The picture file is cut off|cut off|damaged"), 60)
    card = someone.page.locator(".fp-answers li").first
    expect(card).to_contain_text(unseen.name)
    someone.keeps_picture("4-test")
    shown = card.inner_text()
    card.get_by_role("button", name="Where did it look?").click()
    expect(card.locator(".heat-figure").first).to_be_visible(timeout=60_000)
    someone.keeps_picture("4-test-looked")

    someone.goes_to("Take home")
    someone.sees(re.compile(r"Ran in .+ on 6 checking pictures: the same answer for all 6"), 60)
    with someone.page.expect_download() as download:
        someone.presses("Download model.keras")
    home = tmp_path / "home" / "model.keras"
    home.parent.mkdir()
    download.value.save_as(home)
    someone.keeps_picture("5-take-home")
    labels = zipfile.ZipFile(home).read("labels.txt").decode().splitlines()
    assert labels == ["crab", "fish", "turtle"]
    done = subprocess.run(
        [sys.executable, "-c", FRESH_KERAS, str(home), str(unseen)],
        cwd=home.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    values = [float(value) for value in done.stdout.split()]
    best = labels[values.index(max(values))]
    assert best in shown
    if 0.001 <= max(values) < 0.9995:
        assert f"{100 * max(values):.1f} %" in shown

    someone.goes_to("Runs")
    someone.sees(re.compile(r"crab, fish, turtle · block5_conv3"))
    someone.keeps_picture("6-runs")


def test_the_chart_keeps_its_zoom_while_it_grows(person, pictures: Path) -> None:
    someone = person().opens()
    someone.drops_folder(pictures)
    someone.sees("3 classes with 30 pictures", 30)
    choose_small(someone, epochs=400, freeze_point="block5_conv3")
    someone.presses("Start")
    expect(someone.page.locator(".js-plotly-plot")).to_have_count(2, timeout=120_000)
    someone.page.locator(".nsewdrag").last.scroll_into_view_if_needed()
    box = someone.page.locator(".nsewdrag").last.bounding_box()
    someone.page.mouse.move(box["x"] + 10, box["y"] + 40)
    someone.page.mouse.down()
    someone.page.mouse.move(box["x"] + 120, box["y"] + 150, steps=5)
    someone.page.mouse.up()
    someone.page.wait_for_function(f"{ZOOM}[1] < 300")
    zoom, before = someone.page.evaluate(ZOOM), len(points(someone))
    someone.page.wait_for_function(
        "n => document.querySelectorAll('.js-plotly-plot')[1].data[1].x.length > n + 3",
        arg=before,
        timeout=60_000,
    )
    assert someone.page.evaluate(ZOOM) == zoom
    someone.presses("Stop and keep the best")
    someone.sees("You stopped it", 60)


def test_two_people_never_meet_and_the_second_waits(person, app, pictures: Path) -> None:
    first, second = person().opens(), person().opens()
    first.drops_folder(pictures)
    first.sees("3 classes with 30 pictures", 30)
    choose_small(first, epochs=400, freeze_point="block5_conv3")
    first.presses("Start")
    first.sees(re.compile(r"Epoch \d+ of 400"), 120)

    with app.at_rest():
        second.goes_to("Runs")
        second.sees("No trainings yet")
        shutil.rmtree(pictures / "turtle")
        second.goes_to("Pictures")
        second.drops_folder(pictures)
        second.sees("2 classes with 20 pictures", 30)
        choose_small(second, epochs=2)
        second.presses("Start")
        second.sees("Next in the queue", 20)
        first.goes_to("Pictures")
        first.sees("3 classes with 30 pictures")

        # Another device of the first person: its private link.
        first.goes_to("Train")
        first.page.get_by_text("Open this on another device").click()
        link = first.page.get_by_label("Your private link").input_value()
        device = person().opens(link)
        device.goes_to("Train")
        device.sees(re.compile(r"Epoch \d+ of 400"), 30)
    device.presses("Stop and keep the best")
    first.sees("You stopped it", 60)
    device.sees("You stopped it", 60)
    shown = points(device)
    assert shown == list(range(1, len(shown) + 1))

    second.sees("on pictures it never learned from", 120)
    second.goes_to("Test")
    second.sees(re.compile(r"Testing crab, fish · head"))


def test_results_are_looked_into_mended_and_learned_again(person, pictures: Path) -> None:
    someone = person().opens()
    someone.drops_folder(pictures)
    someone.sees("3 classes with 30 pictures", 30)
    choose_small(someone, epochs=2)
    someone.presses("Start")
    someone.sees("on pictures it never learned from", 120)
    someone.presses("Go on: see how good it is")
    someone.sees(re.compile(r"[\d.]+ %, most likely [\d.]+–[\d.]+ %: \d of 6 pictures"), 60)
    someone.sees("chosen on these same pictures")

    cell = someone.page.locator("button.cell").filter(visible=True).first
    cell.click()
    someone.sees("the surest first")
    expect(cell).to_have_attribute("aria-pressed", "true")
    someone.page.get_by_role("button", name=re.compile("^Where did it look")).first.click()
    expect(someone.page.locator(".heat-pair").first).to_be_visible(timeout=60_000)

    someone.page.get_by_role("button", name="Its training pictures: crab").click()
    someone.sees("What it learned “crab” from")
    someone.page.get_by_role("button", name="Leave it out: ").first.click()
    someone.sees("1 fix so far")
    someone.page.reload()
    someone.goes_to("Results")
    someone.sees("1 fix so far", 30)
    someone.page.get_by_role("button", name=re.compile("^Retrain with 1 fix")).click()
    someone.sees("Did your fixes help?", 120)
    someone.sees(re.compile("Of the same 6 pictures|On the same 6 pictures"))
    someone.keeps_picture("4-mended")
    someone.goes_to("Pictures")
    someone.sees("3 classes with 29 pictures")


def test_the_program_ends_and_the_training_goes_on(person, app, pictures: Path) -> None:
    someone = person().opens()
    someone.drops_folder(pictures)
    someone.sees("3 classes with 30 pictures", 30)
    choose_small(someone, epochs=60, freeze_point="block5_conv3")
    someone.presses("Start")
    someone.sees(re.compile(r"Epoch \d+ of 60"), 120)
    assert "1 training goes on by itself" in app.stop()
    app.start()
    someone.opens()
    someone.goes_to("Train")
    someone.sees("on pictures it never learned from", 200)
    assert points(someone) == list(range(1, 61))


def test_freeze_points_are_compared_stopped_and_the_advised_one_is_tested(
    person, pictures: Path
) -> None:
    someone = person().opens()
    someone.drops_folder(pictures)
    someone.sees("3 classes with 30 pictures", 30)
    someone.presses("New class")
    expect(someone.page.get_by_label("Name of the class")).to_be_focused()
    expect(someone.page.get_by_label("Name of the class")).to_be_in_viewport()
    someone.presses("Cancel")
    expect(someone.page.get_by_label("Name of the class")).to_be_hidden()

    choose_small(someone, epochs=20)
    someone.goes_to("Compare")
    someone.page.get_by_label(re.compile("head only: 13 of 13 layers frozen")).uncheck()
    someone.page.get_by_label(re.compile("block5_conv1: 10 of 13")).uncheck()
    someone.sees("Tick at least two freeze points.")
    expect(someone.page.get_by_role("button", name="Compare them")).to_be_disabled()
    someone.page.get_by_label(re.compile("head only: 13 of 13 layers frozen")).check()
    someone.sees("with 64 px, 20 epochs, compact head, as chosen under Model and Train", 90)
    someone.keeps_picture("7-compare")
    someone.presses("Compare them")
    someone.sees(re.compile("Freeze point 2 of 2, block5_conv3: Epoch"), 120)
    someone.goes_to("Train")
    someone.sees("A comparison is running (freeze point 2 of 2): see Compare.")
    someone.goes_to("Compare")
    someone.presses("Stop the comparison")
    someone.sees("You stopped the comparison: 1 of 2 freeze points was trained to its end.", 60)
    someone.presses("Go on with the rest")
    someone.sees("All 2 freeze points are done", 120)
    someone.keeps_picture("7-compared")
    someone.page.get_by_role("button", name=re.compile("^Take .+ and test it$")).click()
    someone.sees(re.compile("Testing crab, fish, turtle · "))
    someone.presses("Try pictures it hasn't learned from")
    said = re.compile(r"\d of 6 right")  # there, not in the line of a finished step
    expect(someone.page.locator(".fp-answers .note")).to_have_text(said, timeout=180_000)
    expect(someone.page.locator(".fp-answers .mark")).to_have_count(6)
