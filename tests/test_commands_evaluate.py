"""What ``evaluate --format csv`` prints, opened in a spreadsheet."""

import csv
import io

from gui.commands.evaluate import _write_csv
from gui.core.evaluation import Answered, Evaluation
from gui.core.metrics import Metrics


def test_no_cell_is_a_formula(capsys) -> None:
    answer = Answered("=cat/+1.jpg", "a" * 64, "000000", 0, (0.75, 0.25))
    told = Evaluation("given", 1, ("=cat", "@dog"), (answer,), Metrics(1, 1, 0.5, (), (), ()))
    _write_csv(told)
    header, row = csv.reader(io.StringIO(capsys.readouterr().out))
    assert header == ["file", "truth", "label", "probability", "'=cat", "'@dog"]
    assert row == ["'=cat/+1.jpg", "'=cat", "'=cat", "0.75", "0.75", "0.25"]
