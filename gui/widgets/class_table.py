"""A table of classes that can be renamed, left out and added to."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NotRequired, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "class": "Class",
        "pictures": "Pictures",
        "examples": "Examples",
        "actions": "Change",
        "count": "{n} pictures",
        "count_one": "{n} picture",
        "split": "{train} to learn from, {validation} to check with",
        "split_test": "{train} to learn from, {validation} to check with, {test} to test with",
        "thumbnail": "{name}, picture {n}",
        "rename": "Rename {name}",
        "new_name": "New name for {name}",
        "save": "Save",
        "cancel": "Cancel",
        "leave_out": "Leave out",
        "leave_out_long": "Leave out: {name}",
        "take_back": "Take back in",
        "take_back_long": "Take back in: {name}",
        "left_out": "left out",
        "add": "Add pictures",
        "add_long": "Add pictures: {name}",
    }
)


class Class(TypedDict):
    """One row."""

    name: str
    count: int
    train: int
    validation: int
    test: NotRequired[int]
    thumbnails: list[str]  # up to 8 addresses, "data:image/webp;base64,…"
    included: bool
    note: str  # a sentence below the name, or ""


class Classes(TypedDict):
    """The value."""

    classes: list[Class]
    totals: str  # a sentence below the table, or ""
    editable: NotRequired[bool]  # False takes the buttons away, say while a training runs


def class_table(
    label: str,
    *,
    value: Classes | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """The table; its value is ``Classes``, or None for nothing.

    What a person does fires ``edited``, and the value gains ``action``, one of::

        {"kind": "rename", "name": "cat", "to": "lion", "nonce": 1.5}
        {"kind": "include", "name": "cat", "included": False, "nonce": 2.5}
        {"kind": "add", "name": "cat", "nonce": 3.5}

    Nothing changes on the page until Python sends the next value. ``to`` is trimmed, never empty
    and differs from ``name``; it may be the name of another class. With thumbnails inside, the
    value is heavy: take the event data instead of the value::

        table.edited(edit, outputs=table)                  # def edit(event: gr.EventData):
                                                           #     event.kind, event.name

    Args:
        label: Name for screen readers.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("class_table", value=value, label=label, words=words, **options)
