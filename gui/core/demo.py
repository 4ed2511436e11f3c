"""A zip with a small web app around the model: unpacked, it starts with one command.

Its folder is also all that a Gradio Space needs: its README begins with what a Space reads. App and
README speak the language that is spoken where they are made.
"""

import io
import json
import re
import textwrap
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Final

from gui.core import files
from gui.core.leaflet import ITS_OWN, ORIGIN, TRAINED, Leaflet
from gui.words import say, spoken

_ASSETS: Final = Path(__file__).resolve().parents[2] / "assets" / "demo"
_AS_THEY_ARE: Final = ("app.py", "requirements.txt")
_FIRST_YEAR: Final = (1980, 1, 1, 0, 0, 0)  # zips know no earlier one; the same model, the same zip

_LINE: Final = 100  # signs of the README
_APP_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "picture": "Picture",
        "answer": "What it shows",
        "error": "Error",
        "unreadable": "This picture can't be read. Save it as JPEG or PNG.",
    }
)
# What stands in the README, by its place there.
_README_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "what": "A small web app around a model that tells these classes apart:",
        "start": "Start it",
        "python": "With Python 3.11 or newer, in this folder:",
        "open": "On Windows, write `.venv\\Scripts\\` wherever it says `.venv/bin/`. Then open the "
        "address that it prints. Afterwards `.venv/bin/python app.py` is enough, also without the "
        "internet.",
        "online": "To put it online, make a new Gradio Space on Hugging Face and add all files of "
        "this folder to it.",
        "how_far": "How far to trust it",
    }
)


def write(path: Path, leaflet: Leaflet, model: bytes) -> None:
    """Write the zip.

    Args:
        path: Where to; an older one is replaced.
        leaflet: What it tells about the model.
        model: An ONNX file from RGB 0–255 (n, size, size, 3) to probabilities.

    Raises:
        DiskFull: When there is no room; an older zip stays.
    """
    told = json.dumps(_told(leaflet), ensure_ascii=False, indent=1)
    content = {name: (_ASSETS / name).read_bytes() for name in _AS_THEY_ARE}
    content["README.md"] = _readme(leaflet).encode()
    content["labels.json"] = told.encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in content.items():
            archive.writestr(_entry(name), inside)
        # As it is: weights hardly get smaller, and it would take seconds.
        archive.writestr(_entry("model.onnx"), model, zipfile.ZIP_STORED)
    files.write_bytes(path, packed.getvalue())


def _told(leaflet: Leaflet) -> dict[str, object]:
    """What the app knows, and what it says."""
    notes = [*leaflet.trust, say(TRAINED, day=leaflet.trained), say(ORIGIN)]
    words = {name: say(text) for name, text in _APP_WORDS.items()}
    return {**asdict(leaflet), "notes": notes, "language": spoken(), "words": words}


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _FIRST_YEAR)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _readme(leaflet: Leaflet) -> str:
    parts = {
        **{name: textwrap.fill(say(text), _LINE) for name, text in _README_WORDS.items()},
        "quoted": _quoted(leaflet.title),
        "title": _shown(leaflet.title),
        "classes": "\n".join(f"- {_shown(label)}" for label in leaflet.labels),
        "trained": say(TRAINED, day=leaflet.trained),
        "trust": "\n\n".join(leaflet.trust),
        "its_own": say(ITS_OWN),
        "origin": say(ORIGIN),
    }
    text = (_ASSETS / "README.md").read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], text)


def _quoted(title: str) -> str:
    """A text for YAML: as JSON spells it, but one sign where JSON has two halves."""
    letters = (f"\\U{ord(each):08x}" if ord(each) > 0xFFFF else json.dumps(each)[1:-1]
               for each in title)  # fmt: skip
    return f'"{"".join(letters)}"'


def _shown(name: str) -> str:
    """A name on one line, each sign that Markdown or HTML would take for its own made plain."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|&~$:])", r"\\\1", " ".join(name.split()))
