"""The computer's camera: what it sees, and a button that sends one picture of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "open": "Use the camera",
        "shoot": "Take the picture",
        "close": "Close the camera",
        "picture": "camera {number}",
        "failed": "The picture could not be sent. Try again.",
        "insecure": "The browser lends its camera only to pages of this computer, or over https.",
        "missing": "There is no camera that can be used. Connect one, or close what is using it.",
        "refused": "The browser was not allowed to use the camera. Allow it beside the address.",
    }
)


def webcam(label: str, *, words: Mapping[str, str] = WORDS, **options: Unpack[Options]) -> gr.HTML:
    """A button that opens the camera, its picture, and a button that takes one.

    Each press sends a JPEG to Gradio's upload folder and fires ``uploaded``; the value is a
    ``folder_drop.Manifest`` of one file. The camera is given back when the person closes it or
    goes to another step.

    Args:
        label: Name for screen readers.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("webcam", label=label, words=words, **options)
