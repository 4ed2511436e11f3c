"""Markdown in which a stranger's text stays text."""

from collections.abc import Iterable, Sequence

# What means something in Markdown, in HTML, in formulas, or becomes a link or a mention on a site.
_SIGNS = frozenset('\\`*_{}[]<>|&~$^="!#+:@.')


def literal(text: str) -> str:
    """A text in which no sign means anything; line breaks become spaces."""
    line = " ".join(text.split())
    return "".join(f"&#{ord(sign)};" if sign in _SIGNS else sign for sign in line)


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; the first column is text, the others are numbers. Its cells are Markdown already."""
    lines = [_row(header), _row(["---", *("---:" for _ in header[1:])])]
    return "\n".join([*lines, *map(_row, rows)])


def _row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"
