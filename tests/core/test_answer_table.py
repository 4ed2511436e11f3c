import csv
import io

import pytest

from gui.core import answer_table
from gui.core.novelty import Look
from gui.core.prediction import Prediction

LABELS = ("cat", "dog")
SHARES = (("cat", 0.123456789123), ("dog", 0.876543210877))


def rows(*answers, labels=LABELS):
    return list(csv.reader(io.StringIO(answer_table.as_csv(answers, labels))))


def test_a_row_has_the_answer_every_class_and_whether_it_is_none_of_them():
    near, far = Look(0.5, 1.0), Look(1.5, 1.0)
    told = rows(
        Prediction("a.jpg", SHARES, look=near),
        Prediction("b, c.jpg", SHARES, look=far),
        Prediction("d.jpg", SHARES),
    )
    assert told[0] == ["file", "label", "probability", "cat", "dog", "none_of_these"]
    assert told[1] == ["a.jpg", "dog", "0.876543211", "0.123456789", "0.876543211", "no"]
    assert [row[0] for row in told[2:]] == ["b, c.jpg", "d.jpg"]
    assert [row[-1] for row in told[1:]] == ["no", "yes", ""]


def test_what_cannot_be_read_has_empty_cells():
    assert rows(Prediction("x.txt", problem="No picture. Choose one."))[1] == ["x.txt", *[""] * 5]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_no_cell_is_a_formula(begin):
    nasty = f"{begin}cmd|'/C calc'!A1"
    told = rows(Prediction(nasty, ((nasty, 0.9), ("dog", 0.1))), labels=(nasty, "dog"))
    shown = f"'{nasty}".replace("\r", " ")
    assert told[0][3] == told[1][0] == told[1][1] == shown
    assert not any(cell.startswith(begin) for row in told for cell in row)
