"""What a figure has more than the one that is shown already, so that only that is sent."""

from collections.abc import Mapping
from typing import Any

_MOVING = ("xaxis", "shapes", "annotations")  # of the layout; the rest stays while a run goes on


def growth(figure: Mapping[str, Any], points: int) -> dict[str, Any]:
    """The part of a figure that a browser lacks which has the first points of its lines.

    Args:
        figure: A whole figure as JSON, its lines before its single markers.
        points: How many points of each line are known.

    Returns:
        ``more``: x and y of each line's further points; ``data``: the markers, whole; ``layout``:
        what of it may have changed, whole.
    """
    lines = [trace for trace in figure["data"] if "lines" in trace["mode"]]
    return {
        "more": [{axis: trace[axis][points:] for axis in ("x", "y")} for trace in lines],
        "data": figure["data"][len(lines) :],
        "layout": {key: figure["layout"].get(key, []) for key in _MOVING},
    }
