"""What is sent of a figure that grows: put together in the browser it is the whole figure."""

import json
from collections.abc import Iterator

import pytest

from gui.charts import curves
from gui.charts.growth import growth
from gui.core.events import Epoch, Finished, PhaseChanged, Queued, Started
from gui.core.history import History, fold


def whole(history: History, chart=curves.loss) -> dict:
    return json.loads(chart(history).update_layout(uirevision="run").to_json())


def put_together(before: dict, more: dict) -> dict:
    """As live_plot.js does it."""
    lines = [
        {**line, "x": line["x"] + points["x"], "y": line["y"] + points["y"]}
        for line, points in zip(before["data"], more["more"], strict=False)
    ]
    layout = {**before["layout"], **more["layout"]}
    return {"data": lines + more["data"], "layout": layout}


def cleaned(figure: dict) -> dict:
    """Plotly draws an empty list of shapes as none."""
    layout = {key: part for key, part in figure["layout"].items() if part != []}
    return {"data": figure["data"], "layout": layout}


def epoch(number: int, loss: float = 0.5) -> Epoch:
    return Epoch(float(number), number, "head", loss + 1, 0.5, loss, 1 - loss, 1.0)


def a_run() -> Iterator[History]:
    """A run told step by step: it begins, VGG16 learns too, it ends, it is trained further."""
    told = [
        Queued(0.0, 4),
        Started(0.0, 4, "x", "y", True, 160, 40, 3),
        PhaseChanged(0.0, "head", 1, 1e-3, 2),
        epoch(1, 0.9),
        epoch(2, float("nan")),
        PhaseChanged(0.0, "fine", 3, 1e-5, 4),
        epoch(3, 0.2),
        epoch(4, 0.3),
        Finished(9.0, "epochs"),
        Queued(10.0, 6),
        epoch(5, 0.1),
    ]
    for count in range(4, len(told) + 1):
        yield fold(told[:count])


@pytest.mark.parametrize("chart", [curves.loss, curves.accuracy])
@pytest.mark.parametrize("missed", [0, 1, 3])
def test_grown_step_by_step_it_is_the_whole_figure(chart, missed: int) -> None:
    stages = list(a_run())[:: missed + 1]
    drawn, known = whole(stages[0], chart), len(stages[0].epochs)
    for history in stages[1:]:
        drawn = put_together(drawn, growth(whole(history, chart), known))
        known = len(history.epochs)
        assert cleaned(drawn) == whole(history, chart)


def test_an_epoch_costs_the_same_however_many_there_were() -> None:
    def sent(count: int) -> int:
        told = [Queued(0.0, 500), PhaseChanged(0.0, "fine", 2, 1e-5, 500)]
        history = fold([*told, *(epoch(n, 1 / n) for n in range(1, count + 1))])
        return len(json.dumps(growth(whole(history), count - 1)))

    assert sent(500) < 1000
    assert sent(500) < sent(3) + 50
