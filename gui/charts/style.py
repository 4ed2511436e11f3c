"""How every chart looks: colours that stay apart for colour-blind people, no frame, no clutter."""

from __future__ import annotations  # plotly loads at the first figure, not with the page

import plotly.graph_objects as go

from gui.words import mark, say

# Ice and warm, as on the page: what is frozen or known, and what learns.
LEARNING = "#d9622b"
CHECKING = "#2f7fc1"
QUIET = "#8a8f98"
_ROOM = 0.42  # of the width, for words beside a line; on a phone they take as much

LOSS = mark("Loss: how wrong it is")
ACCURACY = mark("Accuracy: how often it is right")


def styled(figure: go.Figure, title: str) -> go.Figure:
    """The figure in the house style; text and grid colours are the page's (see live_plot)."""
    figure.update_layout(
        title={
            "text": title,
            "font": {"size": 16},
            "x": 0,
            "xref": "paper",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 10},
        },
        height=390,
        margin={"l": 46, "r": 12, "t": 44, "b": 120},
        legend={"orientation": "h", "x": 0, "y": -0.3, "yanchor": "top"},
        hovermode="x unified",
        font={"family": "system-ui, sans-serif", "size": 13},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        template="none",
    )
    figure.update_xaxes(
        title={"text": say("epoch"), "standoff": 6}, tickformat="d", showgrid=False, zeroline=False
    )
    figure.update_yaxes(gridcolor="rgba(138,143,152,0.25)", zeroline=False)
    return figure


def star(epoch: int, value: float, name: str, color: str) -> go.Scatter:
    """A star at the epoch whose weights are kept."""
    return go.Scatter(
        x=[epoch],
        y=[value],
        name=name,
        cliponaxis=False,
        mode="markers",
        marker={
            "symbol": "star",
            "size": 16,
            "color": color,
            "line": {"width": 1.5, "color": "#ffffff"},
        },
        hoverinfo="skip",
    )


def shade(figure: go.Figure, start: float, end: float) -> None:
    """Tint the figure warm from one epoch to another, faintly and below everything else."""
    figure.add_shape(
        type="rect",
        x0=start,
        x1=end,
        y0=0,
        y1=1,
        yref="paper",
        fillcolor=LEARNING,
        opacity=0.08,
        layer="below",
        line={"width": 0},
    )


def mark_thaw(figure: go.Figure, epoch: int, end: float) -> None:
    """Draw where a part of VGG16 begins to learn, too; nothing where it did from the start.

    The axis reaches from 0.5 to ``end``; the words stand on the side that has room for them.
    """
    if epoch <= 1:
        return
    after = (end - epoch + 0.5) / (end - 0.5) >= _ROOM
    figure.add_vline(x=epoch - 0.5, line={"color": QUIET, "dash": "dash", "width": 1})
    figure.add_annotation(
        x=epoch - (0.4 if after else 0.6),
        y=1,
        yref="paper",
        text=say("VGG16 learns too"),
        showarrow=False,
        xanchor="left" if after else "right",
        yanchor="top",
        font={"size": 12},
    )
