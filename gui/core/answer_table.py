"""Answers as a table: what the page's download and the command line write."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from gui.core.prediction import Prediction

# A cell that begins so is run as a formula by spreadsheet programs.
# Source: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def header(labels: Sequence[str]) -> list[str]:
    """The names of the columns: file, label, probability, each class, none_of_these."""
    return ["file", "label", "probability", *labels, "none_of_these"]


def as_csv(answers: Iterable[Prediction], labels: Sequence[str]) -> str:
    """The answers as CSV, with the names of the columns; what can't be read has empty cells.

    A text that a spreadsheet would take for a formula gets an apostrophe before it. Whether a
    picture is none of the classes is "yes", "no", or empty where nobody can say.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(map(harmless, header(labels)))
    writer.writerows(_rows(answers, len(labels)))
    return file.getvalue()


def _rows(answers: Iterable[Prediction], classes: int) -> Iterator[list[str]]:
    for each in answers:
        name = harmless(each.name)
        if each.problem:
            yield [name, *[""] * (classes + 3)]
            continue
        label, probability = each.best
        values = [f"{value:.9g}" for _, value in each.probabilities]
        unlike = {True: "yes", False: "no", None: ""}[each.unlike]
        yield [name, harmless(label), f"{probability:.9g}", *values, unlike]


def harmless(text: str) -> str:
    """A text for a cell; one that a spreadsheet would run as a formula has an apostrophe before it.

    The apostrophe tells spreadsheets that the cell is text. Control characters become
    spaces.
    """
    guarded = f"'{text}" if text.startswith(_FORMULA) else text
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", " ", guarded)  # unquoted "\r" would break the line
