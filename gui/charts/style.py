"""How every chart looks: colours that stay apart for colour-blind people, no frame, no clutter."""

import plotly.graph_objects as go

# Ice and warm, as on the page: what is frozen or known, and what learns.
LEARNING = "#d9622b"
CHECKING = "#2f7fc1"
QUIET = "#8a8f98"


def styled(figure: go.Figure, title: str, y_title: str) -> go.Figure:
    """The figure in the house style; text and grid colours are the page's (see live_plot)."""
    figure.update_layout(
        title={"text": title, "x": 0, "xanchor": "left", "font": {"size": 16}},
        height=340,
        margin={"l": 52, "r": 12, "t": 62, "b": 44},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        hovermode="x unified",
        font={"family": "system-ui, sans-serif", "size": 13},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        template="none",
        uirevision="kept",  # zoom outlives new points
    )
    figure.update_xaxes(title="epoch", tickformat="d", showgrid=False, zeroline=False)
    figure.update_yaxes(title=y_title, gridcolor="rgba(138,143,152,0.25)", zeroline=False)
    return figure
