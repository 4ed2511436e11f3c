"""A run's report: one HTML file that needs nothing else, with its charts, tables and pictures."""

from __future__ import annotations  # plotly loads with the first report, not with the page

import string
from pathlib import Path
from typing import TYPE_CHECKING

from gui.core import files
from gui.core.errors import disk_full
from gui.core.runs import Run
from gui.sharing import facts as gathered
from gui.sharing import markup, sections
from gui.sharing.facts import Facts
from gui.words import spoken

if TYPE_CHECKING:
    import plotly.graph_objects as go

_ASSETS = Path(__file__).resolve().parents[2] / "assets" / "report"


def write(run: Run, path: Path) -> None:
    """Write the report of a finished, evaluated run to a file, in one step.

    Raises:
        RunError: When it isn't finished or not evaluated.
        DiskFull: When there is no room.
    """
    text = report(run)
    with disk_full():
        path.parent.mkdir(parents=True, exist_ok=True)
    files.write_bytes(path, text.encode())


def report(run: Run) -> str:
    """The report as HTML. Nothing in it comes from elsewhere, plotly.js included (4.8 MB).

    Raises:
        RunError: When the run isn't finished or not evaluated.
    """
    import plotly

    facts = gathered.gather(run)
    library = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    page = string.Template(_asset("report.html"))
    return page.substitute(
        language=markup.text(spoken()),
        title=markup.text(facts.title),
        style=_asset("report.css"),
        body="\n".join(sections.body(facts)),
        figures=_as_script(_figures(facts)),
        plotly=library.read_text(encoding="utf-8"),
        script=_asset("report.js"),
    )


def _figures(facts: Facts) -> dict[str, go.Figure]:
    """The charts by the name of their place; those of the page, from the same values."""
    from gui.charts import calibration, confusion, curves, more_pictures

    figures = {"loss": curves.loss(facts.history), "accuracy": curves.accuracy(facts.history)}
    for each in facts.evaluations:
        figures[f"confusion-{each.side}"] = confusion.confusion(each.metrics)
        figures[f"calibration-{each.side}"] = calibration.calibration(each.metrics.calibration)
    if facts.curve:
        figures["more-pictures"] = more_pictures.more_pictures(facts.curve)
    return figures


def _as_script(figures: dict[str, go.Figure]) -> str:
    """JSON that no sign of HTML stands in."""
    whole = ", ".join(f'"{name}": {figure.to_json()}' for name, figure in figures.items())
    return f"{{{whole}}}".replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")
