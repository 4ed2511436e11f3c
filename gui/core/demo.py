"""A zip with a small web app around the model: unpacked, it starts with one command.

Its folder is also all that a Gradio Space needs: its README begins with what a Space reads.
"""

import io
import json
import re
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Final

from gui.core import files
from gui.core.leaflet import ORIGIN, Leaflet

_ASSETS: Final = Path(__file__).resolve().parents[2] / "assets" / "demo"
_AS_THEY_ARE: Final = ("app.py", "requirements.txt")
_FIRST_YEAR: Final = (1980, 1, 1, 0, 0, 0)  # zips know no earlier one; the same model, the same zip


def write(path: Path, leaflet: Leaflet, model: bytes) -> None:
    """Write the zip.

    Args:
        path: Where to; an older one is replaced.
        leaflet: What it tells about the model.
        model: An ONNX file from RGB 0–255 (n, size, size, 3) to probabilities.

    Raises:
        DiskFull: When there is no room; an older zip stays.
    """
    told = json.dumps({**asdict(leaflet), "origin": ORIGIN}, ensure_ascii=False, indent=1)
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


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _FIRST_YEAR)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _readme(leaflet: Leaflet) -> str:
    parts = {
        "quoted": _quoted(leaflet.title),
        "title": _shown(leaflet.title),
        "classes": "\n".join(f"- {_shown(label)}" for label in leaflet.labels),
        "trained": leaflet.trained,
        "trust": "\n\n".join(leaflet.trust),
        "origin": ORIGIN,
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
