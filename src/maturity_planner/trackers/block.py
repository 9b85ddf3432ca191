"""Our block inside a text that people write too: whose ticket it is, our words, what we wrote last.

It lies between two HTML comments, which trackers that speak Markdown keep and do not show. What
stands before and after it is never touched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ..core.tickets import Uid, Value, digest

_BEGIN = re.compile(
    r"^<!-- mp:begin v1 uid=(\S+) h=([0-9a-f]{12}) s=([0-9a-f]{12}) (\{.*\}) -->[ \t]*$", re.M
)
_END = re.compile(r"^<!-- mp:end -->", re.M)
_ANY = re.compile(r"^<!-- mp:(?:begin|end)\b", re.M)
_CRITERIA, _LINKS = "<!-- mp:criteria -->", "<!-- mp:links -->"
_HEADING = "**Done when**"
_CRITERION = re.compile(r"[-*] \[([ xX])\] (.*)")
_UNREADABLE = (
    *(ValueError, KeyError, TypeError, AttributeError, RecursionError),
    OverflowError,  # a number as large as 1e999
)
_UID = re.compile(r"[^\s.]+\.\S+")


class Broken(Exception):
    """There is something of ours in the text, and it cannot be read."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What the first line of the block remembers.

    `base` is what we wrote last, as in `Present`. `closed` is the state in which we closed the
    ticket, empty once we opened it again; `turn` counts how often we did either. `is_new`: its
    links to other tickets may not all have been made (see the head of `github.py`). `settled`, in
    the oldest issue of a plan, is the number of the newest one whose links are known to be made.
    """

    uid: Uid
    base: Mapping[str, Value] = field(default_factory=dict)
    closed: str = ""
    turn: int = 0
    is_new: bool = False
    settled: int = 0

    def line(self) -> str:
        """Return the comment; two hyphens in a row would end it too early.

        `h` is the digest of our text, `s` that of the line itself: an identity that was damaged
        must not pass for another one.
        """
        base = dict(self.base)
        body = base.pop("body", digest(""))
        data: dict[str, Any] = {"base": base}
        more = {"closed": self.closed, "turn": self.turn, "new": self.is_new}
        more |= {"settled": self.settled}
        data |= {name: value for name, value in more.items() if value}
        text = json.dumps(data, separators=(",", ":")).replace("--", "-\\u002d")
        total = digest((self.uid, str(body), text))
        return f"<!-- mp:begin v1 uid={self.uid} h={body} s={total} {text} -->"


@dataclass(frozen=True, slots=True)
class Block:
    """A text taken apart; `links` are lines that stand in for what a server cannot link."""

    mark: Mark
    body: str = ""
    criteria: tuple[tuple[str, bool], ...] = ()
    links: tuple[str, ...] = ()
    before: str = ""
    after: str = ""

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the text taken apart, or None when nothing in it is ours.

        Raises:
            Broken: a line of ours is damaged, missing or there twice.
        """
        if not _ANY.search(text):
            return None
        # A browser sends lines that end in CR LF. What is not ours keeps them.
        begins = list(_BEGIN.finditer(text.replace("\r\n", " \n")))
        ends = list(_END.finditer(text.replace("\r\n", " \n")))
        if len(begins) != 1 or len(ends) != 1 or ends[0].start() < begins[0].end():
            raise Broken("its first or last line is damaged, missing or there twice")
        first, last = begins[0], ends[0]
        inside = text[first.end() : last.start()].replace("\r\n", "\n")
        whole, _, links = inside.partition(f"\n{_LINKS}")
        body, _, criteria = whole.partition(f"\n{_CRITERIA}")
        return cls(
            _mark(first),
            body.strip("\n"),
            tuple(_criteria(criteria)),
            tuple(line for line in links.split("\n") if line.strip()),
            text[: first.start()],
            text[last.start() + len("<!-- mp:end -->") :],
        )

    def text(self) -> str:
        """Return the whole text."""
        parts = [self.mark.line(), self.body]
        if self.criteria:
            lines = [f"- [{'x' if ticked else ' '}] {text}" for text, ticked in self.criteria]
            parts += ["", _CRITERIA, _HEADING, "", *lines]
        if self.links:
            parts += ["", _LINKS, *self.links]
        return self.before + "\n".join([*parts, "<!-- mp:end -->"]) + self.after

    def with_criteria(self, wanted: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
        """Return new criteria; one that was ticked before stays ticked."""
        ticked = {text for text, is_ticked in self.criteria if is_ticked}
        return tuple((text, text in ticked) for text in wanted)


def _criteria(text: str) -> list[tuple[str, bool]]:
    """Return the criteria; other lines that people wrote between them count too, and stay."""
    lines = [line for line in text.split("\n") if line.strip()]
    if lines and lines[0] == _HEADING:
        del lines[0]
    found = [(_CRITERION.fullmatch(line), line) for line in lines]
    return [(m[2], m[1] != " ") if m else (line, False) for m, line in found]


def _mark(begin: re.Match[str]) -> Mark:
    try:
        if digest((begin[1], begin[2], begin[4])) != begin[3]:
            raise ValueError("changed")
        data = json.loads(begin[4])
        base: dict[str, Value] = {
            str(name): tuple(map(str, value)) if isinstance(value, list) else str(value)
            for name, value in data["base"].items()
        }
        if not _UID.fullmatch(begin[1]):
            raise ValueError("no plan")
        return Mark(
            Uid(begin[1]),
            base | {"body": begin[2]},
            str(data.get("closed") or ""),
            int(data.get("turn") or 0),
            bool(data.get("new")),
            int(data.get("settled") or 0),
        )
    except _UNREADABLE as error:
        raise Broken("its first line was changed and cannot be read") from error
