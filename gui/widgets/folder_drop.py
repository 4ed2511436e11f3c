"""A place to drop a folder or pictures; files arrive with the path they had inside it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, script, widget

_KEPT: Final = (
    "too_large",
    "failed",
    "full",
    "unreadable",
)  # reasons: what is kept on disk is English
ACCEPTED: Final = ".jpg,.jpeg,.jfif,.png,.webp,.gif,.bmp,.tif,.tiff,.heic,.heif,.avif,image/*"

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "choose_folder": "Choose a folder",
        "choose_zip": "Choose a zip",
        "choose_pictures": "Choose pictures",
        "other_folder": "Open another folder in place of these",
        "other_pictures": "Drop other pictures",
        "other_zip": "Choose another zip",
        "looking": "Looking through the folder: {n} files so far",
        "sending": "Sending your files",
        "sent": "{done} of {n} files",
        "sent_one": "{done} of {n} file",
        "bytes": "{done} of {total}",
        "saved": "Sent {sent} instead of {before}",
        "originals": "Send the originals",
        "shrinks": "Photos are made small before they are sent. The camera's hidden notes, such as "
        "where it was, stay here.",
        "shrinks_but_zip": "Photos are made small before they are sent. The camera's hidden notes, "
        "such as where it was, stay here. A zip is sent as it is.",
        "whole": "Photos are sent whole, with the camera's hidden notes, such as where it was.",
        "as_is": "{n} went whole: the browser can't open them",
        "as_is_one": "{n} went whole: the browser can't open it",
        "cancel": "Cancel",
        "cancelled": "Cancelled. Nothing was added.",
        "empty": "No files in there. Please choose a folder that has pictures in it.",
        "received": "{n} files received",
        "received_one": "{n} file received",
        "not_sent": "{n} could not be sent or were left out",
        "too_large": "larger than the limit: {size}, allowed are {limit}",
        "failed": "could not be sent, tried twice",
        "full": "there was no room for it on the disk",
        "unreadable": "the browser could not read it",
        "pasted": "pasted picture",
    }
)


class File(TypedDict):
    """One file that arrived."""

    rel: str  # path as the person has it, "sea/starfish/1.jpg"; just the name for loose files
    path: str  # where Gradio put it on this server; each entry has a path of its own
    size: int  # bytes that were sent; a shrunk picture is a JPEG, whatever its name ends in


class Skipped(TypedDict):
    """One file that was not sent."""

    rel: str
    code: Literal["too_large", "failed", "full", "unreadable"]
    reason: str  # the sentence for people, in English; ``words.again`` tells it in their language


class Manifest(TypedDict):
    """What the value is when ``uploaded`` fires."""

    files: list[File]  # in the order they were found; rel may repeat when two folders share a name
    skipped: list[Skipped]
    junk: int  # .DS_Store, Thumbs.db, __MACOSX, hidden files: never sent
    before: int  # bytes of all ``files`` as the person has them
    sent: int  # bytes of all ``files`` as they were sent
    nonce: float


class Busy(TypedDict, total=False):
    """What Python sets to show that it is working on the files."""

    busy: str  # "Reading 12 of 300 pictures"
    fraction: float | None  # 0 to 1; without it the bar only says that something happens


class Slim(TypedDict):
    """What Python sets when something is there already."""

    slim: bool  # the area is one line, until it is pressed or files are dragged over the page


class Refused(TypedDict):
    """What Python sets when it could use none of the files: the area is idle and says nothing."""

    refused: Literal[True]


REFUSED: Final[Refused] = {"refused": True}


def folder_drop(
    mode: Literal["folder", "pictures", "zip"],
    label: str,
    hint: str = "",
    *,
    folders: bool = False,
    max_file_mb: float = 64,
    max_zip_mb: float = 8192,
    value: Busy | Slim | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """A drop area that sends files to Gradio's upload folder and then fires ``uploaded``.

    ``"folder"`` offers a folder or a zip, ``"pictures"`` one or many pictures and pasting,
    ``"zip"`` one zip. All take whatever is dropped: folders (searched to the bottom), several of
    them, loose files, a zip. A zip is sent as one file and stays packed.

    Pictures are made small in the browser first, unless the person ticks the box: turned upright,
    without EXIF, 512 px on the short side at most. What is small already and carries no notes, and
    what the browser can't read, goes as it is. The same file always becomes the same bytes.

    The value, by who sets it:

    - the widget: a ``Manifest``, then ``uploaded`` fires. Its event data are the counts only:
      ``files``, ``skipped``, ``junk``, ``nonce``.
    - Python: a ``Busy`` while it reads the files (the area takes no files meanwhile), and None to
      go back to the idle area, a ``Slim`` to one line that opens it, or ``REFUSED``, when the
      reason is told elsewhere. Until then the area says how many files were received.

    ::

        drop = folder_drop("folder", "Drop your folder here", "One sub-folder for each class.")
        drop.uploaded(read, inputs=drop, outputs=drop)     # def read(manifest: Manifest | None)

    Whoever can open the page can send any manifest they like: before a ``path`` is opened, check
    that it lies inside Gradio's upload folder. ``rel`` is a stranger's text as well.

    Args:
        mode: What the buttons offer.
        label: The area's heading, and its name for screen readers.
        hint: A sentence below the heading.
        folders: Offer a folder beside pictures, too.
        max_file_mb: What is larger when it is to be sent (10**6 bytes each MB) is listed as
            skipped.
        max_zip_mb: The same for a zip.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget(
        "folder_drop",
        value=value,
        label=label,
        words=words,
        scripts=["shrinking"],
        given={
            "shrinker": script("shrinking_worker"),
            "mode": mode,
            "hint": hint,
            "folders": folders,
            "accepted": ACCEPTED,
            "reasons": {code: words[code] for code in _KEPT},
            "max_file_mb": max_file_mb,
            "max_zip_mb": max_zip_mb,
        },
        **options,
    )
