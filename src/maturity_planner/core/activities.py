"""Upgrades as work: how long each takes, whom it occupies, and what it waits for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..errors import Fault
from .assessment import Assessment
from .calendar import MOST_WORKING_DAYS
from .plan import Upgrade
from .quantity import DAY, plural, shown
from .rubric import Effort, ItemId, ModeId, ModeRef, Need, Rubric, is_met
from .score import modes_today
from .team import NOBODY, Team


@dataclass(frozen=True, slots=True)
class Activity:
    """An upgrade as work of so many working days, without a break.

    `people` are occupied all that time; with none named it is one person, of any role. Of each
    tuple in `after` (numbers of activities) one has to be finished first, and of each in `wishes`
    rather should be.
    """

    upgrade: Upgrade
    effort: Effort
    days: int
    people: Mapping[str, int]
    after: tuple[tuple[int, ...], ...] = ()
    wishes: tuple[tuple[int, ...], ...] = ()
    missing: tuple[Need, ...] = ()

    @property
    def ref(self) -> ModeRef:
        """ITEM@MODE."""
        return self.upgrade.ref

    @property
    def heads(self) -> int:
        """How many people it occupies."""
        return heads(self.people)


def heads(people: Mapping[str, int]) -> int:
    """Return how many people work on something at once: one, where no role is named."""
    return sum(people.values()) or 1


def duration(effort_days: Fraction, people: int, focus: Fraction) -> int:
    """Return how many working days so much effort takes: effort / (people x focus), rounded up.

    It is at least one day: what takes no effort still has a day on which somebody does it.

    >>> duration(Fraction(5), 2, Fraction(3, 5)), duration(Fraction(0), 1, Fraction(1))
    (5, 1)
    """
    return max(1, (effort_days / (people * focus)).__ceil__())


def activities(
    rubric: Rubric, assessment: Assessment, upgrades: Sequence[Upgrade], team: Team
) -> tuple[Activity, ...]:
    """Return the work that a plan still asks for, in rubric order.

    What the assessment says is done already is left out, and efforts are those from today's modes.
    A need that is met today binds nothing.
    """
    today = modes_today(rubric, assessment)
    left = [u for u in upgrades if u.item.rank(today[u.item.id]) < u.item.rank(u.to_mode)]
    left.sort(key=lambda upgrade: upgrade.item.position)
    planned = {upgrade.item.id: n for n, upgrade in enumerate(left)}
    needs = [_needs(rubric, left, n, planned, today) for n in range(len(left))]
    broken = _in_circles([[given for need, given in own if need.hard] for own in needs])
    found = []
    for number, upgrade in enumerate(left):
        effort = assessment.effort(upgrade.item, upgrade.to_mode)
        own = needs[number]
        hard = [given for need, given in own if need.hard and given]
        people = dict(upgrade.item.people)
        found.append(
            Activity(
                upgrade,
                effort,
                duration(Fraction(effort.expected, DAY), heads(people), team.focus),
                people,
                after=tuple(dict.fromkeys(g for g in hard if (number, g) not in broken)),
                wishes=tuple(dict.fromkeys(g for need, g in own if g and not need.hard)),
                missing=tuple(need for need, given in own if need.hard and not given),
            )
        )
    return tuple(found)


def _needs(
    rubric: Rubric,
    upgrades: Sequence[Upgrade],
    number: int,
    planned: Mapping[ItemId, int],
    today: Mapping[ItemId, ModeId],
) -> list[tuple[Need, tuple[int, ...]]]:
    """Return the needs of an upgrade that are not met today, each with the upgrades that meet it.

    Of several alternatives only those that are planned can be chosen; `planned` numbers them.
    """
    found = []
    for need in upgrades[number].item.needs(upgrades[number].to_mode):
        if is_met(need, today, rubric):
            continue
        givers = [
            n
            for ref in need.any_of
            if (n := planned.get(ref.item)) is not None
            and upgrades[n].item.rank(upgrades[n].to_mode) >= upgrades[n].item.rank(ref.mode)
        ]
        found.append((need, tuple(dict.fromkeys(givers))))
    return found


def _in_circles(needs: Sequence[Sequence[tuple[int, ...]]]) -> set[tuple[int, tuple[int, ...]]]:
    """Return the needs, with the upgrade they are of, that no order of work can keep.

    Modes of items can need each other crosswise without a circle (a by hand before b automated
    before a automated), while an upgrade is one piece of work. Then the one that stands first in
    the rubric comes first, as among tickets (`backlog.in_work_order`).
    """
    broken = set()
    ready: set[int] = set()
    left = list(range(len(needs)))
    while left:
        free = [n for n in left if all(not g or ready.intersection(g) for g in needs[n])]
        if not free:
            first = left[0]
            broken |= {(first, g) for g in needs[first] if g and not ready.intersection(g)}
            free = [first]
        ready.update(free)
        left = [n for n in left if n not in ready]
    return broken


def activity_faults(
    activities: Sequence[Activity], team: Team, days: int | None = None
) -> Iterator[Fault]:
    """Yield why activities can never be placed; `days` are there until the end, if there is one.

    Paths lead into the settings, where something about the team has to change.
    """
    if not team.size:
        yield NOBODY
        return
    yield from _role_faults(activities, team)
    for activity in activities:
        name, days_long = activity.ref, activity.days
        for need in activity.missing:
            fix = "Make the plan again: maturity-planner plan"
            yield Fault(f"{name} needs {need}, which is neither done nor planned", fix)
        if days_long > MOST_WORKING_DAYS:
            yield Fault(
                f"{name} takes {days_long:.6g} working days, more than {MOST_WORKING_DAYS:,}",
                "Look at its effort, its people and the focus.",
                ("team", "focus"),
            )
        elif days is not None and days_long > days:
            yield Fault(
                f"{name} alone takes {_working_days(days_long)}, and there are {days} to the end",
                f"{_more_time(activity, team, days)}, or set the end {days_long - days} later.",
            )
    total = sum(activity.days for activity in activities)
    if total > MOST_WORKING_DAYS and all(a.days <= MOST_WORKING_DAYS for a in activities):
        fix = "Look at the efforts and the focus, or plan less."
        told = f"the plan takes {total} working days, more than {MOST_WORKING_DAYS:,}"
        yield Fault(told, fix)


def _role_faults(activities: Sequence[Activity], team: Team) -> Iterator[Fault]:
    """Yield the roles of which there are too few, each with the largest number that is needed."""
    for role in sorted({role for activity in activities for role in activity.people}):
        users = [activity for activity in activities if role in activity.people]
        there = team.people.get(role, 0)
        most = max(users, key=lambda activity: activity.people[role])
        needed = most.people[role]
        if needed <= there:
            continue
        named = ", ".join(str(activity.ref) for activity in users[:5])
        more = f" and {len(users) - 5} more" if len(users) > 5 else ""
        message = f'nobody in the team is "{role}", and {named}{more} cannot do without'
        if there:
            message = f'{most.ref} takes {needed} "{role}" at once, and the team has {there}'
        fix = f"Make it at least [team.people] {role} = {needed}."
        yield Fault(message, fix, ("team", "people"))


def _more_time(activity: Activity, team: Team, days: int) -> str:
    """Return what else would have to change for a single activity to fit into so many days."""
    effort = Fraction(activity.effort.expected, DAY)
    people = (effort / (days * team.focus)).__ceil__()
    more = f"with {people} people on it in the rubric instead of {activity.heads} it would fit"
    if people > team.size:
        more = f"it would take {people} people, and the team has {team.size}"
    return f"It is {shown(effort)} days of effort: {more}"


def _working_days(count: int) -> str:
    return plural(count, "working day")
