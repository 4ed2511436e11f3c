"""Pictures of different classes that look almost the same: one closed line that opens."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "summary": "Almost the same picture in different classes, {n} times: see which",
        "summary_one": "Almost the same picture in different classes, once: see which",
        "note": "If one of them is in the wrong folder, a model learns the wrong thing. They stay "
        "together: what is checked with was never seen in learning.",
        "more": "… and {n} more.",
        "list": "Pictures of different classes that look almost the same",
    }
)


class AlikePicture(TypedDict):
    """One picture."""

    name: str  # with its class, as the person knows it
    thumbnail: str  # "data:image/webp;base64,…", or "" when the file is gone


class LookAlikes(TypedDict):
    """The value."""

    groups: list[list[AlikePicture]]  # the first few
    total: int  # how many groups there are


def look_alikes(
    *,
    value: LookAlikes | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """The line; its value is ``LookAlikes``, or None. Without groups nothing is shown. No event.

    Args:
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("look_alikes", value=value, words=words, **options)
