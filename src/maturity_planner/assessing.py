"""Changes of an assessment file that keep its comments, its order and everything else.

The text is changed in place, value by value: whatever is not an answer keeps its every byte. A
library that reads and writes the whole file (ruamel.yaml) moves comments that stand between two
answers, and drops those below evidence that is taken away.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .core.rubric import NONE
from .documents import Unreadable, dump_yaml, parse_yaml
from .errors import AssessmentError
from .files import locked, read_text, write_atomic

_BROKEN = re.compile("[\ud800-\udfff]")  # what Python makes of bytes that are not UTF-8


@dataclass(frozen=True, slots=True)
class Edit:
    """A new answer for one item; evidence is added to and taken from what is there.

    An answer that has a date of its own gets today's: that is how evidence is renewed. So does one
    that gets evidence where the assessment has no date, or where others have their own. An edit's
    own date wins; its note takes the place of the one that is there.
    Evidence that is to be added and taken away stays.
    """

    item: str
    mode: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    note: str = ""
    date: datetime.date | None = None


def edit_assessment(path: Path, edits: Sequence[Edit], today: datetime.date) -> bool:
    """Write the answers into the file, in one step.

    The assessment's date becomes today's, if there is one and no other answer goes by it: evidence
    that nobody has shown again does not get younger. Else the new answers get today's each.

    Returns whether something changed. Of several at once, each sees what the one before wrote.

    Raises:
        AssessmentError: the file cannot be changed without changing something else.
    """
    with locked(path):
        before = read_text(path, AssessmentError)
        after = edited_text(before, edits, today)
        if after != before:
            write_atomic(path, after)
    return after != before


def edited_text(text: str, edits: Sequence[Edit], today: datetime.date) -> str:
    """Return the text of an assessment with the edits in it.

    Raises:
        AssessmentError: what came out does not say exactly what was meant.
    """
    for told in (told for edit in edits for told in (*edit.add, edit.note)):
        if _BROKEN.search(told):
            raise AssessmentError(
                f"the evidence {told[:60]!a} is not text in UTF-8", fix="Write it again."
            )
    after = text
    try:
        data = parse_yaml(text).data
        edits = _dated(data, edits, today)
        expected = _expected(data, edits, today)
        for edit in edits:
            after = _with_answer(after, edit)
            if edit.date or _part(after, ("answers", edit.item, "date")):
                day = edit.date or today
                after = _put(after, ("answers", edit.item, "date"), day, after="mode")
            if edit.note:
                after = _put(after, ("answers", edit.item, "note"), edit.note)
        if expected.get("date") == today.isoformat():
            after = _put(after, ("date",), today)
        is_right = parse_yaml(after).data == expected
    except (Unreadable, _TooClever):
        is_right = False
    if not is_right:
        raise AssessmentError(
            "the answers cannot be changed in place: an alias or other rare YAML is in the way",
            fix="Write them by hand: " + ", ".join(f"{e.item}: {e.mode}" for e in edits),
        )
    return after


def _is_gone_by(data: Any, edits: Sequence[Edit], today: datetime.date) -> bool:
    """Return whether answers without a date of their own go by another one of the assessment."""
    if not isinstance(data, dict) or data.get("date", today.isoformat()) == today.isoformat():
        return False
    edited = {edit.item for edit in edits}
    answers = data.get("answers")
    return any(
        "date" not in answer if isinstance(answer, dict) else answer not in (None, NONE)
        for item, answer in (answers.items() if isinstance(answers, dict) else ())
        if item not in edited
    )


def _dated(data: Any, edits: Sequence[Edit], today: datetime.date) -> list[Edit]:
    """Return the edits, each with today's date where its answer is to have one of its own.

    That is so where others go by an earlier date of the assessment. Where it has none, evidence
    gets one, because it is worth little without the day that it was shown on; an answer alone
    only where others have theirs: whoever keeps no dates finds none in the file.
    """
    if _is_gone_by(data, edits, today):
        return [replace(edit, date=edit.date or today) for edit in edits]
    if not isinstance(data, dict) or "date" in data:
        return list(edits)
    answers = data.get("answers")
    there = answers.values() if isinstance(answers, dict) else ()
    has_dates = any(isinstance(answer, dict) and answer.get("date") for answer in there)
    return [
        replace(edit, date=edit.date or today)
        if edit.mode != NONE and (edit.add or has_dates)
        else edit
        for edit in edits
    ]


def _expected(data: Any, edits: Sequence[Edit], today: datetime.date) -> dict[str, Any]:
    """Return what the edited file has to say."""
    if not isinstance(data, dict) or not isinstance(data.get("answers"), dict | None):
        raise _TooClever
    answers = dict(data.get("answers") or {})
    for edit in edits:
        old = answers.get(edit.item)
        given = dict(old) if isinstance(old, dict) else {}
        present = given.get("evidence")
        kept = [text for text in present or [] if text in edit.add or text not in edit.remove]
        evidence = kept + [text for text in dict.fromkeys(edit.add) if text not in kept]
        if evidence or present is not None:
            given["evidence"] = evidence
        if edit.date or "date" in given:
            given["date"] = (edit.date or today).isoformat()
        if edit.note:
            given["note"] = edit.note
        is_short = not isinstance(old, dict) and not (evidence or edit.date or edit.note)
        answers[edit.item] = edit.mode if is_short else {**given, "mode": edit.mode}
    if "date" in data and not _is_gone_by(data, edits, today):
        data = {**data, "date": today.isoformat()}
    return {**data, "answers": answers}


def _with_answer(text: str, edit: Edit) -> str:
    here = ("answers", edit.item)
    answer = _part(text, here)
    if answer is None or not answer.is_mapping:
        long: dict[str, Any] = {"mode": edit.mode}
        if edit.add:
            long["evidence"] = list(dict.fromkeys(edit.add))
        is_long = edit.add or edit.date or edit.note
        return _put(text, here, long if is_long else edit.mode)
    text = _put(text, (*here, "mode"), edit.mode)
    listed = (*here, "evidence")
    present = _part(text, listed)
    if present is None:
        new = list(dict.fromkeys(edit.add))
        return _put(text, listed, new, after="mode") if new else text
    there = {part.value for part in present.parts}
    for evidence in dict.fromkeys(edit.add):
        if evidence not in there:
            text = _with_item(text, listed, evidence)
    for evidence in set(edit.remove) - set(edit.add):
        text = _without_item(text, listed, evidence)
    return text


# Parts of the text -------------------------------------------------------------------------


class _TooClever(Exception):
    """The text says it in a way (aliases, say) that cannot be changed in one place."""


@dataclass(slots=True)
class _Part:
    """A value and where its text stands. A mapping's `parts` are its keys and values in turn."""

    kind: str
    start: int
    end: int
    column: int
    value: str | None = None
    is_flow: bool = False
    parts: list[_Part] = field(default_factory=list)

    @property
    def is_mapping(self) -> bool:
        return self.kind == "MappingStart"

    @property
    def is_null(self) -> bool:
        return self.kind == "Scalar" and (self.value or "~").lower() in ("~", "null")

    def pair(self, key: str) -> tuple[_Part, _Part] | None:
        """The key and its value; of a key that stands twice the last one, as for a reader."""
        pairs = zip(self.parts[::2], self.parts[1::2], strict=True)
        return next((pair for pair in reversed(list(pairs)) if pair[0].value == key), None)


def _root(text: str) -> _Part:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    events = (e for e in yaml.parse(text, Loader=loader) if "Stream" not in type(e).__name__)
    next(events)  # document start
    return _read(next(events), events)


def _read(event: Any, events: Iterator[Any]) -> _Part:
    part = _Part(
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


def _part(text: str, path: Sequence[str]) -> _Part | None:
    """Return the value at the path of keys, or None when there is none."""
    part = _root(text)
    for key in path:
        pair = part.pair(key) if part.is_mapping else None
        if pair is None:
            return None
        part = pair[1]
    return part


# Changes -----------------------------------------------------------------------------------


def _put(text: str, path: tuple[str, ...], value: Any, after: str = "") -> str:
    """Return the text with the value at the path, which takes the place of a plain value.

    A new key comes last, or behind the key `after`.
    """
    mapping = _part(text, path[:-1])
    if mapping is None or mapping.is_null:
        return _put(text, path[:-1], {path[-1]: value})
    if not mapping.is_mapping:
        raise _TooClever
    if not mapping.parts and len(path) == 2:  # the `answers: {}` of a fresh file
        return _put(_replaced(text, mapping), path[:-1], {path[-1]: value})
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
        raise _TooClever
    if old.value == str(value):
        return text
    if mapping.is_flow or not isinstance(value, list | dict):
        block_end = re.search(r"\r?\n\Z", text[old.start : old.end])  # its last line is its own
        return _replaced(text, old, f" {_inline(value)}" + (block_end[0] if block_end else ""))
    return _insert_lines(_replaced(text, old), key.end, _lines(value, key.column + 2))


def _with_item(text: str, path: tuple[str, ...], value: str) -> str:
    items = _part(text, path)
    if items is None or items.kind != "SequenceStart":
        raise _TooClever
    if items.is_flow:
        at = items.parts[-1].end if items.parts else items.end - 1
        return f"{text[:at]}{', ' if items.parts else ''}{_inline(value)}{text[at:]}"
    return _insert_lines(text, items.end, [f"{' ' * items.column}- {_inline(value)}"])


def _without_item(text: str, path: tuple[str, ...], value: str) -> str:
    items = _part(text, path)
    if items is None or items.kind != "SequenceStart":
        raise _TooClever
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
    left = _part(text, path)
    if left is not None and left.is_null:  # the last line of a list went
        return _replaced(text, left, " []")
    return _without_item(text, path, value)


def _replaced(text: str, part: _Part, new: str = "") -> str:
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
