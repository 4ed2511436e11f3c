"""What the model says about each picture: one card a picture, with honest percentages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NotRequired, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "all": "Show all {n} classes",
        "picture": "The picture {name}",
        "percent": "{p} %",
        "probabilities": "How sure, for each class",
        "right": "✓ right",
        "wrong": "✗ it is “{truth}”",
    }
)


class Probability(TypedDict):
    """One bar."""

    label: str
    probability: float  # 0 to 1


class Answer(TypedDict):
    """One card."""

    name: str  # the picture's name as the person knows it
    thumbnail: str  # "data:image/webp;base64,…", or "" for none
    label: str  # the class; not shown when there is a problem
    probability: float  # 0 to 1
    probabilities: list[Probability]  # all classes, in any order
    problem: str | None  # a sentence when there is no answer
    truth: NotRequired[str | None]  # the class that it really is, where that is known


class Answers(TypedDict):
    """The value."""

    answers: list[Answer]
    note: str  # a sentence above the cards, or ""


def answers(
    label: str,
    *,
    value: Answers | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """The cards; the value is ``Answers``, or None for nothing. Fires no event.

    Percentages have one decimal and never claim more than the model said: above 99.9 % is
    ">99.9 %", below 0.1 % is "<0.1 %"; there is no "100 %" and no "0 %". Five bars are shown, the
    rest opens. Where the ``truth`` is known, a card says whether the answer is right. Screen
    readers read the ``note`` aloud when it changes, not each card.

    Args:
        label: Name for screen readers.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("answers", value=value, label=label, words=words, **options)
