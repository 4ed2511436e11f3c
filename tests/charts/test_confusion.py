"""What was taken for what, as a figure."""

import json

from gui.charts.confusion import confusion
from gui.core.metrics import ClassScore, Metrics
from tests.core.evaluations import sea


def many(classes: int, name: str = "class") -> Metrics:
    rows = tuple(tuple(5 if a == b else int(a == b + 1) for b in range(classes))
                 for a in range(classes))  # fmt: skip
    scores = tuple(ClassScore(f"{name} {n}", 9, 5, 5, 5, 1.0, 1.0, 1.0) for n in range(classes))
    return Metrics(5 * classes, 6 * classes, 0.1, scores, rows, ())


def test_every_count_stands_where_it_belongs_with_its_share_of_the_row() -> None:
    numbers = confusion(sea()[1].metrics).data[2]
    told = {(y, x): text for y, x, text in zip(numbers.y, numbers.x, numbers.text, strict=True)}
    assert told == {
        (0, 0): "2<br>50 %", (0, 1): "1<br>25 %", (0, 2): "1<br>25 %", (1, 1): "3<br>100 %",
        (2, 0): "1<br>100 %",
    }  # fmt: skip


def test_right_and_wrong_are_two_colours_and_full_rows_the_strongest() -> None:
    right, wrong, _ = confusion(sea()[1].metrics).data
    assert right.z == ([0.5, None, None], [None, 1.0, None], [None, None, None])
    assert wrong.z == ([None, 0.25, 0.25], [None, None, None], [1.0, None, None])
    assert right.colorscale[1][1].startswith("rgba(47,127,193")  # blue
    assert wrong.colorscale[1][1].startswith("rgba(217,98,43")  # orange
    assert "1 of 4 pictures of “crab” (25 %)<br>were called “fish”" in wrong.text[0][1]


def test_thirty_classes_stay_legible() -> None:
    figure = confusion(many(30))
    assert figure.layout.height >= 30 * 24
    assert set(figure.data[2].text) == {"5", "1"}  # no room for per cent: pointing tells it
    assert len(figure.layout.xaxis.ticktext) == 30


def test_names_are_cut_and_never_markup() -> None:
    figure = confusion(many(3, "<a href='https://x'>" + "long" * 9))
    assert all(len(name) < 30 and "<" not in name for name in figure.layout.yaxis.ticktext)
    assert "<a" not in json.dumps(json.loads(figure.to_json())["data"])
