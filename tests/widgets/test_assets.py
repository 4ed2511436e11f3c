"""The files of every widget keep the promises that Gradio's templates need."""

import importlib
import re

import pytest

from gui.widgets.assets import FOLDER, parts

NAMES = sorted(file.stem for file in FOLDER.glob("*.html"))


def test_there_are_widgets():
    assert {"folder_drop", "live_plot", "run_list"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_html_and_css_pass_unchanged_through_two_template_engines(name):
    for text in (parts(name).html, parts(name).css):
        assert not re.search(r"`|\$\{|\{\{|\\", text)
    assert "@keyframes" not in parts(name).css, "Gradio nests the rules, where keyframes are void"


@pytest.mark.parametrize("name", NAMES)
def test_user_text_never_becomes_html(name):
    found = re.findall(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", parts(name).js
    )
    assert found == []


@pytest.mark.parametrize("name", NAMES)
def test_the_script_says_only_words_that_exist_and_asks_nothing_of_other_hosts(name):
    words = getattr(importlib.import_module(f"gui.widgets.{name}"), "WORDS", {})
    spoken = set(re.findall(r'\bsay\(\s*"(\w+)"', parts(name).js))
    assert spoken <= set(words)
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", "".join(parts(name)))
