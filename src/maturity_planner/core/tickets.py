"""Epics and tickets as data: what we want a tracker to hold, and what it holds.

Everything that a tracker module knows of the program is in here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NewType

Uid = NewType("Uid", str)
"""Our identity of a ticket, kept inside it: PLAN.SECTION or PLAN.ITEM.MODE."""

Value = str | tuple[str, ...]
"""A field's value: a text, or a sequence of texts."""

SETS = ("labels", "needs")
"""Fields that people and we add to and take from singly; all others are replaced as a whole."""


class Kind(StrEnum):
    """An epic groups the tickets of a section."""

    EPIC = "epic"
    TICKET = "ticket"


class State(StrEnum):
    """Where a ticket stands. `not_done`: closed without the work being done."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    NOT_DONE = "not_done"

    @property
    def is_closed(self) -> bool:
        """Whether nobody is meant to work on it any more."""
        return self in (State.DONE, State.NOT_DONE)


@dataclass(frozen=True, slots=True)
class Milestone:
    """A part of a roadmap as trackers know it: a milestone, a version or a sprint."""

    name: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Ticket:
    """An epic or ticket as we want it. `rank` orders work on a board, from 1.

    `effort_days`: what is expected in person-days; a first estimate, which people change.
    `is_settled`: the assessment says already what the ticket would bring about. `milestone`,
    `start` and `due` (both days included) come from the roadmap; None where there is none.
    """

    uid: Uid
    kind: Kind
    title: str
    body: str
    acceptance: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    priority: str = ""
    epic: Uid | None = None
    needs: tuple[Uid, ...] = ()
    rank: int = 0
    effort_days: Fraction = Fraction(0)
    is_settled: bool = False
    milestone: Milestone | None = None
    start: date | None = None
    due: date | None = None

    def fields(self) -> dict[str, Value]:
        """The fields that are compared with the tracker's; `epic` and `needs` hold uids.

        Of time only what the roadmap says: without one it is for people alone.
        """
        fields: dict[str, Value] = {
            "title": self.title,
            "body": self.body,
            "acceptance": self.acceptance,
            "labels": self.labels,
            "priority": self.priority,
            "epic": self.epic or "",
            "needs": self.needs,
        }
        if self.milestone:
            fields["milestone"] = self.milestone.name
        times = {"start": self.start, "due": self.due}
        return fields | {name: day.isoformat() for name, day in times.items() if day}


@dataclass(frozen=True, slots=True)
class Present:
    """A ticket of ours as the tracker holds it.

    `remote` is the tracker's own name for it, `reference` what a person would write to name it.
    `base` tells what we wrote last: `digest` of a text, the elements of a set. A field without
    an entry in `base` was never written by us. `is_closed_by_us` says that closing it was our
    last word on it, and that nobody has closed it in another way since; `is_reopened` that a
    person has opened it.
    """

    uid: Uid
    kind: Kind
    remote: str
    reference: str
    title: str
    state: State
    fields: Mapping[str, Value]
    base: Mapping[str, Value] = field(default_factory=dict)
    is_closed_by_us: bool = False
    is_reopened: bool = False
    closed_on: date | None = None


def digest(value: Value) -> str:
    r"""Return 12 hex digits that change when the value does, blank space at line ends aside.

    >>> digest("a  \n\n\nb") == digest("a\n\nb\n")
    True
    """
    lines = (value if isinstance(value, str) else "\n".join(value)).strip().splitlines()
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


Digest = Callable[[Value], str]
"""What tells two values apart; a tracker that rewrites texts has one of its own."""


def base_of(fields: Mapping[str, Value], digest: Digest = digest) -> dict[str, Value]:
    """Return what to remember of fields that we are about to write."""
    return {name: value if name in SETS else digest(value) for name, value in fields.items()}
