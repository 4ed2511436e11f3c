"""A plotly figure that is updated in place: zoom, pan and hidden traces survive."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, TypedDict, Unpack

import gradio as gr

from gui.widgets.assets import Options, widget

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "loading": "Loading the chart",
        "missing": "The chart could not be drawn: its script (plotly.min.js) did not load. "
        "Reload the page; the training itself is not affected.",
    }
)


class Figure(TypedDict, total=False):
    """A plotly figure as JSON, for example ``json.loads(figure.to_json())``.

    ``figure.to_plotly_json()`` alone will not do: it still holds numpy arrays.
    """

    data: list[dict[str, Any]]
    layout: dict[str, Any]  # "uirevision": a new one forgets the zoom, say for another run


def live_plot(
    label: str,
    placeholder: str = "",
    *,
    height_px: int = 360,
    value: Figure | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """A chart; its value is a ``Figure``, or None for the placeholder.

    The page must load plotly.js by a script tag in ``launch(head=...)``; the widget waits 20 s for
    ``window.Plotly`` and then says what is missing. Font, grid, axis and background colours follow
    the page's theme, whatever the figure says; colours of the data stay, and a layout without
    ``margin`` gets a small one. The widget fires no event
    of its own.

    Args:
        label: Name for screen readers, and the file name of the downloaded picture.
        placeholder: Quiet text shown while the value is None.
        height_px: Used when the figure's layout has no ``height``.
        value: First value.
        words: Replaces ``WORDS``.
        **options: Handed to ``gr.HTML``.
    """
    return widget(
        "live_plot",
        value=value,
        label=label,
        words=words,
        given={"placeholder": placeholder, "height_px": height_px},
        **options,
    )
