"""What all steps share: mistakes told safely, strangers' text made harmless, slow work followed."""

import time

import gradio as gr
import pytest

from gui.core.errors import RunError
from gui.steps.base import _followed, escaped, told


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


def test_slow_work_tells_how_far_it_is_and_then_its_error() -> None:
    def work(progress) -> None:
        progress(3, 9)
        time.sleep(0.7)
        raise RunError("It broke.", "Try again.")

    seen = []
    with pytest.raises(RunError, match="It broke"):
        seen.extend(_followed(work))
    assert set(seen) == {(3, 9)}


def test_quick_work_is_just_done() -> None:
    done = []
    assert list(_followed(lambda progress: done.append(progress))) == []
    assert len(done) == 1
