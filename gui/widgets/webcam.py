"""The computer's camera: what it sees, and buttons that take one picture of it, or many."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "open": "Use the camera",
        "shoot": "Take the picture",
        "shoot_one": "Take a picture",
        "burst": "Take {n}, two a second",
        "stop_burst": "Stop ({left} to go)",
        "close": "Close the camera",
        "advice": "Press for one picture, or hold the button for many. Turn and move the thing, or "
        "the camera, meanwhile: pictures that look the same teach nothing new.",
        "counted": "{n} pictures taken",
        "counted_one": "{n} picture taken",
        "full": "{n} pictures taken: add them before you take more",
        "remove": "Remove {name}",
        "send": "Add these {n} pictures",
        "send_one": "Add this picture",
        "sending": "Sending: {done} of {n} pictures",
        "picture": "camera {number}",
        "failed": "The picture could not be sent. Try again.",
        "insecure": "The browser lends its camera only to pages of this computer, or over https.",
        "missing": "There is no camera that can be used. Connect one, or close what is using it.",
        "refused": "The browser was not allowed to use the camera. Allow it beside the address.",
    }
)


class Answer(TypedDict, total=False):
    """What Python sets after ``uploaded`` of many; None says that they were taken."""

    busy: str  # "Reading 12 of 30 pictures"
    kept: bool  # they were not taken: the person keeps them and can try again


def webcam(
    label: str,
    *,
    many: bool = False,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """A button that opens the camera, its picture, and buttons that take pictures.

    Each press sends a JPEG, 512 px on its short side at most, to Gradio's upload folder and fires
    ``uploaded``; the value is a ``folder_drop.Manifest`` of one file. With ``many``, what is taken
    (one by one, ten by themselves, or as long as the button is held) lies below the camera's
    picture, each with a button that removes it, until the person sends all at once; they stay there
    until Python sets an ``Answer`` or None. The camera is given back when the person closes it or
    goes to another step.

    Args:
        label: Name for screen readers.
        many: Whether pictures are collected before they are sent.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget("webcam", label=label, words=words, given={"many": many}, **options)
