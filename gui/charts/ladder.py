"""The rungs of a ladder side by side: one line for each freeze point."""

from __future__ import annotations  # plotly loads at the first figure, not with the page

from collections.abc import Callable, Mapping

import plotly.graph_objects as go

from gui.charts.style import styled
from gui.core.events import Epoch, History

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
    return styled(figure, "Accuracy on checking pictures")


def loss(rungs: Mapping[str, History]) -> go.Figure:
    """Cross-entropy of each rung on the pictures kept for checking, a point an epoch."""
    figure = _lines(rungs, lambda each: each.val_loss, ":.4f")
    figure.update_yaxes(rangemode="tozero")
    return styled(figure, "Loss on checking pictures")


def _lines(rungs: Mapping[str, History], value: Callable[[Epoch], float], number: str) -> go.Figure:
    figure = go.Figure()
    for place, (name, history) in enumerate(rungs.items()):
        color, dash, symbol = _STYLES[place % len(_STYLES)]
        best = history.best.epoch if history.best else None
        figure.add_scatter(
            x=[each.epoch for each in history.epochs],
            y=[value(each) for each in history.epochs],
            name=name,
            mode="lines+markers",
            line={"color": color, "dash": dash},
            marker={
                "color": color,
                # A star marks the epoch whose weights are kept.
                "symbol": ["star" if each.epoch == best else symbol for each in history.epochs],
                "size": [15 if each.epoch == best else 6 for each in history.epochs],
            },
            hovertemplate=f"%{{y{number}}}",
        )
    reached = [max(each.epochs_planned, len(each.epochs)) for each in rungs.values()]
    figure.update_xaxes(range=[0.5, max([*reached, 2]) + 0.5])
    return figure
