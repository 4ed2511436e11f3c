"""What the model says about each picture: one card a picture, with honest percentages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NotRequired, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "all": "Show all {n} classes",
        "bright": "Bright is what spoke most for “{label}”:",
        "cards": "Cards",
        "column_answer": "Answer",
        "column_file": "File",
        "column_sure": "How sure",
        "column_unlike": "None of these",
        "download": "Download the table (CSV)",
        "forced": "If it had to be one of them: {label}, {share}.",
        "look": "Where did it look?",
        "look_all": "Where did it look? All {n} shown",
        "looking": "Looking …",
        "more": "Show more ({n} left)",
        "nearest": "It looks unlike all pictures it has learned from. The nearest are:",
        "no": "no",
        "no_heat": "No part of the picture spoke for it more than others.",
        "none": "None of these, most likely",
        "overlaid": "The picture {name} with bright colours where it spoke for {label}",
        "percent": "{p} %",
        "picture": "The picture {name}",
        "probabilities": "How sure, for each class",
        "right": "✓ right",
        "strength": "Colours",
        "table": "Table",
        "unknown": "not known",
        "views": "How to show the answers",
        "wrong": "✗ it is “{truth}”",
        "yes": "yes",
    }
)


class Probability(TypedDict):
    """One bar."""

    label: str
    probability: float  # 0 to 1


class Neighbour(TypedDict):
    """A picture that was learned from and comes near."""

    name: str
    label: str
    thumbnail: str  # "" when it is gone


class Answer(TypedDict):
    """One card, or one row."""

    name: str  # the picture's name as the person knows it
    thumbnail: str  # "data:image/webp;base64,…", or "" for none
    label: str  # the class; not shown when there is a problem
    probability: float  # 0 to 1
    probabilities: list[Probability]  # all classes, in any order
    problem: str | None  # a sentence when there is no answer
    truth: NotRequired[str | None]  # the class that it really is, where that is known
    unlike: NotRequired[bool | None]  # whether it is none of the classes; None: nobody can say
    nearest: NotRequired[list[Neighbour]]  # for one that is


class Explained(TypedDict):
    """Where the model looked; see ``heatPair`` in ``shared.js``."""

    place: int  # of the answer, from 0
    answer: str  # the class that is explained
    thumbnail: str  # the whole picture
    heat: str  # the overlay, of the same shape, or ""
    layer: NotRequired[str]  # which layer was asked, in words that stand below


class Answers(TypedDict):
    """The value: all answers, or some more of those that are there already."""

    note: str  # a sentence above the cards, or ""
    id: NotRequired[str]  # answers of one id belong together; without, nothing can be asked
    start: NotRequired[int]  # place of the first of these answers, from 0
    answers: NotRequired[list[Answer] | str]  # or the list as JSON text, see below
    explained: NotRequired[list[Explained] | str]
    layer: NotRequired[str]  # the one that these are of; without explained: the one now chosen
    csv: NotRequired[str]  # the whole table as a file, once it is whole


def answers(
    label: str,
    *,
    value: Answers | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """The cards, and a table of the same; the value is ``Answers``, or None for nothing.

    Percentages have one decimal and never claim more than the model said: above 99.9 % is
    ">99.9 %", below 0.1 % is "<0.1 %"; there is no "100 %" and no "0 %". Five bars are shown, the
    rest opens. Where the ``truth`` is known, a card says whether the answer is right. Screen
    readers read the ``note`` aloud when it changes, not each card. Of many, 24 cards are shown, and
    more on a press.

    Thousands of answers come in parts: values with one ``id``, each with ``start``. An answer that
    comes again without its thumbnail keeps the one it has. Parts have to come as JSON text: from a
    generator Gradio sends only what has changed, and mixes up a list that becomes shorter.

    Fires ``asked`` when a person wants to know where the model looked, with ``kind`` ("explain"),
    ``id`` and ``places``. Until a value with ``explained`` comes, the cards say that it is looked
    for. A value with ``layer`` alone chooses another layer: the cards show what was explained by
    that one, and the others can be asked again.

    Args:
        label: Name for screen readers.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("answers", value=value, label=label, words=words, **options)
