"""A plan placed in time: who does what when, against the people there are."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ..errors import RoadmapError
from .activities import Activity, activities, activity_faults
from .assessment import Assessment
from .calendar import Calendar, SprintDates, Window, sprints
from .cpsat import Wish
from .lateness import lateness
from .plan import Status, Upgrade
from .quantity import plural
from .rubric import ModeRef, Rubric
from .scheduler import Found, Goals, place
from .scheduling_problem import Gap, SchedulingProblem, Task
from .score import modes_today, score_modes
from .searching import DEFAULT_SECONDS, Watcher
from .team import Team


@dataclass(frozen=True, slots=True)
class Placed:
    """An activity in time: working days from the start, `end_day` not included, `end` included.

    `sprint` is the one in which it is finished.
    """

    activity: Activity
    start_day: int
    end_day: int
    start: date
    end: date
    sprint: str

    @property
    def ref(self) -> ModeRef:
        """ITEM@MODE."""
        return self.activity.ref


@dataclass(frozen=True, slots=True)
class Sprint:
    """A sprint with the upgrades that are finished in it.

    `capacity` counts the person-days that the people who are there can put into the plan, `used`
    those of people who are occupied: both are people x working days x focus.
    """

    id: str
    start: date
    end: date
    used: Fraction
    capacity: Fraction
    upgrades: tuple[ModeRef, ...]


@dataclass(frozen=True, slots=True)
class Roadmap:
    """A plan in time, its activities in rubric order, and what is proven about it.

    `makespan` and `bound` count working days: no roadmap takes fewer than `bound`. An infeasible
    one does not fit before the end: it is the shortest that was found, `because` says what stands
    in the way, and `unplaced` are the upgrades that end too late.
    """

    status: Status
    window: Window
    calendar: Calendar
    team: Team
    problem: SchedulingProblem
    activities: tuple[Placed, ...]
    sprints: tuple[Sprint, ...]
    makespan: int
    bound: int
    because: tuple[str, ...] = ()
    unplaced: tuple[ModeRef, ...] = ()
    are_ties_settled: bool = True
    is_interrupted: bool = False

    @property
    def last_day(self) -> date | None:
        """The day on which all is done; None when there is nothing to do."""
        return self.calendar.date_of(self.makespan - 1) if self.makespan else None


def schedule(
    rubric: Rubric,
    assessment: Assessment,
    upgrades: Sequence[Upgrade],
    team: Team,
    window: Window,
    *,
    seconds: float = DEFAULT_SECONDS,
    watch: Watcher = lambda _: None,
) -> Roadmap:
    """Return the plan placed in time.

    The rule: the fewest working days. Then value early: the least sum of points x end over the
    upgrades of the weakest sections (the lowest score today), then over all upgrades. Then as many
    soft needs in order as can be. Then the earliest start of the first upgrade in the rubric, of
    the second one, and so on. What ties is settled, and the same on every machine, unless the
    search ran out of time: see `are_ties_settled`.

    Raises:
        RoadmapError: something can never be placed, whatever the order; with every fault.
    """
    calendar = Calendar(window.start, team.holidays)
    days = None if window.end is None else calendar.days_until(window.end)
    work = activities(rubric, assessment, upgrades, team)
    faults = tuple(activity_faults(work, team, days)) if work else ()
    if faults:
        count = plural(len(faults), "reason")
        raise RoadmapError(f"the plan cannot be placed in time, for {count}", faults=faults)
    problem = problem_of(work, team, calendar)
    goals = _goals(rubric, assessment, work)
    found = place(problem, goals, seconds=seconds, watch=watch)
    return _roadmap(window, calendar, team, work, problem, found)


def as_dated(
    rubric: Rubric,
    assessment: Assessment,
    upgrades: Sequence[Upgrade],
    team: Team,
    window: Window,
    dates: Mapping[ModeRef, tuple[date, date]],
) -> Roadmap | None:
    """Return what is left of a roadmap with these first and last days, without a search.

    None when it is no longer that roadmap: work without dates, other durations, another team.
    """
    calendar = Calendar(window.start, team.holidays)
    work = activities(rubric, assessment, upgrades, team)
    if not work or any(activity_faults(work, team, None)) or any(a.ref not in dates for a in work):
        return None
    found = Found(tuple(calendar.number(dates[a.ref][0]) for a in work), 0, is_settled=True)
    problem = problem_of(work, team, calendar)
    roadmap = _roadmap(window, calendar, team, work, problem, found)
    is_same = all(dates[p.ref] == (p.start, p.end) for p in roadmap.activities)
    return roadmap if is_same else None


def groups_of(work: Sequence[Activity], team: Team) -> tuple[str, ...]:
    """Return the groups that a problem counts: each role, and all people ("") where that matters.

    A person of any role is one of those who are left: each role has enough for those who ask for
    it, and all together are enough for everybody, exactly when everybody can be served. It need
    not be the same person every day.
    """
    return (*team.people, "") if any(not a.people for a in work) else tuple(team.people)


def problem_of(work: Sequence[Activity], team: Team, calendar: Calendar) -> SchedulingProblem:
    """Return the activities as tasks, the roles as groups, and the absences as gaps."""
    groups = groups_of(work, team)
    number = {group: n for n, group in enumerate(groups)}
    tasks = []
    for activity in work:
        people = {number[role]: count for role, count in activity.people.items()}
        if "" in number:
            people[number[""]] = activity.heads
        tasks.append(Task(activity.days, people, activity.after))
    gaps = []
    for absence in team.absences:
        first, last = calendar.number(absence.first), calendar.days_until(absence.last)
        for group in (absence.role, ""):
            if group in number and first < last:
                gaps.append(Gap(number[group], first, last, absence.people))
    people_of = {**team.people, "": team.size}
    return SchedulingProblem(tuple(tasks), tuple(people_of[group] for group in groups), tuple(gaps))


def _goals(rubric: Rubric, assessment: Assessment, work: Sequence[Activity]) -> Goals:
    today = modes_today(rubric, assessment)
    _, scores = score_modes(rubric, today, assessment.waivers.keys())
    lowest = min(scores.values())
    points = [
        activity.upgrade.item.points(activity.upgrade.to_mode)
        - activity.upgrade.item.points(today[activity.upgrade.item.id])
        for activity in work
    ]
    weakest = tuple(
        gain if scores[activity.upgrade.item.section] == lowest else 0
        for gain, activity in zip(points, work, strict=True)
    )
    wishes = [Wish(n, after) for n, activity in enumerate(work) for after in activity.wishes]
    return Goals((weakest, tuple(points)), tuple(wishes))


def _roadmap(
    window: Window,
    calendar: Calendar,
    team: Team,
    work: Sequence[Activity],
    problem: SchedulingProblem,
    found: Found,
) -> Roadmap:
    makespan = problem.makespan(found.starts)
    days = makespan if window.end is None else calendar.days_until(window.end)
    finish = calendar.date_of(makespan - 1) if makespan else window.start
    end = window.end or finish
    periods = list(sprints(window.start, team.sprint_weeks, max(finish, end)))
    ends = [dates.end for dates in periods]
    within: list[list[Placed]] = [[] for _ in periods]
    placed = []
    for activity, start in zip(work, found.starts, strict=True):
        end_day = start + activity.days
        first, last = calendar.date_of(start), calendar.date_of(end_day - 1)
        begun, done = bisect_left(ends, first), bisect_left(ends, last)
        placed.append(Placed(activity, start, end_day, first, last, periods[done].id))
        for number in range(begun, done + 1):
            within[number].append(placed[-1])
    late = tuple(p.ref for p in placed if p.end_day > days)
    status = Status.OPTIMAL if found.bound == makespan else Status.FEASIBLE
    return Roadmap(
        status=Status.INFEASIBLE if late else status,
        window=window,
        calendar=calendar,
        team=team,
        problem=problem,
        activities=tuple(placed),
        sprints=tuple(
            _sprint(dates, its_work, team, calendar)
            for dates, its_work in zip(periods, within, strict=True)
        ),
        makespan=makespan,
        bound=found.bound,
        because=tuple(lateness(work, team, problem, days, end, makespan, found.bound))
        if late
        else (),
        unplaced=late,
        are_ties_settled=found.is_settled,
        is_interrupted=found.is_interrupted,
    )


def _sprint(dates: SprintDates, placed: Sequence[Placed], team: Team, calendar: Calendar) -> Sprint:
    first, last = calendar.number(dates.start), calendar.days_until(dates.end)

    def shared(start: int, end: int) -> int:
        return max(0, min(end, last) - max(start, first))

    away = sum(
        a.people * shared(calendar.number(a.first), calendar.days_until(a.last))
        for a in team.absences
    )
    used = sum(p.activity.heads * shared(p.start_day, p.end_day) for p in placed)
    return Sprint(
        dates.id,
        dates.start,
        dates.end,
        used=used * team.focus,
        capacity=(team.size * (last - first) - away) * team.focus,
        upgrades=tuple(p.ref for p in placed if p.sprint == dates.id),
    )
