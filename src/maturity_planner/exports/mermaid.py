"""A Gantt chart and a graph for Markdown, which GitHub, GitLab and many wikis draw.

Mermaid ends a name at a colon, a hash, a semicolon or the end of the line, takes some first words
for commands, and puts the rest into HTML. So all but letters, digits and a few signs become
Mermaid's own entities (`#58;`), and a name that starts like a command starts with one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from . import Subject, one_line

_PLAIN = frozenset(" .,()/_-+@")
_COMMAND = re.compile(
    r"accdescr|acctitle|axisformat|call|click|dateformat|excludes|gantt|href|includes|"
    r"inclusiveenddates|section|tickinterval|title|todaymarker|topaxis|vert|weekday|weekend|"
    r"[^a-z]",
    re.IGNORECASE,
)


class Bar(NamedTuple):
    """A bar of the chart, from its first to its last day."""

    name: str
    start: date
    end: date


def mermaid_gantt(subject: Subject) -> str:
    """Return the roadmap as a code block: a section of the chart is one of the rubric."""
    roadmap = subject.roadmap
    last = roadmap.last_day or roadmap.window.start
    free = [day for day in roadmap.team.holidays if roadmap.window.start <= day <= last]
    sections = {
        section.title: [
            Bar(subject.title(placed), placed.start, placed.end)
            for placed in roadmap.activities
            if placed.activity.upgrade.item.section == section.id
        ]
        for section in subject.rubric.sections
    }
    return gantt_block(subject.system, sections, end=roadmap.window.end, free=sorted(free))


def gantt_block(
    title: str,
    sections: Mapping[str, Sequence[Bar]],
    *,
    end: date | None = None,
    free: Iterable[date] = (),
) -> str:
    """Return a chart as a code block; `end` is the day that was asked for, `free` are holidays.

    An end in Mermaid is the day after the last one.
    """
    return "\n".join(["```mermaid", *_lines(title, sections, end, free), "```", ""])


def _lines(
    title: str, sections: Mapping[str, Sequence[Bar]], end: date | None, free: Iterable[date]
) -> Iterator[str]:
    yield "gantt"
    yield f"    title {escaped(title)}"
    yield "    dateFormat YYYY-MM-DD"
    yield f"    excludes {', '.join(['weekends', *(day.isoformat() for day in free)])}"
    for section, bars in sections.items():
        if bars:
            yield f"    section {escaped(section)}"
        for bar in bars:
            yield f"    {escaped(bar.name)} :{bar.start}, {bar.end + timedelta(1)}"
    if end:
        yield f"    End :milestone, {end + timedelta(1)}, 0d"


def graph_block(
    nodes: Sequence[tuple[str, str, bool]], edges: Iterable[tuple[str, str, bool]]
) -> str:
    """Return a graph as a code block.

    A node is its id, its title, and whether it stands out; an edge is what is needed, who needs it,
    and whether it must be.
    """
    # Ids of ours may be words of Mermaid's, so numbers name the nodes.
    number = {name: f"n{n}" for n, (name, _, _) in enumerate(nodes)}
    lines = ["```mermaid", "flowchart LR", "    classDef planned stroke-width:3px"]
    for name, title, is_planned in nodes:
        label = escaped(title) or "#32;"
        lines.append(f'    {number[name]}["{label}"]{":::planned" if is_planned else ""}')
    for giver, taker, must in edges:
        lines.append(f"    {number[giver]} {'-->' if must else '-.->'} {number[taker]}")
    return "\n".join([*lines, "```", ""])


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
