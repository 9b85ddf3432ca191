"""A report as plain text: for a terminal, a mail, a commit message."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator

from .content import Report
from .parts import parts, subtitle
from .tables import Row, Table

WIDTH = 100
MOST_CELL = 44
"""Columns of a cell; a longer text is cut."""


def text_report(report: Report) -> str:
    """Return the report in lines of at most `WIDTH` columns, tables aside."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield report.system
    yield from _wrapped(subtitle(report))
    for part in parts(report):
        yield ""
        yield part.title
        yield "-" * len(part.title)
        for sentence in part.sentences:
            yield from _wrapped(sentence)
        for table in part.tables:
            yield ""
            if table.title:
                yield f"{table.title}:"
            yield from (f"  {line}".rstrip() for line in _aligned(table))


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_on_hyphens=False)


def _aligned(table: Table) -> Iterator[str]:
    rows = [tuple(_cut(cell) for cell in row) for row in (table.heads, *table.rows)]
    widths = [max(columns(row[n]) for row in rows) for n in range(len(table.heads))]
    for row in rows:
        yield "  ".join(_padded(row, n, widths[n], table) for n in range(len(row))).rstrip()


def _padded(row: Row, number: int, width: int, table: Table) -> str:
    cell = row[number]
    space = " " * (width - columns(cell))
    return space + cell if number in table.right else cell + space


def _cut(cell: str) -> str:
    """Return a cell that fits its column: whole words where there are some."""
    if len(cell) <= MOST_CELL:
        return cell
    start = cell[: MOST_CELL - 3]
    words = start.rpartition(" ")[0]
    return (words if len(words) > MOST_CELL // 2 else start) + "..."


def columns(text: str) -> int:
    r"""Return the columns that the text takes; wide characters take two.

    >>> columns("a"), columns("\u6f22")
    (1, 2)
    """
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
