"""A roadmap for calendars: iCalendar (RFC 5545), an event of whole days for each upgrade."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from .. import __version__
from ..core.backlog import ticket_uid
from ..core.roadmap import Placed
from . import Subject, one_line

MOST_OCTETS = 75


def calendar_file(subject: Subject, now: datetime) -> str:
    """Return the roadmap as a calendar; made again, its events replace those of the same upgrades.

    `now`, in UTC, is when it is made.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//maturity-planner//{__version__}//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escaped(subject.system)}",
    ]
    for placed in subject.roadmap.activities:
        lines += _event(subject, placed, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(subject: Subject, placed: Placed, now: datetime) -> Iterator[str]:
    upgrade = placed.activity.upgrade
    people = ", ".join(f"{n} {role}" for role, n in placed.activity.people.items())
    sprint = placed.sprint.replace("-", " ").capitalize()
    yield "BEGIN:VEVENT"
    yield f"UID:{ticket_uid(subject.plan, upgrade)}@maturity-planner"
    yield f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{_day(placed.start)}"
    yield f"DTEND;VALUE=DATE:{_day(placed.end + timedelta(1))}"  # the day after the last one
    yield f"SUMMARY:{escaped(subject.title(placed))}"
    about = f"{upgrade.ref}\n{people or 'one person of any role'}\n{sprint}"
    yield f"DESCRIPTION:{escaped(about)}"
    yield f"CATEGORIES:{escaped(subject.rubric.section_titles[upgrade.item.section])}"
    yield "TRANSP:TRANSPARENT"  # who works on it is not away
    yield "END:VEVENT"


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def escaped(text: str) -> str:
    r"""Return a text value (RFC 5545, 3.3.11).

    >>> escaped("a; b, c\\d\ne")
    'a\\; b\\, c\\\\d\\ne'
    """
    lines = [one_line(line) for line in text.split("\n")]
    signs = {"\\": "\\\\", ";": "\\;", ",": "\\,"}
    return "\\n".join("".join(signs.get(c, c) for c in line) for line in lines)


def folded(line: str) -> Iterator[str]:
    """Yield a line in parts of at most 75 octets, no character cut (RFC 5545, 3.1).

    >>> [len(part.encode()) for part in folded("é" * 50)]
    [74, 27]
    """
    part = ""
    for char in line:
        if len((part + char).encode()) > MOST_OCTETS:
            yield part
            part = " "
        part += char
    yield part
