"""A few ready-made choices as cards, one of which may be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {"other": "None of these: settings of your own."}
)


class Card(TypedDict):
    """One choice."""

    id: str
    name: str
    about: str  # a sentence
    takes: str  # how long it takes, or why it can't be taken; "" while nobody knows
    problem: bool  # whether ``takes`` says why it can't be taken


class Cards(TypedDict, total=False):
    """The value. What is left out stays as it was."""

    cards: list[Card]
    chosen: str  # id; "" for none of them


def preset_cards(
    label: str,
    *,
    value: Cards | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """Radio buttons drawn as cards; the value is ``Cards``.

    Choosing one by mouse or arrow keys fires ``picked``::

        cards.picked(use, outputs=...)      # def use(event: gr.EventData): event.id

    Args:
        label: The question that the cards answer, above them.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("preset_cards", value=value, label=label, words=words, **options)
