"""What a person must know about a host that forgets, and a question when they leave too early."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "notice": "This computer forgets: your pictures and what you train here are gone when it "
        "restarts or goes to sleep. Take your model home as soon as it is trained.",
        "copy": "Copy this Space to have one of your own",
        "running": "A training of yours is under way. If you leave now, come back in time to take "
        "its model home.",
        "untaken": "Your trained model isn’t at home yet. Before you leave, download it under "
        "“Take home”.",
    }
)


class Unsaved(TypedDict):
    """The value."""

    unsaved: Literal["", "running", "untaken"]  # what a person would lose


def host_notice(
    label: str,
    copy_address: str,
    action: str,
    *,
    value: Unsaved | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """The notice; as long as something is unsaved, the browser asks before the page is left.

    A while after a download it fires ``looked``, so that Python can say what is unsaved now::

        notice.looked(look, outputs=notice)

    Args:
        label: Name for screen readers.
        copy_address: Where a person makes a copy of the host for themselves.
        action: Where downloads are posted, relative to the page: they don't leave it.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    given = {"copy_address": copy_address, "action": action}
    return widget("host_notice", value=value, label=label, words=words, given=given, **options)
