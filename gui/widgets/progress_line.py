"""One line of progress: a sentence, a bar, and a state that is not colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NotRequired, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "running": "running",
        "waiting": "waiting",
        "done": "done",
        "stopped": "stopped",
        "failed": "failed",
        "percent": "{p} %",
    }
)


class Progress(TypedDict):
    """The value."""

    text: str  # "Caching 120 of 384 pictures · about 40 s left"
    fraction: float | None  # 0 to 1; None when nobody knows how far
    state: Literal["running", "waiting", "done", "stopped", "failed"]
    detail: NotRequired[str]  # a second, quieter sentence


def progress_line(
    label: str,
    *,
    reveals: bool = False,
    value: Progress | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """The line; its value is ``Progress``, or None for nothing. Fires no event.

    Screen readers hear the text at most every ten seconds, and each change of state at once.

    Args:
        label: Name of the bar for screen readers.
        reveals: Bring the line into view when what was under way has ended.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    given = {"reveals": reveals}
    return widget("progress_line", value=value, label=label, words=words, given=given, **options)
