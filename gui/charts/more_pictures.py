"""Would more pictures help? How much was right after learning from a part of them."""

from __future__ import annotations  # plotly loads at the first figure, not with the page

import plotly.graph_objects as go

from gui.charts.style import CHECKING, styled
from gui.core.learning_curve import LearningCurve
from gui.words import mark, say

TITLE = mark("Would more pictures help?")


def more_pictures(curve: LearningCurve) -> go.Figure:
    """Share of right answers over the number of pictures learned from, with its range."""
    points = curve.points
    figure = go.Figure(
        go.Scatter(
            x=[each.pictures for each in points],
            y=[each.mean for each in points],
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [max(0.0, each.high - each.mean) for each in points],
                "arrayminus": [max(0.0, each.mean - each.low) for each in points],
                "thickness": 1.5,
                "width": 5,
            },
            mode="lines+markers",
            line={"color": CHECKING},
            marker={"symbol": "diamond", "size": 9},
            name=say("right answers, with their range"),
            showlegend=True,
            text=[say("{share} % of them", share=f"{100 * each.share:.0f}") for each in points],
            hovertemplate=say("%{x} pictures (%{text}): %{y:.1%} right<extra></extra>"),
        )
    )
    styled(figure, say(TITLE))
    most = points[-1].pictures
    figure.update_xaxes(title=say("pictures learned from"), range=[0, most * 1.06 + 0.5])
    figure.update_yaxes(title=say("how often it was right"), range=[0, 1.03], tickformat=".0%")
    return figure.update_layout(hovermode="closest", margin={"l": 64, "r": 12, "t": 44, "b": 120})
