"""Loss and accuracy over the epochs, with the kept epoch and the phases marked."""

from __future__ import annotations  # plotly loads at the first figure, not with the page

from collections.abc import Callable

import plotly.graph_objects as go

from gui.charts.style import ACCURACY, CHECKING, LEARNING, LOSS, mark_thaw, shade, star, styled
from gui.core.events import Epoch
from gui.core.history import History
from gui.words import say


def loss(history: History) -> go.Figure:
    """Cross-entropy on training and validation pictures, a point an epoch; lower is better."""
    figure = _curves(history, lambda each: each.loss, lambda each: each.val_loss, ":.4f")
    figure.update_yaxes(rangemode="tozero")
    return styled(figure, say(LOSS))


def accuracy(history: History) -> go.Figure:
    """Share of right answers on training and validation pictures, 0 to 1; higher is better."""
    figure = _curves(history, lambda each: each.accuracy, lambda each: each.val_accuracy, ":.1%")
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%")
    return styled(figure, say(ACCURACY))


def _curves(
    history: History,
    training: Callable[[Epoch], float],
    validation: Callable[[Epoch], float],
    number: str,
) -> go.Figure:
    epochs = [each.epoch for each in history.epochs]
    figure = go.Figure(
        [
            go.Scatter(
                x=epochs,
                y=[training(each) for each in history.epochs],
                name=say("pictures it learns from"),
                mode="lines+markers",
                line={"color": LEARNING, "dash": "dot"},
                marker={"symbol": "circle", "size": 6},
                hovertemplate=f"%{{y{number}}}",
            ),
            go.Scatter(
                x=epochs,
                y=[validation(each) for each in history.epochs],
                name=say("pictures kept for checking"),
                mode="lines+markers",
                line={"color": CHECKING},
                marker={"symbol": "diamond", "size": 7},
                hovertemplate=f"%{{y{number}}}",
            ),
        ]
    )
    if kept := history.kept:
        name = say(
            "kept so far: epoch {epoch} (lowest loss)"
            if history.busy
            else "kept: epoch {epoch} (lowest loss)",
            epoch=kept.epoch,
        )
        figure.add_trace(star(kept.epoch, validation(kept), name, CHECKING))
    end = max(history.epochs_planned, len(epochs), 2) + 0.5
    _mark_phases(figure, history, end)
    figure.update_xaxes(range=[0.5, end])
    return figure


def _mark_phases(figure: go.Figure, history: History, end: float) -> None:
    """Shade where VGG16 learns too, when the head has learned alone before."""
    for phase in history.phases:
        if phase.phase == "fine" and phase.epoch > 1:
            shade(figure, phase.epoch - 0.5, end)
            mark_thaw(figure, phase.epoch, end)
