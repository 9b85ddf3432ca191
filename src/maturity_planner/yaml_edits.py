"""Single values of a YAML text, changed where they stand: every other byte stays.

A library that reads and writes the whole file (ruamel.yaml) moves comments that stand between two
values, and drops those below a list's last entry when it is taken away.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .documents import dump_yaml


class TooClever(Exception):
    """The text says it in a way (aliases, say) that cannot be changed in one place."""


@dataclass(slots=True)
class Part:
    """A value and where its text stands. A mapping's `parts` are its keys and values in turn."""

    kind: str
    start: int
    end: int
    column: int
    value: str | None = None
    is_flow: bool = False
    parts: list[Part] = field(default_factory=list)

    @property
    def is_mapping(self) -> bool:
        """Whether it is a mapping, in a block or between braces."""
        return self.kind == "MappingStart"

    @property
    def is_null(self) -> bool:
        """Whether nothing stands there, or a word for nothing."""
        return self.kind == "Scalar" and (self.value or "~").lower() in ("~", "null")

    def pair(self, key: str) -> tuple[Part, Part] | None:
        """The key and its value; of a key that stands twice the last one, as for a reader."""
        pairs = zip(self.parts[::2], self.parts[1::2], strict=True)
        return next((pair for pair in reversed(list(pairs)) if pair[0].value == key), None)


def _root(text: str) -> Part:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    events = (e for e in yaml.parse(text, Loader=loader) if "Stream" not in type(e).__name__)
    next(events)  # document start
    return _read(next(events), events)


def _read(event: Any, events: Iterator[Any]) -> Part:
    part = Part(
        kind=type(event).__name__.removesuffix("Event"),
        start=event.start_mark.index,
        end=event.end_mark.index,
        column=event.start_mark.column,
        value=getattr(event, "value", None),
        is_flow=bool(getattr(event, "flow_style", False)),
    )
    if part.kind not in ("MappingStart", "SequenceStart"):
        return part
    while not type(inner := next(events)).__name__.endswith("EndEvent"):
        part.parts.append(_read(inner, events))
    # The end of a block is only noticed at the text after it, behind comments.
    part.end = inner.end_mark.index if part.is_flow else part.parts[-1].end
    if part.is_mapping and not part.is_flow:
        part.column = part.parts[0].column  # an anchor may stand before it
    return part


def part_at(text: str, path: Sequence[str]) -> Part | None:
    """Return the value at the path of keys, or None when there is none."""
    part = _root(text)
    for key in path:
        pair = part.pair(key) if part.is_mapping else None
        if pair is None:
            return None
        part = pair[1]
    return part


def put(text: str, path: tuple[str, ...], value: Any, after: str = "") -> str:
    """Return the text with the value at the path, which takes the place of a plain value.

    A new key comes last, or behind the key `after`.
    """
    mapping = part_at(text, path[:-1])
    if mapping is None or mapping.is_null:
        return put(text, path[:-1], {path[-1]: value})
    if not mapping.is_mapping:
        raise TooClever
    if not mapping.parts and len(path) == 2:  # the `answers: {}` of a fresh file
        return put(_replaced(text, mapping), path[:-1], {path[-1]: value})
    pair = mapping.pair(path[-1])
    if pair is None:
        before = mapping.pair(after)
        at = (
            before[1].end if before else mapping.parts[-1].end if mapping.parts else mapping.end - 1
        )
        if mapping.is_flow:
            comma = ", " if mapping.parts else ""
            return f"{text[:at]}{comma}{_inline({path[-1]: value})[1:-1]}{text[at:]}"
        return _insert_lines(text, at, _lines({path[-1]: value}, mapping.column))
    key, old = pair
    if old.kind != "Scalar":
        raise TooClever
    if old.value == str(value):
        return text
    if mapping.is_flow or not isinstance(value, list | dict):
        block_end = re.search(r"\r?\n\Z", text[old.start : old.end])  # its last line is its own
        return _replaced(text, old, f" {_inline(value)}" + (block_end[0] if block_end else ""))
    return _insert_lines(_replaced(text, old), key.end, _lines(value, key.column + 2))


def with_item(text: str, path: tuple[str, ...], value: str) -> str:
    """Return the text with one more entry at the end of the list at the path."""
    items = part_at(text, path)
    if items is None or items.kind != "SequenceStart":
        raise TooClever
    if items.is_flow:
        at = items.parts[-1].end if items.parts else items.end - 1
        return f"{text[:at]}{', ' if items.parts else ''}{_inline(value)}{text[at:]}"
    return _insert_lines(text, items.end, [f"{' ' * items.column}- {_inline(value)}"])


def without_item(text: str, path: tuple[str, ...], value: str) -> str:
    """Return the text without the entry; an empty list stays a list."""
    items = part_at(text, path)
    if items is None or items.kind != "SequenceStart":
        raise TooClever
    n = next((n for n, item in enumerate(items.parts) if item.value == value), -1)
    if n < 0:
        return text
    start, end = items.parts[n].start, items.parts[n].end
    if not items.is_flow:
        start, end = text.rfind("\n", 0, start) + 1, _line_end(text, end)
    elif n:
        start = items.parts[n - 1].end
    elif len(items.parts) > 1:
        end = items.parts[1].start
    text = text[:start] + text[end:]
    left = part_at(text, path)
    if left is not None and left.is_null:  # the last line of a list went
        return _replaced(text, left, " []")
    return without_item(text, path, value)


def _replaced(text: str, part: Part, new: str = "") -> str:
    """Return the text with the part, and the spaces before it, replaced."""
    return text[: part.start].rstrip(" ") + new + text[part.end :]


def _insert_lines(text: str, at: int, lines: Sequence[str]) -> str:
    """Return the text with the lines below the one that the place is in."""
    newline = "\r\n" if "\r\n" in text else "\n"
    at = _line_end(text, at)
    gap = "" if not at or text[at - 1] == "\n" else newline
    return text[:at] + gap + "".join(line + newline for line in lines) + text[at:]


def _line_end(text: str, at: int) -> int:
    if text[at - 1 : at] == "\n":  # the end of a block scalar is the start of the next line
        return at
    return text.find("\n", at) + 1 or len(text)


def _lines(value: Any, column: int) -> list[str]:
    """Return a mapping or a list as lines of block style."""
    space = " " * column
    if isinstance(value, list):
        return [f"{space}- {_inline(one)}" for one in value]
    lines = []
    for key, inner in value.items():
        name = f"{space}{_inline(key)}:"
        if isinstance(inner, list | dict):
            lines += [name, *_lines(inner, column + 2)]
        else:
            lines.append(f"{name} {_inline(inner)}")
    return lines


def _inline(value: Any) -> str:
    """Return the value in flow style, as it may stand anywhere in a line."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    return dump_yaml([value], in_one_line=True).strip()[1:-1]
