"""Buttons that download files by posting a form, so that no secret stands in an address."""

from __future__ import annotations

from typing import TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget


class Files(TypedDict):
    """The value."""

    fields: dict[str, str]  # sent with every file, as hidden fields of the form
    files: list[str]  # names; the first is the main one


def download(label: str, action: str, **options: Unpack[Options]) -> gr.HTML:
    """One button a file; the value is ``Files``, or None for nothing. Fires no event.

    A press posts the fields and ``file``, the name, to ``action``, an address relative to the page.

    Args:
        label: What each button says, before the file's name.
        action: Where the form is posted.
        **options: Handed to ``gr.HTML``.
    """
    return widget("download", label=label, words={}, given={"action": action}, **options)
