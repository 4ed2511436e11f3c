"""One picture in several variants, and a button for another picture."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NotRequired, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "plain": "as it is",
        "view": "view {n}",
        "used": "✓ learned from",
        "other": "Another picture",
    }
)


class Tile(TypedDict):
    """One variant."""

    picture: str  # a data: address
    used: bool


class Tiles(TypedDict):
    """The value."""

    name: str  # of the picture, as the person knows it
    note: str  # a sentence or two
    further: NotRequired[str]  # one that only who sees all settings can make use of
    tiles: list[Tile]  # the plain picture first


def view_tiles(
    label: str, *, words: Mapping[str, str] = WORDS, **options: Unpack[Options]
) -> gr.HTML:
    """The variants; the value is ``Tiles``, or None for nothing.

    The button fires ``another``; Python sends a new value.

    Args:
        label: Name for screen readers.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("view_tiles", label=label, words=words, **options)
