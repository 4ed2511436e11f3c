"""Who is signed in, and the way out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

ACTION: Final = "freezepoint/sign-out"  # relative to the page
WORDS: Final[Mapping[str, str]] = MappingProxyType({"out": "Sign out"})


def signed_in(
    label: str, *, words: Mapping[str, str] = WORDS, **options: Unpack[Options]
) -> gr.HTML:
    """A name beside a button that posts to ``ACTION``; the value is the name, "" for none.

    Args:
        label: What the name is, for people who can't see it.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("signed_in", label=label, words=words, given={"action": ACTION}, **options)
