"""A square table of counts whose cells are buttons: what each thing was taken for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NotRequired, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "rows": "what it really is ↓",
        "columns": "what it was called →",
        "share": "{p} %",
        "cell": "{n} of {all} pictures of {truth} were called {answer}: show them",
        "further": "Scroll the table sideways to see all of it.",
        "none": "none of the pictures of {truth} were called {answer}",
    }
)


class Cells(TypedDict):
    """The value."""

    labels: list[str]
    counts: list[list[int]]  # by what it is (row) and what it was called (column)
    chosen: NotRequired[list[int]]  # row and column of the cell whose pictures are shown
    of: NotRequired[str]  # what the pictures are called; comes back with every press


def cell_table(
    label: str,
    *,
    value: Cells | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """The table; its value is ``Cells``, or None for nothing.

    A cell tells its count and, while there is room, its share of the row, rounded down; the fuller
    its colour, the larger that share: blue on the diagonal, orange beside it. Cells with pictures
    are buttons, which the arrow keys reach, too; pressed they fire ``picked``::

        table.picked(show, outputs=...)   # def show(event: gr.EventData): event.truth, event.answer

    with ``event.of`` where the value has it.

    A table too wide for the page scrolls by itself, its first column stays.

    Args:
        label: Name for screen readers.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("cell_table", value=value, label=label, words=words, **options)
