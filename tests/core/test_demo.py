"""The zip of the small web app, as files; tests/engine/test_apps.py starts it."""

import json
import re
import zipfile

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from gui.core import demo
from gui.core.leaflet import Leaflet
from gui.words import speaking

LABELS = ("кот", "<b>dog</b>", "# {{origin}}", "a\nb")
LEAFLET = Leaflet(
    '"cats" 🐱: {{trust}} <i>', LABELS, 64, "2026-11-24", ("9 of 10 right (90.0 %).", "More.")
)


@pytest.fixture
def written(tmp_path) -> zipfile.ZipFile:
    demo.write(tmp_path / "demo.zip", LEAFLET, b"a model")
    with zipfile.ZipFile(tmp_path / "demo.zip") as archive:
        assert archive.testzip() is None
        yield archive


def test_it_holds_all_that_a_space_needs(written) -> None:
    assert sorted(written.namelist()) == [
        "README.md", "app.py", "labels.json", "model.onnx", "requirements.txt",
    ]  # fmt: skip
    assert written.read("model.onnx") == b"a model"
    told = json.loads(written.read("labels.json"))
    assert tuple(told["labels"]) == LABELS
    assert told["size_px"] == 64
    assert told["title"] == LEAFLET.title


def test_the_requirements_are_light_and_bounded(written) -> None:
    lines = [Requirement(line) for line in written.read("requirements.txt").decode().splitlines()]
    assert {each.name for each in lines} == {"gradio", "onnxruntime", "numpy", "pillow"}
    for each in lines:
        assert {clause.operator for clause in each.specifier} == {">=", "<"}


def test_the_readme_begins_with_what_a_space_reads(written) -> None:
    _, front, text = written.read("README.md").decode().split("---\n", 2)
    told = yaml.safe_load(front)
    assert told["title"] == LEAFLET.title
    assert (told["sdk"], told["app_file"], told["python_version"]) == ("gradio", "app.py", "3.11")
    (gradio,) = (
        each
        for each in map(Requirement, written.read("requirements.txt").decode().splitlines())
        if each.name == "gradio"
    )
    assert Version(told["sdk_version"]) in gradio.specifier
    assert "pip install -r requirements.txt && .venv/bin/python app.py" in text
    assert "9 of 10 right (90.0 %).\n\nMore." in text


def test_names_are_shown_as_they_are_typed(written) -> None:
    text = written.read("README.md").decode().split("---\n", 2)[2]
    assert "\n- кот\n- \\<b\\>dog\\</b\\>\n- \\# \\{\\{origin\\}\\}\n- a b\n" in text


def test_the_same_model_makes_the_same_zip(tmp_path) -> None:
    for name in ("one.zip", "two.zip"):
        demo.write(tmp_path / name, LEAFLET, b"a model")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_made_in_chinese_app_and_readme_are_chinese(tmp_path) -> None:
    with speaking("zh-Hant"):
        demo.write(tmp_path / "demo.zip", LEAFLET, b"a model")
    with zipfile.ZipFile(tmp_path / "demo.zip") as archive:
        told = json.loads(archive.read("labels.json"))
        _, front, text = archive.read("README.md").decode().split("---\n", 2)
    assert list(yaml.safe_load(front)) == [
        "title",
        "sdk",
        "sdk_version",
        "python_version",
        "app_file",
    ]
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["啟動", "可以相信它到什麼程度"]
    assert ".venv/bin/python app.py" in text
    assert "\n- кот\n" in text
    for english in ("Trained on", "In ", "With ", "Then ", "always", "folder"):
        assert english not in text
    assert told["language"] == "zh-Hant"
    for each in (*told["words"].values(), *told["notes"][2:]):
        assert re.search(r"[\u4e00-\u9fff]", each), each


def test_the_app_says_nothing_else_than_its_words(written) -> None:
    told = json.loads(written.read("labels.json"))
    script = written.read("app.py").decode()
    assert set(re.findall(r"\bwords\[\"(\w+)\"\]", script)) - {"words"} == set(told["words"])
    assert set(re.findall(r"about\[[\"'](\w+)[\"']\]", script)) <= set(told)
    assert told["language"] == "en"
    assert told["notes"][2] == "Trained on 2026-11-24."
