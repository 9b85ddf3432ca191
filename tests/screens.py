"""What a terminal shows after what was written to it."""

from __future__ import annotations

import re
import unicodedata

_ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")


class Screen:
    """A terminal that knows lines, returns and colours; any other control is a mistake."""

    def __init__(self, columns: int = 80) -> None:
        self.lines: list[list[str]] = [[]]
        self._columns = columns
        self._at = 0

    def show(self, text: str) -> str:
        """Take the text in and return what is to be seen, without blanks at the ends."""
        for char in _ESCAPE.sub("", text):
            match char:
                case "\r":
                    self._at = 0
                case "\n":
                    self._newline()
                case _:
                    assert char.isprintable(), f"{char!r} is no text"
                    self._put(char)
        return self.seen

    @property
    def seen(self) -> str:
        """What is to be seen."""
        return "\n".join("".join(line).rstrip() for line in self.lines).rstrip()

    def _newline(self) -> None:
        self.lines.append([])
        self._at = 0

    def _put(self, char: str) -> None:
        cells = 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if self._at + cells > self._columns:
            self._newline()
        line = self.lines[-1]
        line.extend(" " * (self._at + cells - len(line)))
        line[self._at : self._at + cells] = [char, *[""] * (cells - 1)]
        self._at += cells
