"""Tables that spreadsheets write: whatever the encoding, the separator and the line ends.

A cell keeps its place, so that a fault can name it. No cell is ever a formula.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ..errors import Fault, UserError
from ..files import read_bytes
from .reading import see_file

SEPARATORS = (",", ";", "\t")
MOST_ROWS = 100_000
MOST_CELLS = 200
MOST_TEXT = 20_000
_FORMULA = re.compile("\\s*[=+\\-@|%\uff1d\uff0b\uff0d\uff20]|[\t\r]")
_QUOTED = re.compile('"((?:[^"]++|"")*+)"')


class Cell(NamedTuple):
    """A text and where it stands; line and column count from 1."""

    text: str
    line: int
    column: int


Row = tuple[Cell, ...]


class Broken(Exception):
    """The table cannot be read to its end; carries the fault that stopped the reader."""

    def __init__(self, fault: Fault) -> None:
        """Keep the fault for the caller, who knows the file's name."""
        super().__init__(fault.message)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Table:
    """The text of a file, and the line on which the table starts."""

    text: str
    first_line: int = 1
    separator: str | None = None

    def rows(self, separator: str) -> Iterator[Row]:
        """Yield the rows that hold something; blank ones are left out.

        Raises:
            Broken: a quote that does not end, or more than a table of ours can hold.
        """
        rows = 0
        for row in _rows(self.text, separator, self.first_line):
            if any(cell.text for cell in row):
                rows += 1
                if rows > MOST_ROWS:
                    raise _broken(row[0], f"the table has more than {MOST_ROWS} rows", "Split it.")
                yield row


def read_table(path: Path) -> Table:
    """Return the table in the file; `sep=;` in its first line, as Excel writes it, is obeyed.

    Raises:
        UserError: the file cannot be read, or is no text.
    """
    see_file(path)
    text = decoded(read_bytes(path), str(path))
    if found := re.match("sep=([,;\t])(\r\n|\r|\n|$)", text, re.IGNORECASE):
        return Table(text[found.end() :], 2, found[1])
    return Table(text)


def decoded(raw: bytes, name: str) -> str:
    """Return the text of a table in UTF-8 or, as Excel writes "Unicode text", UTF-16.

    Raises:
        UserError: it is neither.
    """
    encoding = "utf-8"
    if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        encoding = "utf-16"
    elif b"\0" in raw[:200]:  # without a mark: every other byte of Latin letters is 0
        encoding = "utf-16-le" if raw[1:2] == b"\0" else "utf-16-be"
    try:
        text = raw.removeprefix(BOM_UTF8).decode(encoding)
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        fault = Fault(
            f"the byte 0x{raw[problem.start]:02x} is not {encoding[:6].upper()} here",
            'Save the table as "CSV UTF-8".',
            file=name,
            line=line,
            column=problem.start - raw.rfind(b"\n", 0, problem.start),
        )
        raise UserError(f"{name} cannot be read as a table", faults=[fault]) from problem
    if "\0" in text:
        raise UserError(f"{name} is no table: it holds binary data", fix="Export it as CSV.")
    return text


def plain(text: str) -> str:
    """Return what a cell says: without spaces around it, and without what kept it from reckoning.

    Exports put an apostrophe before a text that a spreadsheet would take for a formula.

    >>> plain("'=1+1 "), plain("=1+1"), plain("'tis")
    ('=1+1', '=1+1', "'tis")
    """
    text = text.strip()
    return text[1:] if text.startswith("'") and _FORMULA.match(text, 1) else text


def _rows(text: str, separator: str, line: int) -> Iterator[Row]:
    bare = re.compile(f"[^{separator}\r\n]*")
    at = start = 0  # of the text, and of the line
    cells: list[Cell] = []
    while at < len(text):
        column = at - start + 1
        if text[at] == '"':
            found = _QUOTED.match(text, at)
            if found is None:
                fix = 'End it with a quote; write a quote in a text twice: "".'
                raise _broken(Cell("", line, column), "this quote does not end", fix)
            value = found[1].replace('""', '"')
            breaks = list(re.finditer("\r\n|\r|\n", found[0]))
            after = bare.match(text, found.end())
            assert after is not None
            cell = Cell(plain(value + after[0]), line, column)
            if breaks:
                line += len(breaks)
                start = at + breaks[-1].end()
            if after[0].strip():
                fix = "Put the whole text in quotes, and quotes in it twice."
                raise _broken(cell, "text stands behind the quote that ends this cell", fix)
        else:
            after = bare.match(text, at)
            assert after is not None
            cell = Cell(plain(after[0]), line, column)
        if len(cell.text) > MOST_TEXT:
            raise _broken(cell, f"this text has more than {MOST_TEXT} characters", "Shorten it.")
        cells.append(cell)
        if len(cells) > MOST_CELLS:
            raise _broken(cell, f"this row has more than {MOST_CELLS} cells", "Take columns out.")
        at = after.end()
        if at < len(text) and text[at] != separator:
            at += 2 if text.startswith("\r\n", at) else 1
            yield tuple(cells)
            cells, line, start = [], line + 1, at
        else:
            at += 1
    if cells:
        yield tuple(cells)


def _broken(cell: Cell, message: str, fix: str) -> Broken:
    return Broken(Fault(message, fix, line=cell.line, column=cell.column))
