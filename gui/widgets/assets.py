"""The one door from a widget's Python to its html, css and js in ``assets/widgets/``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypedDict, Unpack

import gradio as gr

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

    def text(file: str) -> str:
        return (FOLDER / file).read_text(encoding="utf-8")

    return Parts(
        html=text(f"{name}.html"),
        css=text("shared.css") + text(f"{name}.css"),
        js=text("shared.js") + text(f"{name}.js"),
    )


def widget(
    name: str,
    *,
    value: object = None,
    label: str | None = None,
    words: Mapping[str, str],
    given: Mapping[str, Any] | None = None,
    **options: Unpack[Options],
) -> gr.HTML:
    """A ``gr.HTML`` made of the files called ``name``.

    Args:
        name: Stem of the three files.
        value: First value; JSON all the way down, or None.
        label: The widget's name for people who can't see it, and its heading where it has one.
        words: Every text the script shows, ready in the person's language.
        given: Further values the script reads as ``given.<key>``; they never change.
        **options: Handed to ``gr.HTML``.
    """
    html, css, js = parts(name)
    constants = json.dumps({"label": label, "words": dict(words), **(given or {})})
    return gr.HTML(
        value=value,
        label=label,
        html_template=html,
        css_template=css,
        # Not as Gradio's props: those of a widget on a tab that was never opened are lost when
        # its value changes twice before.
        js_on_load=f"const given = {constants};\n{js}",
        # Gradio's prose styles would restyle our tables, lists and links.
        apply_default_css=False,
        container=False,
        padding=False,
        show_label=False,
        **options,
    )
