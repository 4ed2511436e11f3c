"""What a person has put right so far: a line each, and a way back."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "title": "{n} fixes so far",
        "title_one": "1 fix so far",
        "undo": "Undo",
        "undo_long": "Undo: {name}",
    }
)


class Fix(TypedDict):
    """One line."""

    id: str
    name: str  # the picture's, as the person knows it
    thumbnail: str  # "data:image/webp;base64,…", or ""
    text: str  # what was decided


class Fixes(TypedDict):
    """The value."""

    fixes: list[Fix]
    note: str  # a sentence below the title
    place: dict[str, Any]  # comes back with every action


def fix_list(
    label: str,
    *,
    value: Fixes | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """The list; its value is ``Fixes``, or None. Without fixes nothing is shown.

    "Undo" fires ``fixed`` with ``{"kind": "undo", "id": "ab…"}`` and what ``place`` holds.

    Args:
        label: Name for screen readers.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("fix_list", value=value, label=label, words=words, **options)
