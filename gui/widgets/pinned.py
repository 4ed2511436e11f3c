"""A few pictures, each with what it is called now and whether that was right in every round."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NotRequired, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "title": "{n} pictures it never learns from",
        "title_one": "One picture it never learns from",
        "now": "After epoch {epoch} it has {right} of these {n} right.",
        "kept": "The epoch that is kept, number {epoch}, has {right} of these {n} right.",
        "truth": "{truth}",
        "answer": "says {answer}",
        "percent": "{p} % sure",
        "right": "right",
        "wrong": "wrong",
        "rounds": "Right after {right} of {n} epochs",
        "rounds_one": "Right after {right} of 1 epoch",
        "key_right": "right",
        "key_wrong": "wrong",
        "key": "One dot for each epoch, the latest last.",
        "picture": "The picture {name}",
        "gone": "This picture is gone",
    }
)


class Picture(TypedDict):
    """One picture."""

    name: str
    truth: int  # place in the labels
    thumbnail: str  # "data:image/webp;base64,…", or "" when it is gone


class Round(TypedDict):
    """What all of them were called after an epoch."""

    epoch: int
    answers: list[int]  # places in the labels
    confidences: list[float]  # 0 to 1


class Pinned(TypedDict):
    """The value: all of it, or what is new."""

    version: str  # names all that is shown then
    after: NotRequired[str]  # the version that these rounds are added to
    rounds: list[Round]  # in order
    shown: int  # the epoch whose answers stand there
    kept: bool  # whether that is the result
    labels: NotRequired[list[str]]  # with the pictures, where nothing is added
    pictures: NotRequired[list[Picture]]


def pinned(
    label: str,
    *,
    value: Pinned | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """The pictures; the value is ``Pinned``, or None, when nothing is shown.

    Pictures, labels and rounds stay, so later values need only hold what comes ``after`` them.

    Event ``behind``: further rounds came, but not the value before them; answer with all of it.

    Args:
        label: Name for screen readers.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("pinned", value=value, label=label, words=words, **options)
