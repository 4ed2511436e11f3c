"""Whether the model is as often right as it is sure."""

from __future__ import annotations  # plotly loads at the first figure, not with the page

from collections.abc import Sequence

import plotly.graph_objects as go

from gui.charts.style import CHECKING, QUIET, styled
from gui.core.accuracy import Accuracy
from gui.core.metrics import Bin
from gui.words import mark, say

TITLE = mark("How sure is it, and is it right then?")
FEW = 10  # pictures; one more or less moves the point by a tenth


def calibration(bins: Sequence[Bin]) -> go.Figure:
    """Share of right answers over how sure the answers were, each with its 95 % range.

    Points on the dashed line are as often right as they are sure. A point of fewer than ``FEW``
    pictures is drawn hollow: it is only a rough guess.
    """
    figure = go.Figure(
        go.Scatter(
            x=[0, 1],
            y=[0, 1],
            mode="lines",
            line={"color": QUIET, "dash": "dash", "width": 1.5},
            name=say("as often right as it is sure"),
            hoverinfo="skip",
        )
    )
    many = [each for each in bins if each.pictures >= FEW]
    few = [each for each in bins if each.pictures < FEW]
    if many:
        figure.add_trace(_points(many, say("{n} pictures or more", n=FEW), "circle"))
    if few:
        rough = say("fewer than {n} pictures: a guess", n=FEW)
        figure.add_trace(_points(few, rough, "circle-open"))
    styled(figure, say(TITLE))
    figure.update_xaxes(title=say("how sure it was"), range=[0, 1.03], tickformat=".0%")
    figure.update_yaxes(title=say("how often it was right"), range=[0, 1.03], tickformat=".0%")
    return figure.update_layout(hovermode="closest", margin={"l": 64, "r": 12, "t": 44, "b": 130})


def _points(bins: Sequence[Bin], name: str, symbol: str) -> go.Scatter:
    told = [Accuracy(each.right, each.pictures) for each in bins]
    return go.Scatter(
        x=[each.confidence for each in bins],
        y=[each.share for each in told],
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [each.high - each.share for each in told],
            "arrayminus": [each.share - each.low for each in told],
            "thickness": 1.5,
            "width": 5,
        },
        mode="markers",
        marker={"color": CHECKING, "size": 11, "symbol": symbol, "line": {"width": 2}},
        name=name,
        text=[_told(each) for each in told],
        hovertemplate=say("%{x:.0%} sure: %{text}<extra></extra>"),
    )


def _told(found: Accuracy) -> str:
    return say(
        "{right}<br>most likely {low} to {high}",
        right=found.text,
        low=found.low_text,
        high=found.high_text,
    )
