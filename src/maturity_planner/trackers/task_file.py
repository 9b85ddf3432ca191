"""One ticket file in the format of Backlog.md: read, changed line by line, written back.

Measured on the client's version 1.52.0: it drops front matter that it does not know, moves
sections about and collapses blank lines, but keeps HTML comments. So our identity is a comment
on the last line, and our text lies between two comments inside the description.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..core.tickets import Value
from ..documents import Unreadable, dump_yaml, parse_yaml
from ..errors import Fault

BEGIN, END = "<!-- mp:begin -->", "<!-- mp:end -->"
_IDENTITY = re.compile(r"^[ \t]*<!-- mp (\{.*\}) -->[ \t]*$", re.MULTILINE)
_MARK = re.compile(rf"^(?:{re.escape(BEGIN)}\r?$|<!-- mp \{{)", re.MULTILINE)
_UID = re.compile(r"[^\s.]+\.\S+")
_ID = re.compile(r"^id:[ \t]*['\"]?([A-Za-z]+-[0-9.]+)", re.MULTILINE)
_BLOCK = (f"{BEGIN}\n", END)
_CRITERIA = ("<!-- AC:BEGIN -->\n", "<!-- AC:END -->")
_CRITERION = re.compile(r"- \[([ xX])\] (?:#\d+ )?(.*)")
_DESCRIPTION_END = "<!-- SECTION:DESCRIPTION:END -->"
_COMMENTS_END = "<!-- COMMENTS:END -->"
# A line of seven = alone also underlines a heading, so it is no sign of a conflict.
_CONFLICT = re.compile(r"^(<{7}|>{7})(?: |$)", re.MULTILINE)


class Broken(Exception):
    """The file cannot be used as a ticket; carries the fault."""

    def __init__(self, message: str, fix: str, line: int = 1, column: int = 1) -> None:
        """Keep the fault for the caller, who knows the file's name."""
        super().__init__(message)
        self.fault = Fault(message, fix, line=line, column=column)


@dataclass(frozen=True, slots=True)
class Identity:
    """What the last line remembers: whose ticket it is and what we last wrote.

    `closed` is the state in which we closed the ticket; empty once we opened it again.
    """

    uid: str
    base: Mapping[str, Value] = field(default_factory=dict)
    closed: str = ""

    def line(self) -> str:
        """Return the comment; two hyphens in a row would end it too early."""
        data: dict[str, Any] = {"uid": self.uid, "base": self.base}
        if self.closed:
            data["closed"] = self.closed
        return f"<!-- mp {json.dumps(data).replace('--', '-' + chr(92) + 'u002d')} -->"


def line_of_identity(text: str, plan: str) -> int:
    """Return the line that holds an identity of the plan, even if the rest is broken, or 0."""
    at = text.rfind(f'<!-- mp {{"uid": "{plan}.')
    return text.count("\n", 0, at) + 1 if at >= 0 else 0


def check_lost_identity(text: str) -> None:
    """Refuse a file that shows our marks without the identity of any plan.

    Raises:
        Broken: this was a ticket of ours, and nobody can tell which one.
    """
    marks = list(_MARK.finditer(text))
    if not marks:
        return
    try:
        identity = find_identity(text.replace("\r\n", "\n"))
    except Broken:
        identity = None
    if identity is None:
        raise Broken(
            "our line with the ticket's identity is missing or damaged",
            "Restore the last line from the file's history.",
            text.count("\n", 0, marks[-1].start()) + 1,
        )


def id_in(text: str) -> str:
    """Return the ticket's name in capitals, also of a file that is not ours; empty without one."""
    found = _ID.search(text)
    return found[1].upper() if found else ""


def find_identity(text: str) -> Identity | None:
    """Return the identity on the last such line, or None.

    Raises:
        Broken: the line is there and cannot be read.
    """
    found = list(_IDENTITY.finditer(text))
    if not found:
        return None
    line = text.count("\n", 0, found[-1].start()) + 1
    try:
        data = json.loads(found[-1][1])
        if not _UID.fullmatch(data["uid"]):
            raise ValueError("no plan")
        base = {
            name: tuple(map(str, value)) if isinstance(value, list) else str(value)
            for name, value in data["base"].items()
        }
        return Identity(data["uid"], base, str(data.get("closed") or ""))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Broken(
            "our line with the ticket's identity was changed and cannot be read",
            "Restore this line from the file's history.",
            line,
        ) from error


class TaskFile:
    """The text of a ticket file and the edits that we make in it."""

    def __init__(self, text: str) -> None:
        """Take the text apart.

        Raises:
            Broken: merge conflict, no front matter, or front matter that is not YAML.
        """
        self._source, self._eol = text, "\r\n" if "\r\n" in text else "\n"
        text = text.replace("\r\n", "\n")
        if conflict := _CONFLICT.search(text):
            raise Broken(
                "this file has a merge conflict",
                "Resolve it (between <<<<<<< and >>>>>>>), then run this again.",
                text.count("\n", 0, conflict.start()) + 1,
            )
        found = re.match(r"---[ \t]*\n(.*?\n)---[ \t]*(?:\n|$)", text, re.DOTALL)
        if not found:
            raise Broken(
                "this ticket has no front matter", "Restore the lines between --- and ---."
            )
        self._front, self._body = found[1], text[found.end() :]
        self.identity = find_identity(text)
        self.data = self._parse()

    def _parse(self) -> dict[str, Any]:
        try:
            document = parse_yaml(f"\n{self._front}")  # its lines are numbered as in the file
        except Unreadable as stop:
            fault = stop.fault
            raise Broken(fault.message, fault.fix, fault.line, fault.column) from stop
        if document.faults:
            fault = document.faults[0]
            raise Broken(fault.message, fault.fix, fault.line, fault.column)
        if not isinstance(document.data, dict):
            raise Broken("the front matter holds no keys", "Restore it from the file's history.", 2)
        return document.data

    def text(self) -> str:
        """Return the whole file."""
        whole = f"---\n{self._front}---\n{self._body}"
        if self._eol == "\n":
            return whole
        if self._source.count("\n") == self._source.count("\r\n"):
            return whole.replace("\n", "\r\n")
        return _ended_as(self._source, whole)

    # Reading ---------------------------------------------------------------------------

    def word(self, key: str) -> str:
        """Return a text of the front matter; empty where there is none."""
        value = self.data.get(key)
        return "" if isinstance(value, (list, dict)) else _plain(value)

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of the front matter; a text alone, as people write it, is one element."""
        value = self.data.get(key)
        parts = value if isinstance(value, list) else [value]
        return tuple(_plain(part) for part in parts if part is not None and part != "")

    def is_begun(self) -> bool:
        """Whether somebody is assigned, or a criterion is ticked."""
        return bool(self.words("assignee")) or any(ticked for _, ticked in self.criteria())

    def block(self) -> str:
        """Return our text in the description; empty when a person has replaced it."""
        return (_between(self._body, *_BLOCK) or "").removesuffix("\n")

    def criteria(self) -> list[tuple[str, bool]]:
        """Return the acceptance criteria, each with whether it is ticked.

        Lines of another kind that people wrote between them count as criteria too: so they are
        seen as an edit, and never lost.
        """
        criteria = []
        for line in (_between(self._body, *_CRITERIA) or "").split("\n"):
            if match := _CRITERION.fullmatch(line):
                criteria.append((match[2], match[1] != " "))
            elif line.strip():
                criteria.append((line, False))
        return criteria

    # Writing ---------------------------------------------------------------------------

    def set_key(self, key: str, value: Value) -> None:
        """Give a key of the front matter a new value; every other line stays as it is.

        Raises:
            Broken: the front matter is written in a way that this cannot change safely.
        """
        given = list(value) if isinstance(value, tuple) else value
        before, wanted = self._front, {**self.data, key: given}
        lines = before.split("\n")[:-1]
        start = next((n for n, line in enumerate(lines) if line.startswith(f"{key}:")), len(lines))
        place = start + 2 if start < len(lines) else 1
        end = after = start + 1
        while after < len(lines) and lines[after][:1] in ("", " ", "\t", "-"):
            after += 1
            end = after if lines[after - 1].strip() else end  # blank lines at the end stay
        lines[start:end] = [dump_yaml({key: given}).removesuffix("\n")]
        self._front = "\n".join(lines) + "\n"
        try:
            self.data = self._parse()
        except Broken:
            self.data = {}
        if self.data != wanted:
            self._front = before
            raise Broken(
                f"the front matter is written so that {key} cannot be changed safely",
                f"Write {key} as `{key}: value` on a line of its own.",
                place,
            )

    def set_block(self, text: str) -> None:
        """Replace our text in the description."""
        if (old := _between(self._body, *_BLOCK)) is not None:
            self._body = self._body.replace(old.join(_BLOCK), f"{BEGIN}\n{text}\n{END}", 1)

    def set_criteria(self, criteria: tuple[str, ...]) -> None:
        """Replace the acceptance criteria; one that was ticked before stays ticked."""
        ticked = {text for text, is_ticked in self.criteria() if is_ticked}
        section = _acceptance(criteria, ticked)
        if (old := _between(self._body, *_CRITERIA)) is not None:
            self._body = self._body.replace(old.join(_CRITERIA), section, 1)
            return
        whole = f"## Acceptance Criteria\n{section}\n\n"
        if _DESCRIPTION_END in self._body:
            head, end, tail = self._body.partition(_DESCRIPTION_END)
            self._body = f"{head}{end}\n\n{whole}{tail.lstrip(chr(10))}"
        else:
            self._insert(whole)

    def set_identity(self, identity: Identity) -> None:
        """Replace the last line's identity."""
        found = list(_IDENTITY.finditer(self._body))[-1]
        self._body = self._body[: found.start()] + identity.line() + self._body[found.end() :]
        self.identity = identity

    def add_comment(self, comment: str, when: str) -> None:
        """Add a comment in the client's own form."""
        entry = f"author: maturity-planner\ncreated: {when}\n---\n{comment}\n---\n"
        head, end, tail = self._body.rpartition(_COMMENTS_END)
        if end:
            self._body = f"{head}\n{entry}{end}{tail}"
        else:
            self._insert(f"## Comments\n\n<!-- COMMENTS:BEGIN -->\n{entry}{_COMMENTS_END}\n\n")

    def _insert(self, section: str) -> None:
        """Put a section before the last line's identity."""
        at = list(_IDENTITY.finditer(self._body))[-1].start()
        self._body = self._body[:at] + section + self._body[at:]


def _between(text: str, begin: str, end: str) -> str | None:
    """Return what stands between two marks; None without them.

    A pattern would look for the end anew from each beginning.
    """
    _, begun, rest = text.partition(begin)
    inside, ended, _ = rest.partition(end)
    return inside if begun and ended else None


def _ended_as(source: str, text: str) -> str:
    """Return the text with the line ends of the source, which has both kinds, where it can."""
    from difflib import SequenceMatcher  # hardly any file is of that kind

    old = source.split("\n")
    bare, new = [line.removesuffix("\r") for line in old], text.split("\n")
    ended = [f"{line}\r" for line in new[:-1]] + new[-1:]
    for start, at, size in SequenceMatcher(None, bare, new).get_matching_blocks():
        ended[at : at + size] = old[start : start + size]
    return "\n".join(ended)


def _plain(value: Any) -> str:
    """Return a value of the front matter as it was written."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _acceptance(criteria: tuple[str, ...], ticked: Container[str] = ()) -> str:
    lines = [
        f"- [{'x' if text in ticked else ' '}] #{n} {text}\n" for n, text in enumerate(criteria, 1)
    ]
    return f"<!-- AC:BEGIN -->\n{''.join(lines)}<!-- AC:END -->"


def new_task(front: Mapping[str, Any], body: str, criteria: tuple[str, ...], uid: Identity) -> str:
    """Return the text of a new ticket file, laid out as the client does."""
    acceptance = f"## Acceptance Criteria\n{_acceptance(criteria)}\n\n" if criteria else ""
    return (
        f"---\n{dump_yaml(dict(front))}---\n\n"
        "## Description\n\n"
        f"<!-- SECTION:DESCRIPTION:BEGIN -->\n{BEGIN}\n{body}\n{END}\n{_DESCRIPTION_END}\n\n"
        f"{acceptance}{uid.line()}\n"
    )
