"""Small pieces of HTML in which a stranger's text stays text."""

import html
import re
from collections.abc import Iterable, Sequence

from gui.words import say


def text(told: object) -> str:
    """A text in which no sign means anything."""
    return html.escape(str(told))


def paragraph(told: str, kind: str = "") -> str:
    """A paragraph of a text; what stands between two pairs of stars in it is strong."""
    strong = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text(told))
    return f'<p class="{kind}">{strong}</p>' if kind else f"<p>{strong}</p>"


def heading(told: str, level: int = 2) -> str:
    """A heading."""
    return f"<h{level}>{text(told)}</h{level}>"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of texts; what follows a line break in a cell is small."""
    head = "".join(f"<th>{text(each)}</th>" for each in header)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    whole = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="wide">{whole}</div>'


def folded(title: str, content: str) -> str:
    """What opens when its title is pressed."""
    return f"<details><summary>{text(title)}</summary>{content}</details>"


def pictures(shown: Iterable[tuple[str, str]], kind: str = "") -> str:
    """A grid of pictures: for each its ``data:`` URI, "" when it is gone, and what is below it."""
    items = "".join(f"<li>{_picture(uri, below)}{text(below)}</li>" for uri, below in shown)
    return f'<ul class="{f"pictures {kind}".strip()}">{items}</ul>'


def chart(name: str) -> str:
    """The place where a chart of that name is drawn."""
    return f'<div class="chart" id="{text(name)}"></div>'


def charts(*names: str) -> str:
    """Places for charts side by side, where there is room."""
    return f'<div class="charts">{"".join(map(chart, names))}</div>'


def _cell(told: object) -> str:
    large, line, small = str(told).partition("\n")
    return f"<td>{text(large)}{f'<small>{text(small)}</small>' if line else ''}</td>"


def _picture(uri: str, below: str) -> str:
    if not uri:
        return f'<span class="gone">{text(say("gone"))}</span>'
    return f'<img src="{text(uri)}" alt="{text(below or say("a picture"))}">'
