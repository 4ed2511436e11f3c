"""One file that a person gave by folder, zip or drop, and the rules for its name."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_JUNK: Final = frozenset(
    ["__macosx", "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "@eadir", "$recycle.bin"]
)
_JOINER: Final = "\N{ZERO WIDTH JOINER}"
_UNSEEN: Final = f" {_JOINER}\N{VARIATION SELECTOR-15}\N{VARIATION SELECTOR-16}"


@dataclass(frozen=True)
class Entry:
    """One file that a person gave.

    Attributes:
        rel: Its place in the folder or zip as the person knows it, "/" separated.
        path: Where its bytes are now.
        original: Hex digest of the person's own file where the browser sent a smaller one; else "".
    """

    rel: str
    path: Path
    original: str = ""


def safe_rel(rel: str) -> str:
    """The name as a relative one without "..", drive or control characters; "" if nothing is left.

    Unicode is composed (NFC), so that the same name from a Mac and from Windows is one name.
    """
    # Bytes that aren't UTF-8 come as these surrogates; any other lone one is no character at all.
    text = re.sub(r"[\ud800-\udc7f\udd00-\udfff]", "\N{REPLACEMENT CHARACTER}", rel)
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    text = unicodedata.normalize("NFC", text).replace("\\", "/")
    text = re.sub(r"^/*[A-Za-z]:", "", text)
    parts = (re.sub(r"[\x00-\x1f\x7f-\x9f]", "_", part).strip() for part in text.split("/"))
    return "/".join(part for part in parts if part not in ("", ".", ".."))


def shown(rel: str) -> str:
    """The name of a file as people are shown it: each part as :func:`class_name` makes it.

    Of a part of which nothing is left there is a "_".
    """
    return "/".join(class_name(part) or "_" for part in rel.split("/"))


def steers(letter: str) -> bool:
    """Whether a character can't be seen and only steers the text around it.

    Such are the marks for the direction of writing, with which "gpj.exe" is shown as "exe.jpg", and
    spaces of no width, with which two names look like one. The joiner inside emoji is none of them.
    """
    return letter != _JOINER and unicodedata.category(letter) == "Cf"


def class_name(text: str) -> str:
    """The text as the name of a class: one line of characters that can be seen; "" if none is left.

    Line breaks and control characters become spaces; characters that only steer the text around
    them, such as the direction of writing, go. The joiner inside emoji stays. Composed (NFC).
    """
    shown = unicodedata.normalize("NFC", "".join(map(_shown, text))).strip()
    return shown if shown.strip(_UNSEEN) else ""


def _shown(letter: str) -> str:
    match unicodedata.category(letter):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf" if steers(letter):
            return ""
        case "Cs":  # half a character: it can't be written to a file
            return "\N{REPLACEMENT CHARACTER}"
        case _:
            return letter


def is_junk(rel: str) -> bool:
    """Whether a file is hidden or the operating system's own, as no person means to give it."""
    return any(part.startswith(".") or part.lower() in _JUNK for part in rel.split("/"))


def unique(name: str, taken: set[str]) -> str:
    """The name, or, when it is taken, the same with “ (2)”, “ (3)” ...; notes it as taken."""
    folder, slash, last = name.rpartition("/")
    dot = last.rfind(".")
    stem, suffix = (last[:dot], last[dot:]) if dot > 0 else (last, "")
    number, fresh = 1, name
    while fresh in taken:
        number += 1
        fresh = f"{folder}{slash}{stem} ({number}){suffix}"
    taken.add(fresh)
    return fresh
