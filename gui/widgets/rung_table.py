"""Things compared side by side: a row each with its result, the range it may lie in, and costs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NotRequired, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "key": "{heading}: ",
        "name": "Freeze point",
        "result": "Right answers",
        "seconds": "Learning time",
        "amount": "Numbers that learn",
        "open": "Open as a training",
        "open_long": "Open as a training: {name}",
        "range": "may lie between {low} and {high}",
        "yet": "no result yet",
        "none": "no result",
        "finished": "finished",
        "running": "running",
        "waiting": "waiting",
        "stopped": "stopped",
        "failed": "failed",
        "deleted": "deleted",
    }
)


class Result(TypedDict):
    """A share and the range that it may lie in, each 0 to 1, with the words for them."""

    share: float
    low: float
    high: float
    text: str  # "38 of 40 right (95.0 %)"
    low_text: str  # "83.4 %"
    high_text: str  # "98.7 %"


class Rung(TypedDict):
    """One row."""

    id: str  # "" when there is nothing to open
    name: str  # "block5_conv3"
    state: Literal["finished", "running", "waiting", "stopped", "failed", "deleted"]
    note: str  # a quiet sentence under the name, or ""
    result: Result | None
    seconds: str  # "40 s", or ""
    amount: str  # "131,842", or ""
    best: bool  # drawn as the winner


class Rungs(TypedDict):
    """The value."""

    rungs: list[Rung]  # in the order to show
    notes: NotRequired[list[str]]  # sentences above the table


def rung_table(
    label: str,
    *,
    value: Rungs | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """The table; its value is ``Rungs``, or None for nothing.

    Each result is drawn as a point on a line from 0 to 1 with its range as a bar, one below
    another, so that ranges that overlap are seen to. "Open" fires ``picked``::

        table.picked(open_it, outputs=...)      # def open_it(event: gr.EventData): event.id

    Args:
        label: Name for screen readers.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("rung_table", value=value, label=label, words=words, **options)
