"""The people there are: how many of each role, how much of a day, and when they are away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from ..errors import Fault, suggestion

NOBODY = Fault(
    "the team has nobody",
    "Say how many there are of each role: [team.people] with ROLE = N.",
    ("team", "people"),
)


@dataclass(frozen=True, slots=True)
class Absence:
    """So many people of a role are away, from the first up to and including the last day."""

    role: str
    first: date
    last: date
    people: int


@dataclass(frozen=True, slots=True)
class Team:
    """Who works on a plan. `focus` is the share of a working day that goes into it.

    `correlation`, from 0 to 1, says how far efforts go wrong together (see `odds.py`).
    """

    people: Mapping[str, int]
    focus: Fraction = Fraction(1)
    sprint_weeks: int = 2
    holidays: frozenset[date] = frozenset()
    absences: tuple[Absence, ...] = ()
    correlation: Fraction = Fraction(0)

    @property
    def size(self) -> int:
        """How many people there are.

        >>> Team({"ml-engineer": 2, "data-engineer": 1}).size
        3
        """
        return sum(self.people.values())


def build_team(settings: Mapping[str, Any]) -> Team:
    """Return the team that checked settings (see `shapes.SettingsFile`) describe.

    >>> build_team({"team": {"people": {"ml-engineer": 2}, "holidays": ["2026-12-25"]}}).size
    2
    """
    table = settings.get("team") or {}
    return Team(
        people=dict(table.get("people", {})),
        focus=Fraction(table.get("focus", 1)),
        sprint_weeks=table.get("sprint_weeks", 2),
        holidays=frozenset(map(_day, table.get("holidays", ()))),
        absences=tuple(map(_absence, table.get("absences", ()))),
        correlation=Fraction(table.get("correlation", 0)),
    )


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _absence(given: Mapping[str, Any]) -> Absence:
    first, last = _day(given["from"]), _day(given["to"])
    return Absence(given["role"], first, last, given.get("people") or 1)


def team_faults(settings: Mapping[str, Any]) -> list[Fault]:
    """Return every fault of the team in settings whose shape is right; None is a wrong value.

    Somebody has to be there, and no more people can be away than there are.
    """
    table = settings.get("team") or {}
    people = table.get("people")
    if people is None or None in people.values():
        return []
    if not any(people.values()):
        return [NOBODY]
    return list(_absence_faults(table.get("absences") or (), people))


def _absence_faults(given: Any, people: Mapping[str, int]) -> Iterator[Fault]:
    """Yield the absences that are too many on their first day, counting those before them."""
    known: list[Absence] = []
    for n, value in enumerate(given):
        if not value or None in [value.get(key) for key in ("role", "from", "to")]:
            continue
        path = ("team", "absences", n)
        absence = _absence(value)
        if absence.role not in people:
            fix = suggestion(absence.role, people, kind="Roles of [team.people]")
            yield Fault(f'nobody in the team is "{absence.role}"', fix, (*path, "role"))
            continue
        known.append(absence)
        days = {a.first for a in known if absence.first <= a.first <= absence.last}
        days |= {absence.first}
        away = {
            day: sum(a.people for a in known if a.role == absence.role and a.first <= day <= a.last)
            for day in sorted(days)
        }
        there = people[absence.role]
        day = next((day for day, count in away.items() if count > there), None)
        if day is not None:
            yield Fault(
                f'{away[day]} "{absence.role}" are away on {day}, and the team has {there}',
                f"Make [team.people] {absence.role} {away[day]} or more, or the absence smaller.",
                path,
            )
