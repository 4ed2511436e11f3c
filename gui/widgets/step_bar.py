"""The steps of the page in order: where one is, what is done, what still waits and for what."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NotRequired, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "done": "done",
        "open": "open",
        "locked": "not yet open",
        "folded": "What you have chosen so far",
        "line": "{name}: {told}",
        "change": "Change",
        "change_long": "Change {name}: {told}",
        "back": "Back to it",
        "back_long": "Back to it: {name}, {told}",
    }
)


class Step(TypedDict):
    """One step."""

    id: str
    name: str
    state: Literal["done", "open", "locked"]
    told: NotRequired[str]  # what was chosen there: the line that it folds into when it is done
    result: NotRequired[bool]  # whether that came out there: to be looked at, not changed
    more: NotRequired[bool]  # for people who want all there is


class Steps(TypedDict):
    """The value."""

    steps: list[Step]
    current: NotRequired[str]  # id of the step that is shown; left out: the same as before


def step_bar(
    label: str,
    *,
    value: Steps | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """A row of numbered steps, and below it a line for each that is done; the value is ``Steps``.

    Steps with ``more`` have the class "more", by which a page may hide them; numbers count those
    that are seen.

    Choosing a step, a locked one too (its page says what is missing), fires ``chosen``::

        bar.chosen(go, outputs=tabs)        # def go(event: gr.EventData): event.id

    Args:
        label: Name for screen readers.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("step_bar", value=value, label=label, words=words, **options)
