"""The one door from a widget's Python to its html, css and js in ``assets/widgets/``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypedDict, Unpack

import gradio as gr

from gui.words import say

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "widgets"


class Options(TypedDict, total=False):
    """What every widget hands on to ``gr.HTML`` unchanged."""

    elem_id: str
    elem_classes: list[str]
    visible: bool
    render: bool
    key: int | str
    scale: int
    min_width: int


class Parts(NamedTuple):
    """A widget's three files, ``shared.css`` and ``shared.js`` already before its own."""

    html: str
    css: str
    js: str


@cache
def parts(name: str) -> Parts:
    """The files of the widget called ``name``, read once a process.

    Raises:
        FileNotFoundError: when one of ``assets/widgets/<name>.{html,css,js}`` is missing.
    """
    return Parts(
        html=_text(f"{name}.html"),
        css=_text("shared.css") + _text(f"{name}.css"),
        js=script("shared") + script(name),
    )


def script(name: str) -> str:
    """The script ``assets/widgets/<name>.js`` alone, for a widget that runs it as a worker.

    Raises:
        FileNotFoundError: when it is missing.
    """
    return _text(f"{name}.js")


@cache
def _text(file: str) -> str:
    return (FOLDER / file).read_text(encoding="utf-8")


def widget(
    name: str,
    *,
    value: object = None,
    label: str | None = None,
    words: Mapping[str, str],
    given: Mapping[str, Any] | None = None,
    scripts: Sequence[str] = (),
    **options: Unpack[Options],
) -> gr.HTML:
    """A ``gr.HTML`` made of the files called ``name``.

    Args:
        name: Stem of the three files.
        value: First value; JSON all the way down, or None.
        label: The widget's name for people who can't see it, and its heading where it has one.
        words: Every text the script shows, in English; it is given them in the language spoken.
        given: Further values the script reads as ``given.<key>``; they never change.
        scripts: Stems of further scripts that stand before the widget's own.
        **options: Handed to ``gr.HTML``.
    """
    html, css, js = parts(name)
    told = {key: say(text) for key, text in words.items()}
    constants = json.dumps({"label": label, "words": told, **(given or {})})
    return gr.HTML(
        value=value,
        label=label,
        html_template=html,
        css_template=css,
        # Not as Gradio's props: those of a widget on a tab that was never opened are lost when
        # its value changes twice before.
        js_on_load="\n".join([f"const given = {constants};", *map(script, scripts), js]),
        # Gradio's prose styles would restyle our tables, lists and links.
        apply_default_css=False,
        container=False,
        padding=False,
        show_label=False,
        **options,
    )
