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


def text_report(report: Report, room: int | None = None) -> str:
    """Return the report in lines of at most `WIDTH` columns, tables aside.

    At a terminal, `room` columns wide, no line is longer than that: a table that is too wide
    becomes a list.
    """
    return "\n".join(_lines(report, room)) + "\n"


def _lines(report: Report, room: int | None) -> Iterator[str]:
    width = WIDTH if room is None else min(WIDTH, room)
    yield from [report.system] if room is None else _wrapped(report.system, width)
    yield from _wrapped(subtitle(report), width)
    for part in parts(report):
        yield ""
        yield part.title
        yield "-" * len(part.title)
        for sentence in part.sentences:
            yield from _wrapped(sentence, width)
        for table in part.tables:
            yield ""
            if table.title:
                yield from _wrapped(f"{table.title}:", width)
            lines = [f"  {line}".rstrip() for line in _aligned(table)]
            is_wide = room is not None and max(map(columns, lines)) > room
            yield from _listed(table, width) if is_wide else lines


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Return the text in lines of so many columns; wide characters take two."""
    for most in range(width, 1, -1):  # characters; fewer of them where some are wide
        lines = textwrap.wrap(text, most, subsequent_indent=indent, break_on_hyphens=False)
        if all(columns(line) <= width for line in lines):
            return lines
    return [text]


def _listed(table: Table, width: int) -> Iterator[str]:
    """Yield the rows one below the other: the first cell, then what each other column says."""
    for row in table.rows:
        for line in _wrapped(row[0], width - 2, "  "):
            yield f"  {line}"
        for head, cell in zip(table.heads[1:], row[1:], strict=True):
            text = f"{head}: {cell}" if head else cell
            for line in _wrapped(text, width - 4, "  ") if cell else ():
                yield f"    {line}"


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
