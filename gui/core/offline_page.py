"""One HTML file that answers pictures in the browser: no server, no network, nothing to install.

The model and ONNX Runtime Web lie inside it, packed; the page's own policy forbids connections. It
speaks the language that is spoken where it is made.
"""

import base64
import gzip
import hashlib
import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from gui.core import files, npm
from gui.core.leaflet import ITS_OWN, ORIGIN, TRAINED, Leaflet
from gui.words import joined, listed, say, spoken

_ASSETS: Final = Path(__file__).resolve().parents[2] / "assets" / "offline"
_EFFORT: Final = 6  # of gzip; 9 takes three times as long and saves nothing worth it
_CODE: Final = "dist/ort.wasm.bundle.min.mjs"
_MACHINE: Final = "dist/ort-wasm-simd-threaded.wasm"

# Source: https://registry.npmjs.org/onnxruntime-web/1.30.0 (licence MIT, Microsoft Corporation).
RUNTIME: Final = npm.Package(
    "onnxruntime-web",
    "1.30.0",
    "sha512-q0y+JrrtukXSzsBWEMccVfqX25LRmosXHF+CaRJmg8pZClzcV7svNc4rKY3jL02Vb7QmRMDs1SigqR4CXAfKYQ==",
    {
        _CODE: "11e64bd8ffe11bd1a2a2f0d6275fdfbbba7262f0b76b99b53d228a8a22ef3d90",
        _MACHINE: "3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2",
    },
)

# What stands in the page from its beginning, by its place there.
_PAGE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "drop": "Drop pictures here",
        "paste": "or paste one, or",
        "choose": "Choose pictures",
        "private": "Nothing is sent anywhere: this page works without the internet.",
        "unpacking": "Unpacking the model…",
        "answers": "Answers",
        "about": "About this model",
        "scriptless": "This page needs JavaScript. Allow it in your browser, then open the page "
        "again.",
    }
)
# What its script says; it fills in the names itself.
_SCRIPT_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pasted": "Pasted picture",
        "more": "{count} more",
        "looking": "Looking at picture {place} of {count}…",
        "unreadable": "This browser can't read this file as a picture. Save it as JPEG or PNG, "
        "then drop it again.",
        "one": "Done: 1 picture.",
        "done": "Done: {count} pictures.",
        "ready": "Ready.",
        "old": "This browser can't run the model. Open the page in an up-to-date Chrome, Edge, "
        "Firefox or Safari.",
    }
)


def write(path: Path, leaflet: Leaflet, model: bytes, runtime: dict[str, bytes]) -> None:
    """Write the page.

    Args:
        path: Where to; an older one is replaced.
        leaflet: What it tells about the model.
        model: An ONNX file from RGB 0–255 (n, size, size, 3) to probabilities.
        runtime: The files of :data:`RUNTIME`, as :func:`gui.core.npm.obtain` gives them.

    Raises:
        DiskFull: When there is no room; an older page stays.
    """
    style, script = _asset("page.css"), _asset("page.js")
    parts = {
        **{name: html.escape(say(text)) for name, text in _PAGE_WORDS.items()},
        "language": spoken(),
        "policy": _policy(style, script),
        "title": _text(leaflet.title),
        "style": style,
        "script": script,
        "leaflet": _json(_told(leaflet)),
        "code": _packed(runtime[_CODE]),
        "machine": _packed(runtime[_MACHINE]),
        "model": _packed(model),
    }
    # In one go: what was put in is never looked through for more places.
    page = re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], _asset("page.html"))
    files.write_bytes(path, page.encode())


def _told(leaflet: Leaflet) -> dict[str, object]:
    """What the page's script knows, and what it says."""
    names = listed(say("“{name}”", name=label) for label in leaflet.labels)
    runtime = say(
        "Runs with ONNX Runtime Web {version} (© Microsoft Corporation, MIT licence), which is "
        "inside this file.",
        version=RUNTIME.version,
    )
    origin = joined(say(TRAINED, day=leaflet.trained), say(ORIGIN))
    return {
        "title": leaflet.title,
        "labels": leaflet.labels,
        "size_px": leaflet.size_px,
        "classes": say(
            "Tells {count} classes apart: {names}.", count=len(leaflet.labels), names=names
        ),
        "facts": [*leaflet.trust, say(ITS_OWN), origin, runtime],
        "words": {name: say(text) for name, text in _SCRIPT_WORDS.items()},
    }


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Nothing may be fetched or sent, and no script runs but ours and the runtime that it opens."""
    return (
        f"default-src 'none'; script-src '{_digest(script)}' 'wasm-unsafe-eval' blob:; "
        f"style-src '{_digest(style)}'; img-src blob:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _text(title: str) -> str:
    """A text for the page's ``title`` element."""
    return title.replace("&", "&amp;").replace("<", "&lt;")


def _json(value: object) -> str:
    """JSON that can stand in a ``script`` element, whatever signs its texts hold."""
    return json.dumps(value).replace("<", "\\u003c")


def _packed(content: bytes) -> str:
    return base64.b64encode(gzip.compress(content, _EFFORT, mtime=0)).decode()
