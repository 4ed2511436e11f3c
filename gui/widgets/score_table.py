"""Things that were counted, a row each: shares in words, with the range that each may lie in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NotRequired, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": "Class",
        "found": "Of its pictures, how many it found",
        "found_term": " (recall)",
        "believed": "When it says so, how often it is right (precision)",
        "balance": "Both in one number (F1)",
        "learned": "learned from {n} pictures, checked with {checked}",
        "learned_one": "learned from {n} picture, checked with {checked}",
        "checked": "checked with {n}",
        "range": "most likely {low} to {high}",
        "open": "Its training pictures",
        "open_long": "Its training pictures: {name}",
    }
)


class Share(TypedDict):
    """A share and the range that it may lie in, each 0 to 1, with the words for them."""

    share: float
    low: float
    high: float
    text: str  # "Of 8 owl, 6 were called owl"
    low_text: str  # "40.9 %"
    high_text: str  # "92.9 %"


class Score(TypedDict):
    """One row. A measure that there is nothing to make of is a sentence that says why."""

    id: int
    name: str
    learned: int  # 0 when that isn't known
    checked: int
    found: Share | str
    believed: Share | str
    balance: Share | str


class Scores(TypedDict):
    """The value."""

    scores: list[Score]
    opens: NotRequired[bool]  # whether each row has a button; without it none


def score_table(
    label: str,
    *,
    value: Scores | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """The table; its value is ``Scores``, or None for nothing.

    Each share is drawn as a point on a line from 0 to 1 with its range as a bar. On a narrow page
    each row becomes a card. What only some want (precision, F1, the name "recall") has the class
    "more", by which a page may hide it. The button fires ``picked``::

        table.picked(show, outputs=...)      # def show(event: gr.EventData): event.id

    Args:
        label: Name for screen readers.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("score_table", value=value, label=label, words=words, **options)
