"""Two shares side by side, each with the range that it may lie in, on the same scale."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType({"range": "most likely {low} to {high}"})


class Share(TypedDict):
    """A share and the range that it may lie in, each 0 to 1, with the words for them."""

    name: str  # "Before"
    share: float
    low: float
    high: float
    text: str  # "38 of 40 right (95.0 %)"
    low_text: str  # "83.4 %"
    high_text: str  # "98.7 %"


class Pair(TypedDict):
    """The value."""

    title: str
    shares: list[Share]
    note: str  # a sentence below them, or ""


def share_pair(
    label: str,
    *,
    value: Pair | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """The shares; the value is ``Pair``, or None for nothing. Fires no event.

    Args:
        label: Name for screen readers.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("share_pair", value=value, label=label, words=words, **options)
