"""One ticket file in the format of Backlog.md: read, changed line by line, written back.

Measured on the client's version 1.52.0: it drops front matter that it does not know, moves
sections about and collapses blank lines, but keeps HTML comments. So our identity is a comment
on the last line, and our text lies between two comments inside the description.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..core.tickets import Value
from ..documents import Unreadable, dump_yaml, parse_yaml
from ..errors import Fault

BEGIN, END = "<!-- mp:begin -->", "<!-- mp:end -->"
_IDENTITY = re.compile(r"^<!-- mp (\{.*\}) -->[ \t]*$", re.MULTILINE)
_BLOCK = re.compile(re.escape(BEGIN) + r"\n(.*?)\n?" + re.escape(END), re.DOTALL)
_CRITERIA = re.compile(r"<!-- AC:BEGIN -->\n(.*?)<!-- AC:END -->", re.DOTALL)
_CRITERION = re.compile(r"^- \[([ x])\] (?:#\d+ )?(.*)$", re.MULTILINE)
_CONFLICT = re.compile(r"^(<{7} |={7}$|>{7} )", re.MULTILINE)


class Broken(Exception):
    """The file cannot be used as a ticket; carries the fault."""

    def __init__(self, message: str, fix: str, line: int = 1, column: int = 1) -> None:
        """Keep the fault for the caller, who knows the file's name."""
        super().__init__(message)
        self.fault = Fault(message, fix, line=line, column=column)


@dataclass(frozen=True, slots=True)
class Identity:
    """What the last line remembers: whose ticket it is and what we last wrote."""

    uid: str
    base: Mapping[str, Value] = field(default_factory=dict)
    is_closed: bool = False

    def line(self) -> str:
        """Return the comment; two hyphens in a row would end it too early."""
        data: dict[str, Any] = {"uid": self.uid, "base": self.base}
        if self.is_closed:
            data["closed"] = True
        return f"<!-- mp {json.dumps(data).replace('--', '-' + chr(92) + 'u002d')} -->"


def mentions(text: str, plan: str) -> bool:
    """Return whether the text holds an identity of the plan, even if the rest is broken."""
    return f'<!-- mp {{"uid": "{plan}.' in text


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
        base = {k: tuple(v) if isinstance(v, list) else str(v) for k, v in data["base"].items()}
        return Identity(str(data["uid"]), base, bool(data.get("closed")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
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
        self._eol = "\r\n" if "\r\n" in text else "\n"
        text = text.replace("\r\n", "\n")
        if conflict := _CONFLICT.search(text):
            raise Broken(
                "this file has a merge conflict",
                "Resolve it (between <<<<<<< and >>>>>>>), then run this again.",
                text.count("\n", 0, conflict.start()) + 1,
            )
        found = re.match(r"---[ \t]*\n(.*?\n)---[ \t]*(?:\n|$)", text, re.DOTALL)
        if not found:
            raise Broken("this ticket has no front matter", "Restore the lines between --- and ---.")
        self._front, self._body = found[1], text[found.end() :]
        self.identity = find_identity(self._body)
        self.data = self._parse()

    def _parse(self) -> dict[str, Any]:
        try:
            document = parse_yaml(self._front)
        except Unreadable as stop:
            fault = stop.fault
            raise Broken(fault.message, fault.fix, fault.line + 1, fault.column) from stop
        if document.faults:
            fault = document.faults[0]
            raise Broken(fault.message, fault.fix, fault.line + 1, fault.column)
        if not isinstance(document.data, dict):
            raise Broken("the front matter holds no keys", "Restore it from the file's history.", 2)
        return document.data

    def text(self) -> str:
        """Return the whole file."""
        whole = f"---\n{self._front}---\n{self._body}"
        return whole.replace("\n", self._eol) if self._eol != "\n" else whole

    # Reading ---------------------------------------------------------------------------

    def word(self, key: str) -> str:
        """Return a text of the front matter; empty where there is none."""
        value = self.data.get(key)
        return "" if value is None or isinstance(value, (list, dict)) else str(value)

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of the front matter; the client ignores anything but a list."""
        value = self.data.get(key)
        return tuple(str(part) for part in value) if isinstance(value, list) else ()

    def block(self) -> str:
        """Return our text in the description; empty when a person has replaced it."""
        found = _BLOCK.search(self._body)
        return found[1] if found else ""

    def criteria(self) -> dict[str, bool]:
        """Return the acceptance criteria and whether each is ticked."""
        found = _CRITERIA.search(self._body)
        return {text: tick == "x" for tick, text in _CRITERION.findall(found[1] if found else "")}

    # Writing ---------------------------------------------------------------------------

    def set_key(self, key: str, value: Value) -> None:
        """Give a key of the front matter a new value; every other line stays as it is."""
        given = list(value) if isinstance(value, tuple) else value
        lines = self._front.splitlines(keepends=True)
        start = next((n for n, line in enumerate(lines) if line.startswith(f"{key}:")), len(lines))
        end = start + 1
        while end < len(lines) and (lines[end][0] in " \t-" or not lines[end].strip()):
            end += 1
        lines[start:end] = [dump_yaml({key: given})]
        self._front = "".join(lines)
        self.data = self._parse()

    def set_block(self, text: str) -> None:
        """Replace our text in the description."""
        self._body = _BLOCK.sub(lambda _: f"{BEGIN}\n{text}\n{END}", self._body, count=1)

    def set_criteria(self, criteria: tuple[str, ...]) -> None:
        """Replace the acceptance criteria; one that was ticked before stays ticked."""
        lines = criteria_lines(criteria, self.criteria())
        section = f"<!-- AC:BEGIN -->\n{lines}<!-- AC:END -->"
        self._body = _CRITERIA.sub(lambda _: section, self._body, count=1)

    def set_identity(self, identity: Identity) -> None:
        """Replace the last line's identity."""
        found = list(_IDENTITY.finditer(self._body))[-1]
        self._body = self._body[: found.start()] + identity.line() + self._body[found.end() :]
        self.identity = identity

    def add_comment(self, comment: str, when: str) -> None:
        """Add a comment in the client's own form."""
        entry = f"author: maturity-planner\ncreated: {when}\n---\n{comment}\n---\n"
        end = "<!-- COMMENTS:END -->"
        if end in self._body:
            self._body = self._body.replace(end, f"\n{entry}{end}", 1)
            return
        section = f"## Comments\n\n<!-- COMMENTS:BEGIN -->\n{entry}{end}\n\n"
        at = list(_IDENTITY.finditer(self._body))[-1].start()
        self._body = self._body[:at] + section + self._body[at:]


def criteria_lines(criteria: tuple[str, ...], ticked: Mapping[str, bool]) -> str:
    """Return the lines of the acceptance section."""
    return "".join(
        f"- [{'x' if ticked.get(text) else ' '}] #{n} {text}\n" for n, text in enumerate(criteria, 1)
    )


def new_task(front: Mapping[str, Any], body: str, criteria: tuple[str, ...], uid: Identity) -> str:
    """Return the text of a new ticket file, laid out as the client does."""
    acceptance = (
        f"## Acceptance Criteria\n<!-- AC:BEGIN -->\n{criteria_lines(criteria, {})}<!-- AC:END -->\n\n"
        if criteria
        else ""
    )
    return (
        f"---\n{dump_yaml(dict(front))}---\n\n"
        "## Description\n\n"
        f"<!-- SECTION:DESCRIPTION:BEGIN -->\n{BEGIN}\n{body}\n{END}\n<!-- SECTION:DESCRIPTION:END -->\n\n"
        f"{acceptance}{uid.line()}\n"
    )
