"""What was taken for what: the pictures of each class by the answer that they got."""

from __future__ import annotations  # plotly loads at the first figure, not with the page

import html
from collections.abc import Sequence

import plotly.graph_objects as go

from gui.charts.style import CHECKING, LEARNING, styled
from gui.core.metrics import Metrics
from gui.words import mark, say

TITLE = mark("What was taken for what")
_ROOMY = 10  # classes whose cells have room for counts and per cent
_LONGEST = 18  # letters of a name beside the chart; all of it when a cell is pointed at
_CELL_PX = 56
_SMALL_CELL_PX = 24
_AROUND_PX = 190  # title, names and the name of the axis
_STRONGEST = 0.55  # so much of a cell's colour that text in any theme stays readable


def confusion(metrics: Metrics) -> go.Figure:
    """A square for each true class (row) and answered class (column), with its pictures.

    Right answers are blue and wrong ones orange, which colour-blind people tell apart; the fuller
    the colour, the more of the row. Beside the count stands its share of the row while there is
    room, and always where a square is pointed at.
    """
    names = [html.escape(each.label, quote=False) for each in metrics.classes]
    places = list(range(len(names)))
    roomy = len(names) <= _ROOMY
    figure = go.Figure(
        [
            _squares(metrics.confusion, names, right=True),
            _squares(metrics.confusion, names, right=False),
            _numbers(metrics.confusion, roomy=roomy),
        ]
    )
    styled(figure, say(TITLE))
    shown = [_short(each.label) for each in metrics.classes]
    axis = {"tickvals": places, "ticktext": shown, "showgrid": False, "range": _edges(places)}
    figure.update_xaxes(title=say("what it was called"), tickangle=-45, **axis)
    figure.update_yaxes(title=say("what it really is"), autorange="reversed", **axis)
    cell = _CELL_PX if roomy else _SMALL_CELL_PX
    return figure.update_layout(
        height=_AROUND_PX + cell * len(names),
        margin={"l": 130, "r": 12, "t": 44, "b": 130},
        hovermode="closest",
        showlegend=False,
    )


def _squares(counts: Sequence[Sequence[int]], names: Sequence[str], *, right: bool) -> go.Heatmap:
    """The squares of right or of wrong answers; the others are left free."""
    shares = [
        [
            count / (sum(row) or 1) if count and (truth == answer) == right else None
            for answer, count in enumerate(row)
        ]
        for truth, row in enumerate(counts)
    ]
    color = CHECKING if right else LEARNING
    return go.Heatmap(
        z=shares,
        zmin=0,
        zmax=1,
        colorscale=[[0, _faded(color, 0.12)], [1, _faded(color, _STRONGEST)]],
        showscale=False,
        xgap=2,
        ygap=2,
        text=[[_told(names, truth, answer, row) for answer in range(len(row))]
              for truth, row in enumerate(counts)],
        hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip


def _numbers(counts: Sequence[Sequence[int]], *, roomy: bool) -> go.Scatter:
    """The counts as text, in the page's own colour."""
    filled = [
        (truth, answer, count, sum(row))
        for truth, row in enumerate(counts)
        for answer, count in enumerate(row)
        if count
    ]
    return go.Scatter(
        x=[answer for _, answer, _, _ in filled],
        y=[truth for truth, *_ in filled],
        text=[
            f"{count}<br>{100 * count // total} %" if roomy else f"{count}"
            for _, _, count, total in filled
        ],
        mode="text",
        textfont={"size": 12 if roomy else 10},
        hoverinfo="skip",
    )


def _told(names: Sequence[str], truth: int, answer: int, row: Sequence[int]) -> str:
    return say(
        "{count} of {total} pictures of “{truth}” ({share} %)<br>were called “{answer}”",
        count=row[answer],
        total=sum(row),
        truth=names[truth],
        share=100 * row[answer] // (sum(row) or 1),
        answer=names[answer],
    )


def _short(name: str) -> str:
    cut = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
    return html.escape(cut, quote=False)


def _edges(places: Sequence[int]) -> list[float]:
    return [-0.5, len(places) - 0.5]


def _faded(color: str, share: float) -> str:
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"
