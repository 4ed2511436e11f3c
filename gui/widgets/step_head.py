"""The head of a step: its name, and what it is for those who ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType({"ask": "What is this?"})


def step_head(
    name: str,
    lesson: Sequence[str],
    drawing: str = "",
    *,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """A heading of the second level, and below it a lesson that opens at "What is this?".

    Args:
        name: The heading.
        lesson: Its paragraphs, plain text.
        drawing: SVG of our own, shown beside them; "" for none.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    given = {"lesson": list(lesson), "drawing": drawing}
    return widget("step_head", label=name, words=words, given=given, **options)
