"""Links to the same page in other languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType({})


class Language(TypedDict):
    """One link."""

    code: str  # BCP 47 tag: how a screen reader says the name
    name: str  # what its speakers call it
    address: str  # relative to the page


def language_links(
    label: str, languages: Sequence[Language], **options: Unpack[Options]
) -> gr.HTML:
    """A link for each language, in that language; it opens in place of the page.

    Args:
        label: Name for screen readers.
        languages: The others, not the one that is spoken.
        **options: Handed to ``gr.HTML``.
    """
    given = {"languages": list(languages)}
    return widget("language_links", label=label, words=WORDS, given=given, **options)
