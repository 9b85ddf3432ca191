"""A Gantt chart for Markdown, which GitHub, GitLab and many wikis draw.

Mermaid ends a name at a colon, a hash, a semicolon or the end of the line, takes some first words
for commands, and puts the rest into HTML. So all but letters, digits and a few signs become
Mermaid's own entities (`#58;`), and a name that starts like a command starts with one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from ..core.roadmap import Placed
from . import Subject, one_line

_PLAIN = frozenset(" .,()/_-+@")
_COMMAND = re.compile(
    r"accdescr|acctitle|axisformat|call|click|dateformat|excludes|gantt|href|includes|"
    r"inclusiveenddates|section|tickinterval|title|todaymarker|topaxis|vert|weekday|weekend|"
    r"[^a-z]",
    re.IGNORECASE,
)


def mermaid_gantt(subject: Subject) -> str:
    """Return the roadmap as a code block: a section of the chart is one of the rubric.

    An end in Mermaid is the day after the last one.
    """
    return "\n".join(["```mermaid", *_lines(subject), "```", ""])


def _lines(subject: Subject) -> Iterator[str]:
    roadmap = subject.roadmap
    last = roadmap.last_day or roadmap.window.start
    free = sorted(day for day in roadmap.team.holidays if roadmap.window.start <= day <= last)
    yield "gantt"
    yield f"    title {escaped(subject.system)}"
    yield "    dateFormat YYYY-MM-DD"
    yield f"    excludes {', '.join(['weekends', *(day.isoformat() for day in free)])}"
    for section in subject.rubric.sections:
        mine = [p for p in roadmap.activities if p.activity.upgrade.item.section == section.id]
        if mine:
            yield f"    section {escaped(one_line(section.title))}"
            yield from (f"    {_task(subject, placed)}" for placed in mine)
    if roadmap.window.end:
        yield f"    End :milestone, {roadmap.window.end + timedelta(1)}, 0d"


def _task(subject: Subject, placed: Placed) -> str:
    after = placed.end + timedelta(1)
    return f"{escaped(subject.title(placed))} :{placed.start}, {after}"


def escaped(text: str) -> str:
    """Return the text so that Mermaid takes it for a name and nothing else.

    >>> escaped("click: <b>"), escaped("Déjà vu")
    ('#99;lick#58; #60;b#62;', 'Déjà vu')
    """
    line = one_line(text)
    shown = [c if c.isalnum() or c in _PLAIN else f"#{ord(c)};" for c in line]
    if _COMMAND.match(line):
        shown[0] = f"#{ord(line[0])};"
    return "".join(shown)
