"""The files that were left out, and why: one closed line that opens."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "summary": "{n} files left out: see why",
        "summary_one": "{n} file left out: see why",
        "files": "{n} files",
        "files_one": "{n} file",
        "list": "Files left out, by reason",
    }
)


class LeftOutFile(TypedDict):
    """One file."""

    name: str
    reason: str  # a sentence; files with the same one stand together


class LeftOut(TypedDict):
    """The value."""

    files: list[LeftOutFile]


def left_out(
    *,
    value: LeftOut | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """The line; its value is ``LeftOut``, or None. Without files nothing is shown. No event.

    Reasons stand in the order of their number of files, most first. A list opened by the person
    stays open when the value changes.

    Args:
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("left_out", value=value, words=words, **options)
