"""Pictures with what was said about them, a page at a time, each of which can be put right."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NotRequired, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "picture": "The picture {name}",
        "gone": "The file is gone.",
        "truth": "It is",
        "answer": "It was called",
        "answered": "{answer}, {share}",
        "percent": "{p}\u00a0%",
        "right": "✓ right",
        "wrong": "✗ wrong",
        "look": "Where did it look?",
        "look_long": "Where did it look? {name}",
        "looking": "Looking …",
        "layer": "Which layer is asked where it looked",
        "plain": "{name} as it is",
        "overlaid": "{name} with the places that spoke for the answer",
        "strength": "How strongly the colour is shown",
        "nowhere": "No place in the picture spoke for this answer.",
        "really": "It is really …",
        "really_long": "What {name} really is",
        "move": "Move it there",
        "move_long": "Move it there: {name}",
        "leave_out": "Leave it out",
        "leave_out_long": "Leave it out: {name}",
        "undo": "Undo",
        "undo_long": "Undo: {name}",
        "before": "Back",
        "after": "Next",
        "pages": "Pages of pictures",
        "page": "{from} to {to} of {n}",
        "page_one": "1 picture",
    }
)


class Look(TypedDict):
    """Where a model looked."""

    thumbnail: str  # the picture as it saw it, "data:image/webp;base64,…"
    heat: str  # of the same shape, transparent where it didn't look; "" when it was nowhere
    note: str  # a sentence below it, or ""
    layer: NotRequired[str]  # the one that was asked, as ``GridLayer.id``


class GridLayer(TypedDict):
    """A layer that can be asked where it looked."""

    id: str
    name: str  # in words


class GridPicture(TypedDict):
    """One picture."""

    id: str
    name: str  # as the person knows it
    thumbnail: str  # "data:image/webp;base64,…", or "" when the file is gone
    truth: str
    answer: NotRequired[str]  # without one, nothing was said of this picture
    confidence: NotRequired[float]  # 0 to 1
    fix: NotRequired[str]  # what the person has said of it, in a sentence, or ""
    look: NotRequired[Look | None]


class Grid(TypedDict):
    """The value."""

    title: str
    note: str  # a sentence below the title, or ""
    pictures: list[GridPicture]  # of this page only
    view: dict[str, Any]  # which pictures these are; comes back with every action
    first: int  # number of the first one here among all, from 0
    total: int
    size: int  # pictures of a page
    classes: list[str]  # where a picture can be moved; none takes the buttons away
    asks: NotRequired[bool]  # whether it can be asked where the model looked
    layers: NotRequired[list[GridLayer]]  # which can be; of several, a person chooses


def picture_grid(
    label: str,
    *,
    value: Grid | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """The pictures; the value is ``Grid``, or None for nothing.

    What a person does fires ``picked`` or, when a picture is put right, ``fixed``::

        {"kind": "turn", "first": 12}              # picked: to another page
        {"kind": "look", "id": "ab…", "layer": "…"}    # picked: where did it look?
        {"kind": "move", "id": "ab…", "to": "owl"}     # fixed
        {"kind": "leave_out", "id": "ab…"}         # fixed
        {"kind": "undo", "id": "ab…"}              # fixed

    Each carries ``view`` and ``first``, too. A ``look`` that was sent once stays as long as
    ``view["run"]`` is the same, and is shown while its layer is chosen; its heat lies over the
    picture, with a slider for how strongly.

    Args:
        label: Name for screen readers.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("picture_grid", value=value, label=label, words=words, **options)
