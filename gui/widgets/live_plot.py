"""A plotly figure that is updated in place: zoom, pan and hidden traces survive.

While it grows it need not be sent whole: what is new will do.
"""

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
        "image": "Download plot as a PNG",
        "image_made": "Preparing image - this may take a few seconds",
        "image_saved": "Image download succeeded",
        "image_failed": "Sorry, there was a problem downloading your image!",
        "zoom": "Zoom",
        "reset": "Reset axes",
        "back": "Double-click to zoom back out",
        "isolate": "Double-click on legend to isolate one trace",
    }
)


class Figure(TypedDict, total=False):
    """A plotly figure as JSON, for example ``json.loads(figure.to_json())``.

    ``figure.to_plotly_json()`` alone will not do: it still holds numpy arrays.
    """

    data: list[dict[str, Any]]
    layout: dict[str, Any]  # "uirevision": a new one forgets the zoom, say for another run
    version: str  # names the figure, for a Growth to come


class Growth(TypedDict):
    """What is to be added to the figure that the page shows, in place of a whole one."""

    after: str  # the version it is added to; the page asks by ``behind`` when it has another one
    version: str
    more: list[dict[str, list[Any]]]  # further x and y of the first traces, in order
    data: list[dict[str, Any]]  # every trace behind those, whole
    layout: dict[str, Any]  # parts of the layout, whole; the others stay


def live_plot(
    label: str,
    placeholder: str = "",
    *,
    height_px: int = 360,
    value: Figure | None = None,
    words: Mapping[str, str] = WORDS,
    **options: Unpack[Options],
) -> gr.HTML:
    """A chart; its value is a ``Figure``, a ``Growth`` of it, or None for the placeholder.

    The page must load plotly.js by a script tag in ``launch(head=...)``; the widget waits 20 s for
    ``window.Plotly`` and then says what is missing. Font, grid, axis and background colours follow
    the page's theme, whatever the figure says; colours of the data stay, and a layout without
    ``margin`` gets a small one.

    Event ``behind``: a ``Growth`` came, but not the value before it; answer with a whole figure.

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
