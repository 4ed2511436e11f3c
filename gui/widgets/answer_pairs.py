"""What two models say about the same pictures, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "both": "Both",
        "differ": "differ",
        "file": "File",
        "more": "Show more ({n} left)",
        "percent": "{p} %",
        "right": "✓ right",
        "same": "the same",
        "wrong": "✗ wrong",
    }
)


class Said(TypedDict):
    """What one model says."""

    label: str
    probability: float  # 0 to 1


class Row(TypedDict):
    """One picture."""

    name: str
    thumbnail: str  # a data: address, or "" for none
    answers: list[Said]  # two, in the order of the names
    truth: str | None  # the class that it really is, where that is known
    problem: str | None  # a sentence when it can't be read


class Pairs(TypedDict):
    """The value."""

    names: list[str]  # of the two models
    rows: list[Row]
    note: str  # a sentence above the table


def answer_pairs(
    label: str, *, words: Mapping[str, str] = WORDS, **options: Unpack[Options]
) -> gr.HTML:
    """A table with both answers to each picture; the value is ``Pairs``, or None for nothing.

    Rows where the two differ are tinted, and say so. Fires no event. 100 rows are shown, and more
    on a press.

    Args:
        label: Name for screen readers.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("answer_pairs", label=label, words=words, **options)
