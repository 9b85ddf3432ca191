"""A table of answers from any spreadsheet: a row an item, the columns in any order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ..core.rubric import NONE, Item, ItemId, ModeId, Rubric
from ..errors import Fault, UserError, nearest, suggestion
from .claims import Claim, Claims, Unread
from .table import SEPARATORS, Broken, Cell, Row, Table, read_table

HEADS = {
    "item": ("item", "item id", "id", "activity", "check", "criterion", "practice", "test"),
    "title": ("title", "item title", "name", "question"),
    "mode": ("mode", "answer", "state", "status", "today", "now", "result", "value"),
    "evidence": ("evidence", "proof", "link", "links", "url", "source"),
    "note": ("note", "notes", "comment", "comments", "remark", "remarks"),
    "date": ("date", "day", "as of", "shown on", "evidence date"),
    "answered": ("answered", "is answered"),
}
"""The columns that are read, by the names that people give them; the first one wins."""

MOST_FAULTS = 200
_HINT = "Name the columns in the first row: item, mode, and if you like evidence, note, date."
_NO = ("no", "false", "0")
Columns = Mapping[str, int]


def import_sheet(path: Path, rubrics: Sequence[Rubric]) -> Claims:
    """Return the answers in a table, for items of the rubrics.

    Raises:
        UserError: with every fault of the table.
    """
    table = read_table(path)
    reader = _Reader(rubrics)
    try:
        columns, head, rows = _open(table, reader)
        for row in rows:
            reader.read(row, columns, len(head))
            if len(reader.faults) > MOST_FAULTS:
                break
        unread = [c.text for n, c in enumerate(head) if c.text and n not in columns.values()]
    except Broken as stop:
        reader.faults.append(stop.fault)
    if reader.faults:
        count = "1 fault" if len(reader.faults) == 1 else f"{len(reader.faults)} faults"
        if len(reader.faults) > MOST_FAULTS:
            count = f"more than {MOST_FAULTS} faults"
        faults = [fault._replace(file=str(path)) for fault in reader.faults[:MOST_FAULTS]]
        raise UserError(f"{path} has {count}; nothing was taken from it", faults=faults)
    why = "columns that are not read"
    left_out = (Unread(", ".join(unread), why),) if unread else ()
    return Claims(tuple(reader.claims), left_out)


def _open(table: Table, reader: _Reader) -> tuple[Columns, Row, Iterator[Row]]:
    """Return what the columns are, the first row, and the others: by the separator that fits."""
    best: tuple[tuple[int, int], str] | None = None
    for separator in [table.separator] if table.separator else SEPARATORS:
        try:
            head = next(table.rows(separator), ())
        except Broken:
            continue
        found = (len(_columns(head, [])), len(head))
        if best is None or found > best[0]:
            best = found, separator
    separator = best[1] if best else SEPARATORS[0]
    rows = table.rows(separator)
    head = next(rows, ())
    faults: list[Fault] = []
    columns = _columns(head, faults)
    if not faults:
        faults += _missing(head, columns)
    if faults:
        reader.faults += faults
        return {}, (), iter(())
    return columns, head, rows


def _columns(head: Row, faults: list[Fault]) -> dict[str, int]:
    """Return where each column stands; two that may be the same one are a fault."""
    columns: dict[str, int] = {}
    names = [" ".join(re.split(r"[\s_-]+", cell.text.casefold())).strip() for cell in head]
    for column, known in HEADS.items():
        found = [n for n, name in enumerate(names) if name in known]
        exact = [n for n in found if names[n] == known[0]]
        chosen = exact or found
        if len(chosen) > 1:
            one, other = (head[n] for n in chosen[:2])
            faults.append(
                Fault(
                    f'"{one.text}" and "{other.text}" may both be the column "{column}"',
                    f'Name one of them "{column}", and the other one something else.',
                    line=other.line,
                    column=other.column,
                )
            )
        if chosen:
            columns[column] = chosen[0]
    return columns


def _missing(head: Row, columns: Columns) -> Iterator[Fault]:
    first = head[0] if head else Cell("", 1, 1)
    if not head:
        yield Fault("there is no table in this file", _HINT, line=1, column=1)
        return
    for column in ("item", "mode"):
        if column in columns or (column == "item" and "title" in columns):
            continue
        close = (c for c in head if nearest(c.text.casefold(), HEADS[column]))
        fix = next((f'Is it "{cell.text}"? {_HINT}' for cell in close), _HINT)
        message = f'the first row names no column "{column}"'
        yield Fault(message, fix, line=first.line, column=first.column)


@dataclass(slots=True)
class _Reader:
    """Turns rows into claims, and keeps what is wrong with them."""

    rubrics: Sequence[Rubric]
    claims: list[Claim] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    _lines: dict[ItemId, int] = field(default_factory=dict)

    def read(self, row: Row, columns: Columns, width: int) -> None:
        """Take one row; a row without an answer says nothing."""
        blank = Cell("", row[0].line, row[0].column)
        cells = {c: row[n] if n < len(row) else blank for c, n in columns.items()}
        if more := [cell for cell in row[width:] if cell.text]:
            fix = "Put a text that holds the separator in quotes."
            message = f"this row has more cells than the first one ({width})"
            self._fault(more[0], message, fix)
            return
        name = cells.get("item", blank)
        if not name.text:
            name = cells.get("title", name)
        given = {c: cell for c, cell in cells.items() if c not in ("item", "title", "answered")}
        if cells.get("answered", blank).text.casefold() in _NO:
            return
        if not name.text:
            if any(cell.text for cell in given.values()):
                self._fault(name, "this row names no item", "Name it, or empty the row.")
        elif found := self._item(name):
            self._claim(*found, name, given)

    def _claim(self, rubric: Rubric, item: Item, name: Cell, given: Mapping[str, Cell]) -> None:
        if item.id in self._lines:
            message = f'the item "{item.id}" stands in line {self._lines[item.id]} already'
            self._fault(name, message, "Keep one row for each item.")
            return
        self._lines[item.id] = name.line
        mode = given["mode"]
        others = [cell for column, cell in given.items() if column != "mode" and cell.text]
        if not mode.text:
            if others:
                fix = 'Answer it, with "none" if it is not done, or empty the row.'
                self._fault(mode, f'"{item.id}" has no mode, and {len(others)} more cells', fix)
            return
        texts = {column: cell.text for column, cell in given.items()}
        chosen = self._mode(rubric, item, mode)
        day = self._day(given["date"]) if texts.get("date") else None
        if chosen is not None:
            evidence = _pieces(texts.get("evidence", ""))
            self.claims.append(Claim(item.id, chosen, evidence, texts.get("note", ""), day))

    def _item(self, cell: Cell) -> tuple[Rubric, Item] | None:
        text = " ".join(cell.text.split())
        pairs = [(rubric, item) for rubric in self.rubrics for item in rubric.items.values()]
        by_id = [pair for pair in pairs if pair[1].id == text]
        found = by_id or [pair for pair in pairs if " ".join(pair[1].title.split()) == text]
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(item.id for _, item in found)
            self._fault(cell, f'"{text[:60]}" is the title of several items', f"Use an id: {ids}.")
            return None
        names = [name for _, item in pairs for name in (item.id, item.title)]
        fix = _alike(text, names) or nearest(text, names) or "`maturity-planner show` lists them."
        self._fault(cell, f'unknown item "{text[:60]}"', fix)
        return None

    def _mode(self, rubric: Rubric, item: Item, cell: Cell) -> ModeId | None:
        modes = (NONE, *item.modes)
        titles = {rubric.mode_title(mode): mode for mode in reversed(modes)}
        for mode in modes:
            if cell.text == mode:
                return mode
        if cell.text in titles:
            return titles[cell.text]
        known = [*modes, *titles]
        fix = _alike(cell.text, known) or suggestion(cell.text, known, kind="Modes")
        self._fault(cell, f'unknown mode "{cell.text[:60]}" of item "{item.id}"', fix)
        return None

    def _day(self, cell: Cell) -> date | None:
        try:
            if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", cell.text):
                return date.fromisoformat(cell.text)
        except ValueError:
            pass
        message = f'"{cell.text[:60]}" is not a date that exists: write YYYY-MM-DD'
        self._fault(cell, message, "Format the column as text or as YYYY-MM-DD.")
        return None

    def _fault(self, cell: Cell, message: str, fix: str) -> None:
        self.faults.append(Fault(message, fix, line=cell.line, column=cell.column))


def _alike(text: str, known: Sequence[str]) -> str:
    """Return "did you mean ...?" for the name that differs in the case of letters only."""
    found = next((name for name in known if name.casefold() == text.casefold()), "")
    return f'Did you mean "{found}"?' if found else ""


def _pieces(text: str) -> tuple[str, ...]:
    r"""Return the pieces of evidence in a cell: a line each, else as an export joins them.

    >>> _pieces("a; b"), _pieces("a; b\nc")
    (('a', 'b'), ('a; b', 'c'))
    """
    pieces = text.splitlines() if "\n" in text or "\r" in text else text.split("; ")
    return tuple(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))
