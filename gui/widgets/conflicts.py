"""Pictures that stand in several classes: which one each belongs to is for a person to say."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "title": "{n} pictures stand in more than one class",
        "title_one": "{n} picture stands in more than one class",
        "note": "Which class does each belong to? Your files stay as they are.",
        "gone": "The file is gone.",
        "choose": "It is “{name}”",
        "choose_long": "It is “{name}”: {picture}",
        "leave_out": "Leave it out",
        "leave_out_long": "Leave it out: {picture}",
        "all": "Leave all of them out",
        "more": "… and {n} more, which come when these are decided.",
        "decided": "{n} pictures that stood in more than one class are decided.",
        "decided_one": "{n} picture that stood in more than one class is decided.",
        "again": "Decide again",
    }
)


class Torn(TypedDict):
    """One picture."""

    id: str
    name: str  # as the person knows it, once for each class
    thumbnail: str  # "data:image/webp;base64,…", or "" when the file is gone
    classes: list[str]


class Conflicts(TypedDict):
    """The value."""

    pictures: list[Torn]  # the first few
    total: int  # how many there are
    decided: int  # how many were decided before


def conflicts(
    label: str,
    *,
    value: Conflicts | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """The list; its value is ``Conflicts``, or None. With nothing to decide nothing is shown.

    What a person does fires ``decided``; the event's data is one of::

        {"kind": "decide", "id": "ab…", "to": "cat"}
        {"kind": "decide", "id": "ab…", "to": None}      # left out
        {"kind": "leave_all_out"}
        {"kind": "decide_again"}                         # takes back what was decided

    Args:
        label: Name for screen readers.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("conflicts", value=value, label=label, words=words, **options)
