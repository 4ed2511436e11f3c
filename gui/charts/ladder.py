"""The rungs of a ladder side by side: one line for each freeze point."""

from __future__ import annotations  # plotly loads at the first figure, not with the page

from collections.abc import Callable, Mapping

import plotly.graph_objects as go

from gui.charts.style import ACCURACY, LOSS, QUIET, mark_thaw, star, styled
from gui.core.events import Epoch
from gui.core.history import History
from gui.words import say

# From ice to warm, as VGG16 thaws; dash and symbol tell them apart without colour, too.
_STYLES = (
    ("#2f7fc1", "solid", "circle"),
    ("#1b9e8f", "dash", "diamond"),
    ("#b07aa1", "dashdot", "square"),
    ("#d9622b", "solid", "triangle-up"),
    ("#b8860b", "dot", "cross"),
    ("#8a8f98", "longdash", "x"),
)


def accuracy(rungs: Mapping[str, History]) -> go.Figure:
    """Share of the pictures kept for checking that each rung got right, a point an epoch.

    Args:
        rungs: What happened in each, by its name, in the order of the ladder.
    """
    figure = _lines(rungs, lambda each: each.val_accuracy, ":.1%")
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%")
    return _styled(figure, ACCURACY)


def loss(rungs: Mapping[str, History]) -> go.Figure:
    """Cross-entropy of each rung on the pictures kept for checking, a point an epoch."""
    figure = _lines(rungs, lambda each: each.val_loss, ":.4f")
    figure.update_yaxes(rangemode="tozero")
    return _styled(figure, LOSS)


def _styled(figure: go.Figure, title: str) -> go.Figure:
    words = {"text": say("epoch (pictures kept for checking)"), "font": {"size": 13}}
    return styled(figure, say(title)).update_xaxes(title=words)


def _lines(rungs: Mapping[str, History], value: Callable[[Epoch], float], number: str) -> go.Figure:
    figure = go.Figure()
    for place, (name, history) in enumerate(rungs.items()):
        color, dash, symbol = _STYLES[place % len(_STYLES)]
        # While only the head learns, all of them are the same line: the ones below stay visible
        # as broader lines with larger points around those above.
        above = (len(rungs) - 1 - place) * min(1.0, 3 / len(rungs))
        figure.add_scatter(
            x=[each.epoch for each in history.epochs],
            y=[value(each) for each in history.epochs],
            name=name,
            legendgroup=name,
            mode="lines+markers",
            line={"color": color, "dash": dash, "width": 2 + 2 * above},
            marker={"color": color, "symbol": symbol, "size": 6 + 4 * above},
            hovertemplate=f"%{{y{number}}}",
        )
    for place, (name, history) in enumerate(rungs.items()):
        if kept := history.kept:  # hidden with its line; one legend is for all
            mark = star(kept.epoch, value(kept), name, _STYLES[place % len(_STYLES)][0])
            figure.add_trace(mark.update(legendgroup=name, showlegend=False))
    figure.add_scatter(
        x=[None],
        y=[None],
        name=say("kept epoch (lowest loss)"),
        mode="markers",
        marker={"symbol": "star", "size": 14, "color": QUIET},
    )
    reached = [max(each.epochs_planned, len(each.epochs)) for each in rungs.values()]
    end = max([*reached, 2]) + 0.5
    thaws = {each.epoch for one in rungs.values() for each in one.phases if each.phase == "fine"}
    for epoch in sorted(thaws):
        mark_thaw(figure, epoch, end)
    figure.update_xaxes(range=[0.5, end])
    return figure
