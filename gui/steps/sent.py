"""What an event of the page tells: whoever calls may send anything, so none of it is believed."""

from __future__ import annotations

from collections.abc import Mapping

import gradio as gr

from gui.core.errors import NotYours
from gui.words import say


class Sent:
    """The values that came with an event, each taken out as what it has to be."""

    def __init__(self, event: gr.EventData) -> None:
        told = event._data
        self._told: Mapping[str, object] = told if isinstance(told, Mapping) else {}

    def get(self, name: str) -> object:
        """The value as it came; None when there is none."""
        return self._told.get(name)

    def text(self, name: str) -> str:
        """A text.

        Raises:
            NotYours: When it is anything else, or missing.
        """
        value = self.get(name)
        if not isinstance(value, str):
            raise unknown()
        return value

    def text_or_none(self, name: str) -> str | None:
        """A text, or None where None was sent or nothing.

        Raises:
            NotYours: When it is anything else.
        """
        return None if self.get(name) is None else self.text(name)

    def number(self, name: str) -> int:
        """A whole number.

        Raises:
            NotYours: When it is anything else, or missing.
        """
        value = self.get(name)
        if type(value) is not int:
            raise unknown()
        return value

    def truth(self, name: str) -> bool:
        """True or False.

        Raises:
            NotYours: When it is anything else, or missing.
        """
        value = self.get(name)
        if not isinstance(value, bool):
            raise unknown()
        return value


def unknown() -> NotYours:
    """That a page asks for what isn't there."""
    return NotYours(say("The page asked for something unknown."), say("Reload the page."))
