"""What all steps share: mistakes told safely, strangers' text made harmless."""

import gradio as gr
import pytest

from gui.core.errors import RunError
from gui.steps.base import escaped, told


def test_a_mistake_becomes_a_message_that_is_never_html() -> None:
    with pytest.raises(gr.Error) as caught, told():
        raise RunError("There is no <b>class</b>.", "Choose “<i>another</i>”.")
    assert caught.value.message == (
        "<strong>That didn&#x27;t work</strong><br>"
        "There is no &lt;b&gt;class&lt;/b&gt;.<br>Choose “&lt;i&gt;another&lt;/i&gt;”."
    )
    assert not caught.value.print_exception


def test_other_errors_go_on_as_they_are() -> None:
    with pytest.raises(ZeroDivisionError), told():
        raise ZeroDivisionError


@pytest.mark.parametrize(
    "text",
    [
        "**bold**",
        "<img src=x>",
        "$$x$$",
        "[a](javascript:b)",
        "# h",
        "http://x.example",
        "a@x.example",
        "www.x.example",
    ],
)
def test_a_strangers_text_means_nothing_in_markdown(text: str) -> None:
    assert not set(escaped(text)) & set("*<>$[]():/@.")


def test_plain_names_stay_readable() -> None:
    assert escaped("crab, fish · head 🦀 蟹") == "crab, fish · head 🦀 蟹"
