"""Earlier and running trainings as cards, to open or to delete."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NotRequired, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "open": "Open",
        "open_long": "Open {title}",
        "current": "open now",
        "delete": "Delete",
        "delete_long": "Delete {title}",
        "confirm": "Really delete?",
        "confirm_long": "Really delete? {title}",
        "asked": "Press again to delete {title}, or Escape to keep it.",
        "finished": "finished",
        "running": "running",
        "waiting": "waiting",
        "stopped": "stopped",
        "failed": "failed",
    }
)


class Run(TypedDict):
    """One card."""

    id: str
    title: str  # "Sea creatures · head"
    when: str  # "2026-11-24 10:12"
    state: Literal["finished", "running", "waiting", "stopped", "failed"]
    about: NotRequired[str]  # "160 px, 20 epochs, compact head"
    summary: str  # "95.0 % on 40 pictures, epoch 12", or ""
    current: bool  # the one that is open on the page


class Runs(TypedDict):
    """The value."""

    runs: list[Run]  # in the order to show


def run_list(
    label: str,
    placeholder: str = "",
    *,
    value: Runs | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """The cards; the value is ``Runs``, or None.

    "Open", and "Delete" pressed twice, fire ``picked``, and the value gains ``action``::

        {"kind": "open", "id": "…", "nonce": 1.5}          # or "kind": "delete"

        runs.picked(pick, inputs=runs, outputs=runs)       # def pick(value): value["action"]["id"]

    or ``def pick(event: gr.EventData): event.kind, event.id``. The first press of "Delete" only
    asks; it forgets after five seconds, on Escape, and when the keyboard or mouse goes elsewhere.

    Args:
        label: Name for screen readers.
        placeholder: Quiet text shown while there are no runs.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget(
        "run_list",
        value=value,
        label=label,
        words=words,
        given={"placeholder": placeholder},
        **options,
    )
