"""What the blocks of a network see in pictures: for each block the maps of some of its filters."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "maps": "{name}, and where {n} filters of block {block} answer in it",
        "maps_one": "{name}, and where one filter of block {block} answers in it",
        "none": "Here no filter answers more in one place than in another.",
        "dark": "dark: no answer",
        "bright": "bright: the filter answers here",
    }
)


class Look(TypedDict):
    """What one block sees in one picture."""

    name: str  # of the picture
    thumbnail: str  # a data: address
    maps: list[str]  # data: addresses; there may be none


class Block(TypedDict):
    """One block."""

    block: int
    tells: str  # what it sees, in a sentence
    facts: str  # "3 of 64 filters, 160 × 160 places each"
    looks: list[Look]


class Sights(TypedDict):
    """The value."""

    blocks: list[Block]


def block_sights(
    label: str, *, words: Mapping[str, str] = WORDS, **options: Unpack[Options]
) -> gr.HTML:
    """For each block a sentence and, for each picture, some maps beside it; fires no event.

    The value is ``Sights``, or None for nothing.

    Args:
        label: Name for screen readers.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("block_sights", label=label, words=words, **options)
