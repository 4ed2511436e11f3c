"""A network drawn as it is, layer by layer: what is frozen, what learns, and where it changes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "frozen": "frozen: keeps what it knows",
        "learning": "learns from your pictures",
        "point": "freeze point",
        "point_long": "freeze point: learning starts at {name}",
        "block": "block {n}",
        "head": "head",
        "parameters": "{n} parameters",
        "parameters_one": "{n} parameter",
        "no_parameters": "no parameters",
        "layer": "{name}: {facts}",
        "scale": "the taller, the larger the picture still is; the thicker, the more filters",
        "hint": "Point at a layer to read about it.",
        "hint_choose": (
            "Point at a layer to read about it; press it, or use the arrow keys, to let learning "
            "start there."
        ),
    }
)


class Layer(TypedDict):
    """One box."""

    name: str  # "block1_conv1"; unique in the strip
    kind: Literal["conv", "pool", "head"]
    block: int  # 1 to 5; any number for the head
    label: str  # "64 filters"
    size: str  # height and width of what leaves the layer, as text
    side: int  # the same as a number; any for the head
    depth: int  # channels of what leaves the layer; any for the head
    frozen: bool
    parameters: int


class Block(TypedDict):
    """What is known of one block."""

    block: int  # as in ``Layer``
    size: str  # "160 × 160 × 64"
    sees: str  # in two words, below it
    tells: str  # the same in a sentence, for who points at one of its layers


class Network(TypedDict):
    """The value."""

    layers: list[Layer]  # in network order
    point: str  # name of the first layer that learns; the line stands before it
    caption: str  # a sentence below, or ""
    blocks: list[Block]


def layer_strip(
    label: str,
    *,
    choosable: bool = True,
    value: Network | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """The drawing; its value is a ``Network``, or None for nothing.

    A layer is chosen like one of a group of radio buttons: by a click, by Space, or by the arrow
    keys, Home and End. It is seen at once; then ``chosen`` is fired, for a held key only once it
    rests. The value has the new ``point`` and gains ``action``; Python decides what it means and
    sends a new value::

        {"kind": "choose", "name": "block4_pool", "nonce": 1.5}

        strip.chosen(move, inputs=strip, outputs=strip)    # value["action"]["name"]

    or, without sending the value back, ``def move(event: gr.EventData): event.name``.

    Args:
        label: Name for screen readers.
        choosable: False draws boxes that only tell.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget(
        "layer_strip",
        value=value,
        label=label,
        words=words,
        given={"choosable": choosable},
        **options,
    )
