"""What a report is made of: parts with sentences and tables, shown by every format in its way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

Row = tuple[str, ...]


class Table(NamedTuple):
    """Numbers as a table; `right` columns hold numbers. `name` says which table it is."""

    name: str
    title: str
    heads: Row
    rows: tuple[Row, ...]
    right: tuple[int, ...] = ()


class Part(NamedTuple):
    """A part of a report: what it says in sentences, and its tables."""

    id: str
    title: str
    sentences: tuple[str, ...]
    tables: tuple[Table, ...] = ()


def make_table(
    name: str,
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: tuple[int, ...] = (),
) -> Table:
    """Return the table; `right` names the columns of numbers."""
    return Table(name, title, tuple(heads), tuple(tuple(row) for row in rows), right)
