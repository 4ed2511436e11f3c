"""The small web app and the offline page, each used as a person would who has only that file."""

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client, handle_file
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from gui.core import demo, leaflet, npm, offline_page
from gui.core.errors import DownloadError
from gui.core.take_home import Check
from gui.engine import agreement, apps, graph
from gui.engine.loaded import Loaded, Models
from gui.engine.prediction import Predictor

SAMPLES = Path(__file__).resolve().parents[2] / "assets" / "samples"
# Of any probability: the page's model has short numbers, and a browser decodes on its own.
TOLERANCE = 0.05
NAMES = ("<img src=x onerror=alert(1)>", "</script><script>alert(2)</script>", "${1+1} {{model}}")
TITLE = "</title><b>sea</b> ${2+2}"


@pytest.fixture(scope="module")
def loaded(trained, weights) -> Loaded:
    return Models(lambda: weights).load(trained)


@pytest.fixture(scope="module")
def shown(trained, tmp_path_factory) -> list[Path]:
    """Validation pictures, a turned photo much larger than the model's, clear and deep grey ones.

    Lossless, so that all decoders agree to the last bit.
    """
    folder = tmp_path_factory.mktemp("shown")
    found = [trained.pictures_root / each.path for each in trained.split.validation]
    turned = Image.open(SAMPLES / "crab" / "01.jpg").resize((900, 700))
    exif = Image.Exif()
    exif[0x0112] = 6
    turned.crop((0, 0, 900, 440)).save(folder / "turned.png", exif=exif)
    clear = Image.open(SAMPLES / "fish" / "02.jpg").convert("RGBA").resize((31, 400))
    clear.putalpha(Image.linear_gradient("L").resize(clear.size))
    clear.save(folder / "clear.png")
    grey = np.asarray(Image.open(SAMPLES / "turtle" / "03.jpg").convert("L"), np.uint16)
    Image.fromarray(grey * 257).save(folder / "grey.png")
    return [*found, *(folder / f"{name}.png" for name in ("turned", "clear", "grey"))]


@pytest.fixture(scope="module")
def right(trained, weights, shown) -> list[dict[str, float]]:
    """What the app itself answers to them."""
    told = Predictor(lambda: weights).predict(trained, [(path.name, path) for path in shown])
    return [dict(each.probabilities) for each in told]


@pytest.fixture(scope="module")
def made(trained, loaded, tmp_path_factory) -> tuple[Path, dict[str, Check]]:
    """Folder with both, and what their checks found."""
    folder = tmp_path_factory.mktemp("apps")
    heard: list[tuple[int, int]] = []
    told = {
        "page": apps.write_page(
            trained, loaded, folder / "page.html", lambda *each: heard.append(each)
        ),
        "demo": apps.write_demo(
            trained, loaded, folder / "demo.zip", lambda *each: heard.append(each)
        ),
    }
    assert heard[-6:] == [(place, 6) for place in range(1, 7)]
    return folder, told


@pytest.fixture
def visit(browser: Browser) -> Iterator:
    """Opens an address in a browser without a network; nothing may be asked of it."""
    contexts = []
    asked: list[str] = []
    problems: list[str] = []

    def go(address: str, *, offline: bool) -> Page:
        context = browser.new_context(offline=offline, viewport={"width": 1280, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("dialog", lambda dialog: problems.append(dialog.message))
        page.goto(address)
        return page

    yield go
    for context in contexts:
        context.close()
    outside = [url for url in asked if not url.startswith(("file:", "blob:", "http://127.0.0.1"))]
    assert (problems, outside) == ([], [])


def answers(page: Page) -> list[dict[str, float]]:
    """What the cards on the offline page say, in order."""
    found = []
    for card in page.get_by_role("article").all():
        rows = [row.locator("span").all_text_contents() for row in card.locator(".row").all()]
        # "<0.1 %" and ">99.9 %": it is never called surer than it is.
        found.append({label: float(share.strip("<> %")) / 100 for label, share in rows})
        assert not {"0.0 %", "100.0 %"} & {share for _, share in rows}
    return found


def furthest(told: list[dict[str, float]], right: list[dict[str, float]]) -> float:
    assert [sorted(each) for each in told] == [sorted(each) for each in right]
    pairs = zip(told, right, strict=True)
    return max(abs(one[label] - other[label]) for one, other in pairs for label in other)


def test_both_are_checked_before_they_are_offered(made) -> None:
    _, told = made
    for check in told.values():
        assert check.runtime.startswith("ONNX Runtime 1.")
        assert (check.pictures, check.same) == (6, 6)
    assert told["demo"].largest_difference < 1e-4
    assert 1e-6 < told["page"].largest_difference <= 0.05


def test_the_page_answers_as_the_app_does_without_server_and_network(
    made, visit, shown, right, output
) -> None:
    folder, _ = made
    page = visit((folder / "page.html").as_uri(), offline=True)
    expect(page.get_by_text("Ready.")).to_be_visible(timeout=60_000)
    page.locator("input[type=file]").set_input_files(shown)
    expect(page.get_by_text(f"Done: {len(shown)} pictures.")).to_be_visible(timeout=60_000)
    told = answers(page)
    assert furthest(told, right) < TOLERANCE
    for one, other in zip(told, right, strict=True):
        likeliest, second = sorted(other.values(), reverse=True)[:2]
        if likeliest - second > 2 * TOLERANCE:
            assert max(one, key=one.get) == max(other, key=other.get)
    assert np.ptp([each["sea"] for each in told]) > 0.2  # it does tell pictures apart
    expect(page.get_by_text("Nothing is sent anywhere")).to_be_visible()
    fits(page, output)


def fits(page: Page, output: Path) -> None:
    """Keeps a screenshot at both widths and in both themes."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.screenshot(path=output / f"offline-{width}-{theme}.png", full_page=True)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_the_page_prepares_pictures_as_the_app_does(loaded, visit, shown, right, tmp_path) -> None:
    """With a precise model only decoding and squeezing are left to differ; names mean harm."""
    runtime = npm.obtain(offline_page.RUNTIME, npm.cache_folder())
    told = leaflet.Leaflet(TITLE, NAMES, loaded.image_size, "2026-11-24", ("9 of 10.",))
    model = graph.build(loaded.model, NAMES, loaded.image_size, "float16")
    offline_page.write(tmp_path / "page.html", told, model, runtime)
    page = visit((tmp_path / "page.html").as_uri(), offline=True)
    expect(page).to_have_title(TITLE)
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_text("Ready.")).to_be_visible(timeout=60_000)
    drop(page, [*shown, Path(__file__)])
    expect(page.get_by_text(f"Done: {len(shown) + 1} pictures.")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("article").last).to_contain_text("can't read this file as a picture")
    shares = [[each[label] for label in loaded.labels] for each in right]
    renamed = [dict(zip(NAMES, each, strict=True)) for each in shares]
    assert furthest(answers(page)[:-1], renamed) < 0.02


def drop(page: Page, paths: list[Path]) -> None:
    """Let go of files over the page, as from a file manager."""
    page.evaluate("""() => {
        const choose = document.createElement("input");
        Object.assign(choose, {type: "file", multiple: true, id: "manager"});
        document.body.append(choose);
    }""")
    page.locator("#manager").set_input_files(paths)
    page.evaluate("""() => {
        const given = new DataTransfer();
        for (const file of document.getElementById("manager").files) given.items.add(file);
        document.getElementById("manager").remove();
        const options = {bubbles: true, cancelable: true, dataTransfer: given};
        document.getElementById("drop").dispatchEvent(new DragEvent("drop", options));
    }""")


@pytest.fixture(scope="module")
def running(made, trained, port, tmp_path_factory) -> Iterator[str]:
    """The zip unpacked and started, under names that mean harm; its address."""
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(made[0] / "demo.zip") as archive:
        model = archive.read("model.onnx")
    told = replace(leaflet.of(trained), title=TITLE, labels=NAMES)
    demo.write(folder / "demo.zip", told, model)
    with zipfile.ZipFile(folder / "demo.zip") as archive:
        archive.extractall(folder)
    here = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    number = port()
    settings = {
        "GRADIO_SERVER_PORT": str(number), "GRADIO_ANALYTICS_ENABLED": "False",
        "GRADIO_TEMP_DIR": str(folder / "temp"), "HF_HUB_OFFLINE": "1",
    }  # fmt: skip
    with (folder / "said.txt").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=folder, env=here | settings, stdout=said, stderr=said
        )
    try:
        for _ in range(600):
            if "Running on local URL" in (folder / "said.txt").read_text():
                break
            assert process.poll() is None, (folder / "said.txt").read_text()
            time.sleep(0.1)
        yield f"http://127.0.0.1:{number}"
    finally:
        process.kill()
        process.wait()


def test_the_web_app_answers_as_the_app_does(running, loaded, shown, right) -> None:
    client = Client(running, verbose=False)
    told = []
    for path in shown:
        given = client.predict(handle_file(path), api_name="/classify")
        shares = {each["label"]: each["confidence"] for each in given["confidences"]}
        told.append({label: shares[name] for label, name in zip(loaded.labels, NAMES, strict=True)})
    assert furthest(told, right) < 1e-3


def test_the_web_app_shows_names_as_they_are(running, visit, shown) -> None:
    page = visit(running, offline=False)
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.locator("input[type=file]").first.set_input_files(shown[0])
    for name in NAMES:
        expect(page.get_by_text(name, exact=True).first).to_be_visible(timeout=20_000)


def test_without_the_runtime_and_a_network_nothing_is_written(
    trained, loaded, tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "http://127.0.0.1:1")
    with pytest.raises(DownloadError, match="Connect to the internet once"):
        apps.write_page(trained, loaded, tmp_path / "page.html", lambda *_: None)
    assert not (tmp_path / "page.html").exists()


def test_a_model_that_short_numbers_would_change_gets_longer_ones(
    made, trained, loaded, tmp_path, monkeypatch
) -> None:
    strict = {**agreement.BOUNDS, "page": (made[1]["page"].largest_difference / 2, 1.0)}
    monkeypatch.setattr(agreement, "BOUNDS", strict)
    check = apps.write_page(trained, loaded, tmp_path / "page.html", lambda *_: None)
    assert check.largest_difference < made[1]["page"].largest_difference
    small = (made[0] / "page.html").stat().st_size
    assert 1.5 * small < (tmp_path / "page.html").stat().st_size < 3 * small


def test_the_zip_names_the_classes_of_the_run(made, trained) -> None:
    packed = io.BytesIO((made[0] / "demo.zip").read_bytes())
    with zipfile.ZipFile(packed) as archive:
        told = json.loads(archive.read("labels.json"))
    assert tuple(told["labels"]) == trained.split.labels
    assert told["size_px"] == trained.config.model.image_size
    assert "right (" in told["trust"][0]
