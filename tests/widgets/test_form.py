"""One control a setting: which one, by what the setting is."""

import gradio as gr
import pytest

from gui.widgets.form import control


@pytest.mark.parametrize(
    ("value", "options", "kind"),
    [
        (True, {}, gr.Checkbox),
        (160, {"low": 64, "high": 256, "step": 32}, gr.Slider),
        (20, {"low": 1, "high": 500, "step": 1}, gr.Number),
        (0.1, {"low": 0.0, "high": 0.5}, gr.Number),
        ("a", {"choices": [("a", "A"), ("b", "B")]}, gr.Radio),
        ("a", {"choices": [(name, name) for name in "abcd"]}, gr.Dropdown),
        ("free text", {}, gr.Textbox),
    ],
)
def test_the_value_decides_the_control(value, options, kind) -> None:
    made = control(value, "A label", "A sentence.", **options)
    assert isinstance(made, kind)
    assert made.value == value
    assert made.label == "A label"
    assert made.info == "A sentence."


def test_choices_are_shown_in_words_and_sent_as_values() -> None:
    made = control("head", "Where", "Help.", choices=[("head", "head only"), ("x", "the x")])
    assert made.choices == [("head only", "head"), ("the x", "x")]


def test_a_slider_keeps_its_bounds() -> None:
    made = control(5, "Patience", "Help.", low=0, high=100, step=1)
    assert (made.minimum, made.maximum, made.step) == (0, 100, 1)
