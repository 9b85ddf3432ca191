"""YAML texts into plain data, with the place of every value when a fault needs it; and back.

Reads the core schema of YAML 1.2: only `true` and `false` are booleans, dates stay texts,
numbers keep every digit. The texts are hostile until proven otherwise: depth, size and alias
expansion are bounded, and tags are refused.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from .errors import Fault, Place

Read = TypeVar("Read")

MOST_BYTES = 20_000_000
MOST_DEPTH = 50
MOST_VALUES = 2_000_000

_NUMBER = re.compile(r"[-+]?(\.[0-9]{1,40}|[0-9]{1,40}(\.[0-9]{0,40})?)([eE][-+]?[0-9]{1,9})?")
_STRANGE_SPACE = re.compile("[\xa0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]")
"""Looks like a space, or like nothing, and is a letter to YAML."""
_STRANGE_INDENT = re.compile(f" *({_STRANGE_SPACE.pattern})")
_SPECIAL = {"NaN": ".nan", "Infinity": ".inf", "-Infinity": "-.inf"}
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), Decimal("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf"), Decimal("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), Decimal("-inf")),
}


class Unreadable(Exception):
    """The text is not well-formed; carries the one fault that stopped the reader."""

    def __init__(self, fault: Fault) -> None:
        """Keep the fault for the caller, who knows the file's name."""
        super().__init__(fault.message)
        self.fault = fault


@dataclass(slots=True)
class Document:
    """What a text holds, where its values stand (line, column from 1), and its own faults."""

    data: Any
    marks: dict[Place, tuple[int, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def place(self, path: Place) -> tuple[int, int]:
        """Return where the value at the path, or the first one in it, stands; else its parent."""
        while path:
            # A table of TOML that only `table.key = value` makes has no place of its own.
            inside = (place for known, place in self.marks.items() if known[: len(path)] == path)
            if found := self.marks.get(path) or min(inside, default=None):
                return found
            path = path[:-1]
        return self.marks.get(path, (1, 1))


def parse_yaml(text: str, *, with_marks: bool = False) -> Document:
    """Return the one document of a YAML text.

    Raises:
        Unreadable: the text is not YAML, nests or expands too far, or carries tags.
    """
    return read_yaml(text, lambda events: Reader(events, with_marks=with_marks).document())


def read_yaml(text: str, read: Callable[[Iterator[Any]], Read]) -> Read:
    """Return what is read from the events of a YAML text.

    Raises:
        Unreadable: the text is not YAML, or what reads it stops.
    """
    import yaml

    # The C parser is ten times faster; the pure one is there for platforms without it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return read(yaml.parse(text, Loader=loader))
    except yaml.MarkedYAMLError as error:
        raise Unreadable(merge_conflict(text) or _yaml_fault(error, text)) from error
    except yaml.YAMLError as error:
        # The C reader counts in bytes, the other one in characters: look for ourselves.
        found = yaml.reader.Reader.NON_PRINTABLE.search(text)
        before = text[: found.start()] if found else ""
        line = before.count("\n") + 1
        column = len(before) - before.rfind("\n")
        raise Unreadable(
            Fault(
                "this is not YAML: a character that is not allowed in a text file",
                "Remove it; control characters can be written as escapes in double quotes.",
                line=line,
                column=column,
            )
        ) from error


def merge_conflict(text: str) -> Fault | None:
    """Return the fault at the first marker that a merge has left in a text, or None.

    For texts that cannot be read: in one that can, the same line may be part of a value.
    """
    if not re.search("^(<<<<<<< |>>>>>>> )", text, re.MULTILINE):
        return None
    first = re.search("^(<<<<<<< |=======\r?$|>>>>>>> )", text, re.MULTILINE)
    line = text.count("\n", 0, first.start() if first else 0) + 1
    fix = "Resolve it, then run this again."
    return Fault("this file has a merge conflict", fix, line=line, column=1)


def _yaml_fault(error: Any, text: str) -> Fault:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if mark and text.startswith("\t", mark.index):
        return Fault(
            "this is not YAML: a tab stands where spaces belong",
            "Indent with spaces.",
            line=line,
            column=column,
        )
    begin = error.context_mark.line + 1 if error.context_mark else line
    lines = text.split("\n")
    for number in range(min(line, len(lines)), begin - 1, -1):
        if found := _STRANGE_INDENT.match(lines[number - 1]):
            return _strange_space(found[1], number, found.start(1) + 1)
    message, fix = _yaml_problem(error, line)
    return Fault(f"this is not YAML: {message}", fix, line=line, column=column)


def _strange_space(char: str, line: int, column: int) -> Fault:
    name = unicodedata.name(char).lower()
    return Fault(
        f"this is not YAML: the character U+{ord(char):04X} ({name}) stands where spaces belong",
        "Indent with spaces; an editor shows it when it is to show invisible characters.",
        line=line,
        column=column,
    )


def _place(mark: Any) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


def _yaml_problem(error: Any, line: int) -> tuple[str, str]:
    """Return what the reader stumbled over, and what usually causes that."""
    begin = error.context_mark.line + 1 if error.context_mark else line
    block = f"the block that begins at line {begin}"
    context = " ".join(filter(None, (error.context, error.problem)))
    if "mapping values are not allowed" in context:
        return "a colon where no key can end", 'Put a text that holds ": " in quotes.'
    if "parsing a flow" in context:
        return (
            f"a bracket that line {begin} opens is not closed, or a comma is missing",
            "Close it; put texts that hold brackets, commas or colons in quotes.",
        )
    if "quoted scalar" in context:
        return f"the quotes that line {begin} opens are not closed", "Close them."
    if "parsing a block" in context:
        return (
            f"it does not fit into {block}",
            "Indent it like its neighbours; if it is, look for quotes or brackets left open above.",
        )
    return context, "Check indentation, quotes and brackets around this place."


class Reader:
    """Turns the events of the YAML library into data; keeps to the limits of this module."""

    def __init__(self, events: Iterator[Any], *, with_marks: bool) -> None:
        """Read from these events."""
        self._events = events
        self._with_marks = with_marks
        self._values = 0
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._open: set[str] = set()
        self._document = Document(None)

    def document(self) -> Document:
        """Return the only document."""
        kinds = iter(self._events)
        next(kinds)  # stream start
        event = next(kinds)
        if _kind(event) == "StreamEnd":
            return self._document
        self._document.data = self._value(next(kinds), (), 0)
        next(kinds)  # document end
        after = next(kinds)
        if _kind(after) != "StreamEnd":
            raise self._stop(after, "a second document starts here", "Keep one document a file.")
        return self._document

    def _stop(self, event: Any, message: str, fix: str) -> Unreadable:
        mark = event.start_mark
        return Unreadable(Fault(message, fix, line=mark.line + 1, column=mark.column + 1))

    def _count(self, event: Any, values: int) -> None:
        self._values += values
        if self._values > MOST_VALUES:
            raise self._stop(
                event,
                f"the file expands to more than {MOST_VALUES} values",
                "Remove aliases (*name) that repeat large parts.",
            )

    def _value(self, event: Any, path: Place, depth: int) -> Any:
        kind = _kind(event)
        if self._with_marks:
            mark = event.start_mark
            self._document.marks[path] = (mark.line + 1, mark.column + 1)
        if kind == "Alias":
            return self._alias(event)
        self._count(event, 1)
        self._refuse_tag(event)
        if depth > MOST_DEPTH:
            raise self._stop(event, f"this nests more than {MOST_DEPTH} deep", "Flatten it.")
        before = self._values
        if event.anchor:
            self._anchored(event)
            self._open.add(event.anchor)
        if kind == "Scalar":
            value = self._scalar(event)
        elif kind == "SequenceStart":
            value = self._sequence(path, depth)
        else:
            value = self._mapping(path, depth)
        if event.anchor:
            self._open.discard(event.anchor)
            self._anchors[event.anchor] = (value, self._values - before + 1)
        return value

    def _scalar(self, event: Any) -> Any:
        return _scalar(event)

    def _anchored(self, event: Any) -> None:
        """Hear of an anchor, before what it stands for is read."""

    def _refuse_tag(self, event: Any) -> None:
        if event.tag is not None and event.tag != "!":
            raise self._stop(event, f"the tag {event.tag} is not allowed here", "Remove it.")

    def _alias(self, event: Any) -> Any:
        if event.anchor in self._open:
            raise self._stop(event, f"*{event.anchor} contains itself", "Remove the alias.")
        if event.anchor not in self._anchors:
            raise self._stop(event, f"*{event.anchor} has no anchor", f"Define &{event.anchor}.")
        value, count = self._anchors[event.anchor]
        self._count(event, count)
        return value

    def _sequence(self, path: Place, depth: int) -> list[Any]:
        values: list[Any] = []
        while _kind(event := next(self._events)) != "SequenceEnd":
            values.append(self._value(event, (*path, len(values)), depth + 1))
        return values

    def _mapping(self, path: Place, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while _kind(event := next(self._events)) != "MappingEnd":
            if _kind(event) != "Scalar":
                raise self._stop(event, "a key has to be a plain text", "Write `key: value`.")
            self._refuse_tag(event)
            key = event.value
            if _STRANGE_SPACE.match(key) and event.implicit[0]:
                raise Unreadable(_strange_space(key[0], *_place(event.start_mark)))
            if key in values:
                mark = event.start_mark
                self._document.faults.append(
                    Fault(
                        f'the key "{key}" stands twice in one mapping',
                        "Keep one of the two; the later one would silently win.",
                        (*path, key),
                        line=mark.line + 1,
                        column=mark.column + 1,
                    )
                )
            at_key = event.start_mark
            values[key] = self._value(next(self._events), (*path, key), depth + 1)
            if self._with_marks:
                self._document.marks[(*path, key)] = (at_key.line + 1, at_key.column + 1)
        return values


def _kind(event: Any) -> str:
    return type(event).__name__[: -len("Event")]


def _scalar(event: Any) -> Any:
    text: str = event.value
    if not event.implicit[0]:  # quoted or block: a text whatever it looks like
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBER.fullmatch(text):
        return int(text) if text.lstrip("+-").isdigit() else Decimal(text)
    return text


def dump_yaml(data: Any, *, in_one_line: bool = False) -> str:
    """Return the data as YAML that `parse_yaml` reads back as the same data.

    Texts that YAML 1.2 would read as numbers, which the library's own rules (YAML 1.1) leave
    bare in a few cases, are quoted; so are those with line breaks other than a line
    feed, which a reader would turn into one.
    """
    import yaml

    breaks = re.compile("[\n\r\x85\u2028\u2029]" if in_one_line else "[\r\x85\u2028\u2029]")

    class Dumper(yaml.SafeDumper):
        """Quotes what our reader would not read as a text."""

        def ignore_aliases(self, data: Any) -> bool:
            """Write equal values out each time: aliases surprise people."""
            return True

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            """Indent lists below their key, as people do."""
            super().increase_indent(flow, False)

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
        is_taken_for_another = value in _WORDS or _NUMBER.fullmatch(value)
        is_quoted = is_taken_for_another or breaks.search(value) or _STRANGE_SPACE.match(value)
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, '"' if is_quoted else None)

    def number(dumper: yaml.SafeDumper, value: Decimal) -> yaml.Node:
        plain = str(value) if value.is_finite() else _SPECIAL[str(value)]
        # Bare, whatever the library's rules say: only ours count when it is read. PyYAML's stubs
        # leave `resolve` without types.
        tag = dumper.resolve(yaml.ScalarNode, plain, (True, False))  # type: ignore[no-untyped-call]  # theirs
        return dumper.represent_scalar(tag, plain)

    Dumper.add_representer(str, text)
    Dumper.add_representer(Decimal, number)
    dumped: str = yaml.dump(
        data,
        Dumper=Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=in_one_line,
        width=math.inf if in_one_line else 100,
    )
    return dumped
