"""A link that opens the same person's work on another device."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "title": "Open this on another device",
        "explain": "Whoever has this link sees and changes your pictures and trainings, so keep it "
        "to yourself. The training goes on when you close this page.",
        "explain_here": "{explain} {loopback}",
        "loopback": "This address works in other browsers of this computer only; for other devices "
        "start Freezepoint with --host 0.0.0.0 and open it by this computer's name.",
        "link": "Your private link",
        "copy": "Copy",
        "copied": "Copied",
    }
)


def private_link(*, words: Mapping[str, str] = WORDS, **options: Unpack[Options]) -> gr.HTML:
    """A closed line that opens to show the link; the value is the person's token, or None.

    The token stands behind "#", so browsers never send it with a request for the page.

    Args:
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("private_link", words=words, **options)
