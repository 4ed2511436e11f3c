"""Advice in plain words, each with buttons that carry it out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "title": "What the curves say",
        "good": "Good news:",
        "note": "Worth knowing:",
        "warn": "Worth acting on:",
    }
)


class Remedy(TypedDict):
    """One button."""

    id: str
    text: str
    does: Literal["change", "more", "go"]  # which event it fires
    to: str  # for "go": where to


class Advice(TypedDict):
    """One thing to say."""

    id: str  # no two have the same
    tone: Literal["good", "note", "warn"]
    title: str
    seen: str
    meaning: str
    remedies: list[Remedy]


class Coach(TypedDict):
    """The value."""

    advice: list[Advice]
    told: str  # what a press has done, or ""


def coach(
    label: str,
    *,
    value: Coach | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """The advice; its value is ``Coach``, or None. Without advice nothing is shown.

    It is drawn anew only when it says something else, and then read out politely. Its buttons fire
    ``changed`` or ``continued`` with ``{"advice": "few", "remedy": "add"}``, or ``chosen`` with
    ``{"id": "pictures"}``, by what they do.

    Args:
        label: Name for screen readers.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("coach", value=value, label=label, words=words, **options)
