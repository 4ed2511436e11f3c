"""Things to take home, a card each: made when asked for, then downloaded.

A download posts a form, so that no secret stands in an address.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "make": "Make it",
        "check": "Check it",
        "again": "Make it again",
        "retry": "Try again",
        "stop": "Stop",
        "download": "Download {file}",
        "waiting": "Waiting for its turn",
        "making": "Making it",
        "checking": "Checking it",
        "ready": "Ready",
        "refused": "Refused",
        "failed": "It couldn't be made",
        "unchecked": "It couldn't be checked",
        "long": "{what}: {name}",
        "announced": "{what}: {name}. {told}",
    }
)


class Form(TypedDict):
    """One card."""

    id: str
    name: str
    about: str  # what it is good for
    state: Literal[
        "new", "waiting", "making", "checking", "ready", "refused", "failed", "unchecked"
    ]
    fraction: float | None  # 0 to 1 while it is made; None when nobody knows how far
    size: str  # "58 MB", or ""
    told: str  # what its check found, why it is refused, what went wrong, or ""
    ask: Literal[
        "make", "check", "again", "retry", "stop", ""
    ]  # what the button asks for; "" for none
    files: list[str]  # names of what can be downloaded now
    main: bool  # whether it stands out; its first file is the page's main button


class Forms(TypedDict):
    """The value."""

    fields: dict[str, str]  # sent with every download, as hidden fields
    forms: list[Form]


def take_home(
    label: str,
    about: str,
    action: str,
    *,
    value: Forms | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """The cards of one group under its heading; the value is ``Forms``, or None for nothing.

    A press on a card's button fires ``picked``, of a kind "make" or "stop"::

        cards.picked(make, outputs=...)      # def make(event: gr.EventData): event.kind, event.id

    One on "Download" posts the fields and ``file``, the name, to ``action``.

    Args:
        label: The group's heading.
        about: A sentence below it.
        action: Where downloads are posted; an address relative to the page.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget(
        "take_home",
        value=value,
        label=label,
        words=words,
        given={"about": about, "action": action},
        **options,
    )
