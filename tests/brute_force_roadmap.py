"""The roadmap's rules once more, as plainly as can be: try every start of every upgrade.

Nothing here uses the scheduler or its calendar; it walks day by day. For a few upgrades only.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import brute_force
from maturity_planner.core.assessment import Assessment
from maturity_planner.core.plan import Upgrade
from maturity_planner.core.rubric import ItemId, Need, Rubric
from maturity_planner.core.team import Team


@dataclass(frozen=True)
class Case:
    """What has to be placed, and who is there."""

    rubric: Rubric
    assessment: Assessment
    upgrades: tuple[Upgrade, ...]
    team: Team
    start: datetime.date


def working_dates(case: Case) -> Iterator[datetime.date]:
    """The working days from the start on, one after the other."""
    day = case.start
    while True:
        if day.weekday() not in (5, 6) and day not in case.team.holidays:
            yield day
        day += datetime.timedelta(1)


def people_there(case: Case, role: str, day: datetime.date) -> int:
    """How many of a role are there on a day."""
    away = sum(a.people for a in case.team.absences if a.role == role and a.first <= day <= a.last)
    return case.team.people[role] - away


def days_of(case: Case, upgrade: Upgrade) -> int:
    """Working days: expected effort / (people x focus), rounded up, at least one."""
    expected = brute_force.expected_days(case.assessment.effort(upgrade.item, upgrade.to_mode))
    people = sum(upgrade.item.people.values()) or 1
    return max(1, math.ceil(expected / (people * case.team.focus)))


def is_kept(case: Case, need: Need, start: int, ends: dict[ItemId, int]) -> bool:
    """Whether a need is met when an upgrade starts; `ends` of the upgrades by item."""
    for ref in need.any_of:
        item = case.rubric.items[ref.item]
        if item.rank(case.assessment.mode(item)) >= item.rank(ref.mode):
            return True
        for upgrade in case.upgrades:
            is_giver = upgrade.item.id == ref.item
            is_high = is_giver and item.rank(upgrade.to_mode) >= item.rank(ref.mode)
            if is_high and ends[ref.item] <= start:
                return True
    return False


def breaches(case: Case, starts: Sequence[int]) -> list[str]:
    """Every rule that these starts break; people are counted day by day."""
    found = []
    spans = {}
    ends = {}
    for upgrade, start in zip(case.upgrades, starts, strict=True):
        spans[upgrade.item.id] = range(start, start + days_of(case, upgrade))
        ends[upgrade.item.id] = start + days_of(case, upgrade)
    for upgrade, start in zip(case.upgrades, starts, strict=True):
        for need in upgrade.item.needs(upgrade.to_mode):
            if need.hard and not is_kept(case, need, start, ends):
                found.append(f"{upgrade.ref} starts before {need}")
    for number, day in zip(range(max(ends.values(), default=0)), working_dates(case), strict=False):
        at_work = [u for u in case.upgrades if number in spans[u.item.id]]
        for role in case.team.people:
            if sum(u.item.people.get(role, 0) for u in at_work) > people_there(case, role, day):
                found.append(f"too few {role} on {day}")
        everybody = sum(people_there(case, role, day) for role in case.team.people)
        if sum(sum(u.item.people.values()) or 1 for u in at_work) > everybody:
            found.append(f"too few people on {day}")
    return found


def worth(case: Case, starts: Sequence[int]) -> tuple[int | Fraction, ...]:
    """What a roadmap is ranked by: days, value early, soft needs out of order, starts."""
    ranks = brute_force.today(case.rubric, case.assessment)
    _, scores = brute_force.score(case.rubric, case.assessment, ranks)
    weakest = {
        section.id
        for section, score in zip(case.rubric.sections, scores, strict=True)
        if score == min(scores)
    }
    ends = {
        u.item.id: start + days_of(case, u) for u, start in zip(case.upgrades, starts, strict=True)
    }
    early = {True: Fraction(0), False: Fraction(0)}
    broken = 0
    for upgrade, start in zip(case.upgrades, starts, strict=True):
        item = upgrade.item
        gain = brute_force.points(item, item.rank(upgrade.to_mode))
        gain -= brute_force.points(item, ranks[item.id])
        early[item.section in weakest] += gain * ends[item.id]
        planned = {u.item.id: u for u in case.upgrades}
        soft = {
            need.any_of
            for need in item.needs(upgrade.to_mode)
            if not need.hard
            and any(
                ref.item in planned
                and item_rank(case, planned[ref.item]) >= planned[ref.item].item.rank(ref.mode)
                for ref in need.any_of
            )
        }
        broken += sum(not is_kept(case, Need(refs, hard=False), start, ends) for refs in soft)
    days = max(ends.values(), default=0)
    return (days, early[True], early[True] + early[False], broken, *starts)


def item_rank(case: Case, upgrade: Upgrade) -> int:
    """The rank of the mode that an upgrade leads to."""
    return upgrade.item.rank(upgrade.to_mode)


def best(case: Case, days: int) -> tuple[int | Fraction, ...] | None:
    """The least worth of all roadmaps of at most so many days."""
    found = None
    for starts in _all_starts(case, days, ()):
        if not breaches(case, starts):
            rank = worth(case, starts)
            found = rank if found is None else min(found, rank)
    return found


def _all_starts(case: Case, days: int, begun: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    if len(begun) == len(case.upgrades):
        yield begun
        return
    for start in range(days - days_of(case, case.upgrades[len(begun)]) + 1):
        yield from _all_starts(case, days, (*begun, start))
