"""YAML of others: read with every value's place, all scalars as the texts that were written.

What is a number or a truth in a file depends on who reads it: `No`, `8.10` and `0701` are three
texts here, and traps elsewhere. Anchors that stand twice and merge keys are understood. The
limits of our own files (`documents.py`) hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from ..documents import Document, Reader, Unreadable, read_yaml
from ..errors import Fault, Place, RubricError, UserError
from ..files import read_text
from .words import HIDDEN, hidden_in

_NOTHING = ("", "~", "null", "Null", "NULL")
_TRUTH = re.compile("yes|no|on|off", re.IGNORECASE)
_DIGITS = re.compile("0[0-7]+|[0-9]+(:[0-5]?[0-9])+")
_FRACTION = re.compile(r"[-+]?[0-9]+\.[0-9]*")


@dataclass(slots=True)
class Source:
    """A file: its documents, its traps, where fractions without quotes and hidden signs are."""

    name: str
    lines: list[str]
    documents: list[Document] = field(default_factory=list)
    traps: list[Fault] = field(default_factory=list)
    fractions: set[Place] = field(default_factory=set)
    hidden: list[tuple[str, int, int]] = field(default_factory=list)

    def comment(self, line: int) -> str:
        """Return the comment at the end of a line, which counts from 1."""
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        return text.partition(" #")[2].strip()


class Node(NamedTuple):
    """A value with the place where it stands; mappings and lists lead to further ones."""

    source: Source
    document: Document
    value: Any
    path: Place = ()

    def get(self, key: str) -> Node | None:
        """Return what stands under the key; None for nothing and where this is no mapping."""
        found = self.value.get(key) if isinstance(self.value, dict) else None
        return None if found is None else self._replace(value=found, path=(*self.path, key))

    def items(self) -> Iterator[tuple[str, Node]]:
        """Yield keys and values of a mapping; nothing for other values."""
        for key, value in self.value.items() if isinstance(self.value, dict) else ():
            yield key, self._replace(value=value, path=(*self.path, key))

    def entries(self) -> Iterator[Node]:
        """Yield the values of a list; nothing for other values."""
        for n, value in enumerate(self.value if isinstance(self.value, list) else ()):
            yield self._replace(value=value, path=(*self.path, n))

    @property
    def place(self) -> tuple[int, int]:
        """Line and column, from 1; of what holds the value, where it comes from elsewhere."""
        path, marks = self.path, self.document.marks
        while path and path not in marks:
            path = path[:-1]
        return marks.get(path, (1, 1))

    @property
    def kind(self) -> str:
        """What the value is, in words."""
        if self.value is None:
            return "nothing"
        if isinstance(self.value, str):
            return "a text"
        return "a list" if isinstance(self.value, list) else "a mapping"

    @property
    def is_fraction(self) -> bool:
        """Whether it was written as a number with a point, without quotes."""
        return self.path in self.source.fractions


def see_file(path: Path, error: type[UserError] = UserError) -> None:
    """See that there is something of that name: a file of somebody else's.

    Raises:
        UserError: (of the given kind) there is nothing.
    """
    try:
        path.stat()
    except FileNotFoundError:
        fix = "Check the name: it should lead to your own copy of what you want to import."
        raise error(f"{path} does not exist", fix=fix) from None
    except OSError:
        return  # who reads it says what is wrong


def read_source(path: Path) -> Source:
    """Return what a YAML file holds.

    Raises:
        RubricError: it cannot be read, or is not YAML.
    """
    see_file(path, RubricError)
    text = read_text(path, RubricError)
    source = Source(str(path), text.split("\n"))
    try:
        read_yaml(text, lambda events: _Tolerant(events, source).read())
    except Unreadable as stop:
        fault = stop.fault._replace(file=source.name)
        raise RubricError(f"{path} cannot be read", faults=[fault]) from stop
    if source.hidden:
        source.traps.append(_hidden(source))
    return source


def _without_hidden(events: Iterator[Any], source: Source) -> Iterator[Any]:
    """Yield the events, their texts without what nobody sees."""
    for event in events:
        text = getattr(event, "value", None)
        if text and (signs := hidden_in(text)):
            at = event.start_mark.line + 1, event.start_mark.column + 1
            source.hidden += [(sign, *at) for sign in sorted(signs)]
            event.value = HIDDEN.sub("", text)
        yield event


def _hidden(source: Source) -> Fault:
    """Return the one trap for all signs of a file that nobody sees, at the first of them."""
    _, line, column = source.hidden[0]
    codes = sorted({f"U+{ord(sign):04X}" for sign, _, _ in source.hidden})
    shown = ", ".join(codes[:5]) + (" and others" if len(codes) > 5 else "")
    message = f"texts hold characters that nobody sees ({shown}); they are left out"
    return Fault(message, "Remove them.", file=source.name, line=line, column=column)


class _Tolerant(Reader):
    """Fills a source; what our own files must not hold is a trap here, and no reason to stop."""

    def __init__(self, events: Iterator[Any], source: Source) -> None:
        super().__init__(_without_hidden(events, source), with_marks=True)
        self._source = source

    def read(self) -> None:
        next(self._events)  # stream start
        while type(next(self._events)).__name__ == "DocumentStartEvent":
            self._document = Document(None)
            self._anchors = {}
            self._document.data = self._value(next(self._events), (), 0)
            next(self._events)  # document end
            self._source.documents.append(self._document)

    def _value(self, event: Any, path: Place, depth: int) -> Any:
        text = getattr(event, "value", None)
        if text is not None and event.implicit[0] and _FRACTION.fullmatch(text):
            self._source.fractions.add(path)
        return super()._value(event, path, depth)

    def _scalar(self, event: Any) -> str | None:
        text: str = event.value
        if not event.implicit[0]:
            return text
        if text in _NOTHING:
            self._look_for_color(event)
            return None
        if _TRUTH.fullmatch(text):
            self._trap(event, f"{text} without quotes is no text to many readers")
        elif _DIGITS.fullmatch(text):
            self._trap(event, f"{text[:40]} without quotes is another number to many readers")
        return text

    def _look_for_color(self, event: Any) -> None:
        """Find a value that starts with a comment sign, like a color."""
        mark = event.start_mark
        line = self._source.lines[mark.line] if mark.line < len(self._source.lines) else ""
        if found := re.match(r".*?:\s+(#\S+)\s*$", line):
            self._trap(event, f"{found[1][:40]} without quotes is a comment, so there is no value")

    def _anchored(self, event: Any) -> None:
        if event.anchor in self._anchors:
            self._trap(event, f"the anchor &{event.anchor} stands twice", "The nearest one counts.")

    def _refuse_tag(self, event: Any) -> None:
        if event.tag is not None and event.tag != "!":
            self._trap(event, f"the tag {event.tag[:60]} means nothing here", "Remove it.")

    def _mapping(self, path: Place, depth: int) -> dict[str, Any]:
        own = super()._mapping(path, depth)
        merged = own.pop("<<", None)
        values: dict[str, Any] = {}
        for given in reversed(merged if isinstance(merged, list) else [merged]):
            values |= given if isinstance(given, dict) else {}
        return values | own if values else own

    def _trap(self, event: Any, message: str, fix: str = "") -> None:
        mark = event.start_mark
        quoted = f'Put it in quotes: "{event.value[:40]}".' if getattr(event, "value", "") else ""
        self._source.traps.append(
            Fault(
                message,
                fix or quoted or "Put it in quotes.",
                file=self._source.name,
                line=mark.line + 1,
                column=mark.column + 1,
            )
        )
