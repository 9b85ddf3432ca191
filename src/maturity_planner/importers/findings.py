"""What is wrong with a model: faults in what it says, traps in how it is written.

A trap was read as it was meant; other programs may read it otherwise. Fields are read through
`Findings`, which notes those that are not what they should be.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..errors import Fault, MaturityError
from .reading import Node, Source, read_source
from .words import MOST_LINE, MOST_PART, close, cut, fit_text, one_line

MOST_FAULTS = 200


class Findings:
    """Faults and traps with their places, up to a number; `more` counts what is beyond it."""

    def __init__(self) -> None:
        """Start without any."""
        self.faults: list[Fault] = []
        self.traps: list[Fault] = []
        self.more = 0
        self._likely: dict[tuple[str, tuple[str, ...]], str] = {}

    def read(self, path: Path) -> Source:
        """Return what a file holds, its own faults and traps noted.

        Raises:
            RubricError: it cannot be read, or is not YAML.
        """
        source = read_source(path)
        for document in source.documents:
            for fault in document.faults:
                self._add(self.faults, fault._replace(file=source.name, path=()))
        for trap in source.traps:
            self._add(self.traps, trap)
        return source

    def fault(self, node: Node, message: str, fix: str | Callable[[], str]) -> None:
        """Note that something is wrong with a value, and what to do about it."""
        self._note(self.faults, node, message, fix)

    def unusable(self, error: MaturityError, name: str) -> None:
        """Note that one file of many cannot be read."""
        for fault in error.faults or (Fault(error.message, error.fix, file=name),):
            self._add(self.faults, fault)

    def trap(self, node: Node, message: str, fix: str) -> None:
        """Note that a value may be read otherwise."""
        self._note(self.traps, node, message, fix)

    def _note(
        self, kind: list[Fault], node: Node, message: str, fix: str | Callable[[], str]
    ) -> None:
        if len(kind) >= MOST_FAULTS:  # a place, or a nearest word, takes time to find
            self.more += 1
            return
        line, column = node.place
        told = fix if isinstance(fix, str) else fix()
        self._add(kind, Fault(message, told, (), node.source.name, line, column))

    def _add(self, kind: list[Fault], fault: Fault) -> None:
        if len(kind) < MOST_FAULTS:
            kind.append(fault)
        else:
            self.more += 1

    def text(self, node: Node, key: str) -> str:
        """Return the text under the key; an empty one where there is none."""
        found = node.get(key)
        if found is None:
            return ""
        if not isinstance(found.value, str):
            message = f'"{one_line(key)}" should be a text; it is left out'
            self.fault(found, message, "Write a text, in quotes if it looks like something else.")
            return ""
        return found.value.strip()

    def line(self, node: Node, key: str) -> str:
        """Return the text under the key as one line."""
        return self._short(node, key, one_line(self.text(node, key)), MOST_LINE)

    def body(self, node: Node, key: str) -> str:
        """Return the text under the key, with its lines."""
        return self._short(node, key, fit_text(self.text(node, key)), MOST_PART)

    def _short(self, node: Node, key: str, text: str, most: int) -> str:
        return self.cut(node.get(key) or node, f'"{key}"', text, most)

    def cut(self, node: Node, what: str, text: str, most: int) -> str:
        """Return the text, its end left out and that told where it is longer than that."""
        if len(text) > most:
            message = f"{what} is longer than {most} characters; its end is left out"
            self.fault(node, message, "Shorten it.")
        return cut(text, most)

    def whole(self, node: Node, key: str, least: int, most: int, so: str = "") -> int | None:
        """Return the whole number under the key; None where there is none in the range.

        What stands there instead is told, and what follows from that (`so`); nothing is not.
        """
        found = node.get(key)
        if found is None:
            return None
        text = found.value
        if isinstance(text, str) and len(text) < 10 and text.isascii() and text.isdigit():
            number = int(text)
            if least <= number <= most:
                return number
        shown = f'"{one_line(text)[:40]}"' if isinstance(text, str) else found.kind
        wanted = f"a whole number from {least} to {most}"
        message = f'"{key}" should be {wanted}, not {shown}' + (f"; {so}" if so else "")
        self.fault(found, message, f"Write {wanted}.")
        return None

    def slips(self, node: Node, known: tuple[str, ...]) -> None:
        """Note keys that are nearly known ones; others are new ones that we can do without."""
        for key, inner in node.items():
            if key not in known and (likely := self._meant(key, known)):
                self.fault(inner, f'unknown key "{one_line(key)[:60]}"', likely)

    def _meant(self, key: str, known: tuple[str, ...]) -> str:
        """Return "did you mean ...?" for a key that is nearly a known one; else an empty text."""
        if (key, known) not in self._likely and len(self._likely) < MOST_FAULTS:
            self._likely[key, known] = close(key, known)
        return self._likely.get((key, known), "")

    def sorted_faults(self) -> list[Fault]:
        """Return the faults in the order of files and lines."""
        return sorted(self.faults, key=_place)

    def sorted_traps(self) -> list[Fault]:
        """Return the traps in the order of files and lines."""
        return sorted(self.traps, key=_place)


def _place(fault: Fault) -> tuple[str, int, int]:
    return fault.file, fault.line, fault.column
