"""A Gantt chart in plain characters: a row an activity, a cell one or more working days."""

from __future__ import annotations

from collections.abc import Callable

import click

from ..core.quantity import shown
from ..core.roadmap import Placed, Roadmap
from . import output

FEWEST_CELLS = 24
MOST_NAME = 40
"""Characters of a name; half of the width on a narrow terminal."""
_BEFORE = "  "


def gantt(roadmap: Roadmap, width: int) -> list[str]:
    """Return the chart, in the order of starts, with a head and the meaning of its signs.

    Columns are left out, the last ones first, until the bars have room. A cell in which an
    activity is worked on at all is filled, so that none is without a bar.
    """
    placed = sorted(roadmap.activities, key=lambda one: one.start_day)
    columns: list[tuple[str, Callable[[Placed], str]]] = [
        ("Upgrade", lambda one: _short(str(one.ref), min(MOST_NAME, width // 2))),
        ("First day", lambda one: one.start.isoformat()),
        ("Last day", lambda one: one.end.isoformat()),
        ("Who", who),
    ]
    while True:
        heads = [head for head, _ in columns]
        table = output.table([[cell(one) for _, cell in columns] for one in placed], heads)
        taken = max(output.width(click.unstyle(line)) for line in table)
        cells = width - taken - len(_BEFORE) - 2
        if cells >= FEWEST_CELLS or len(columns) == 1:
            break
        columns.pop()
    scale = _Scale(roadmap, max(cells, 1))
    head, *lines = table
    rows = [_BEFORE + _padded(head, taken) + "  " + scale.head()]
    rows += [
        _BEFORE + _padded(line, taken) + "  " + scale.row(one)
        for line, one in zip(lines, placed, strict=True)
    ]
    return [*rows, output.wrap(scale.meaning())]


def who(placed: Placed) -> str:
    """Return the people of an activity, like "2 ml-engineer, data-engineer"."""
    people = placed.activity.people.items()
    return ", ".join(role if n == 1 else f"{n} {role}" for role, n in people) or "anybody"


class _Scale:
    """Working days as cells of equal length: one day each where there is room."""

    def __init__(self, roadmap: Roadmap, room: int) -> None:
        calendar, until = roadmap.calendar, roadmap.window.end
        self._until = None if until is None else calendar.days_until(until)
        last = roadmap.last_day or roadmap.window.start
        there = [sprint.end for sprint in roadmap.sprints if sprint.end >= last]
        self._span = max(calendar.days_until(min(there)), 1) if there else 1
        self._days = -(-self._span // room)
        self._cells = -(-self._span // self._days)
        self._borders = {
            calendar.number(sprint.start) // self._days: number
            for number, sprint in reversed(list(enumerate(roadmap.sprints, start=1)))
        }
        self._is_late = self._until is not None and self._until < roadmap.makespan

    def head(self) -> str:
        """Return the sprints' numbers above their first cells, as far as they have room."""
        line = ""
        for cell in sorted(self._borders):
            if cell < self._cells and (not line or cell > len(line)):
                line = line.ljust(cell) + str(self._borders[cell])
        return line

    def row(self, placed: Placed) -> str:
        """Return the bar of an activity."""
        return "".join(self._sign(cell, placed) for cell in range(self._cells))

    def _sign(self, cell: int, placed: Placed) -> str:
        first, after = cell * self._days, (cell + 1) * self._days
        if max(first, placed.start_day) < min(after, placed.end_day):
            is_late = self._until is not None and min(after, placed.end_day) > self._until
            return "!" if is_late else "#"
        return "|" if cell in self._borders else "."

    def meaning(self) -> str:
        """Return what the signs stand for."""
        one = "a working day" if self._days == 1 else f"{self._days} working days"
        late = ", ! work after the end" if self._is_late else ""
        return f"A sign is {one}: # work{late}, | a sprint begins. The numbers are sprints."


def sprint_lines(roadmap: Roadmap) -> list[str]:
    """Return a table of the sprints in which somebody works: person-days used and there."""
    rows = []
    busy = max((n for n, sprint in enumerate(roadmap.sprints, start=1) if sprint.used), default=0)
    for number, sprint in enumerate(roadmap.sprints[:busy], start=1):
        rows.append(
            [
                str(number),
                sprint.start.isoformat(),
                sprint.end.isoformat(),
                shown(sprint.used),
                shown(sprint.capacity),
                output.bar(sprint.used, sprint.capacity, 20),
                str(len(sprint.upgrades)),
            ]
        )
    heads = ["Sprint", "First day", "Last day", "Used", "Of days", "", "Finished"]
    lines = output.table(rows, heads, right=[0, 3, 4, 6])
    if free := len(roadmap.sprints) - busy:
        lines.append(f"{output.plural(free, 'sprint')} after that, to the end, with nothing to do.")
    return [_BEFORE + line for line in lines]


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 3]}..."


def _padded(line: str, taken: int) -> str:
    return line + " " * (taken - output.width(click.unstyle(line)))
