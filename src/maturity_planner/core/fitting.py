"""The best score that can be reached in time: the frontier of the planner against the team.

Tried from the top: the cheapest plan of each score that no other beats, until one of them fits.
What that proves is limited, and said: of a score whose cheapest plan does not fit, a dearer one
might, by asking other people or for less work now and more upkeep later. Only where the least
effort of all plans that score more is above what the team has in that time, no plan at all fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from .activities import activities, activity_faults
from .calendar import Calendar, Window
from .plan import Plan, Request, Status
from .planner import Planner
from .roadmap import Roadmap, problem_of, schedule
from .scheduling_problem import Gap, SchedulingProblem, Task
from .solver import OutOfTime
from .team import Team


@dataclass(frozen=True, slots=True)
class Fit:
    """The best plan of the frontier that fits, and its roadmap.

    `next_score` is the lowest of the frontier above it that was asked for, None where it is the
    highest. `undecided` are scores above it whose cheapest plan was neither placed in time nor
    proven not to fit. With `is_best` no plan that reaches `next_score` fits: the `least_effort`
    for it is more than the `capacity`, both in person-days.
    """

    plan: Plan
    roadmap: Roadmap
    next_score: Fraction | None
    undecided: tuple[Fraction, ...]
    capacity: Fraction
    least_effort: Fraction | None = None

    @property
    def is_best(self) -> bool:
        """Whether it is proven that no other plan reaches the next score in time."""
        return self.least_effort is not None and self.least_effort > self.capacity


def best_in_time(
    planner: Planner, request: Request, wanted: Fraction, team: Team, window: Window
) -> Fit | None:
    """Return the best that fits, up to the wanted score; None when nothing above today's does.

    `request` brings pins and horizon.

    Raises:
        KeyboardInterrupt: somebody pressed Ctrl-C before a plan was placed.
    """
    points = list(_points(planner, request, wanted))
    undecided: list[Fraction] = []
    above: Fraction | None = None
    for plan in reversed([point for point in points if point.after.score > point.before.score]):
        roadmap = _placed(planner, plan, team, window)
        if roadmap and roadmap.status is not Status.INFEASIBLE:
            fit = Fit(plan, roadmap, above, tuple(undecided), capacity_of(team, window))
            return fit if roadmap.is_interrupted else _judged(planner, request, fit)
        if roadmap and roadmap.is_interrupted:
            raise KeyboardInterrupt
        if roadmap and roadmap.bound <= _days(team, window):
            undecided.append(plan.after.score)
        above = plan.after.score
    return None


def capacity_of(team: Team, window: Window) -> Fraction:
    """Return the person-days that all people together have until the end."""
    calendar, days = Calendar(window.start, team.holidays), _days(team, window)
    gaps = []
    for absence in team.absences:
        first, last = calendar.number(absence.first), calendar.days_until(absence.last)
        gaps.append(Gap(0, first, last, absence.people))
    everybody = SchedulingProblem((Task(1, {}),), (team.size,), tuple(gaps))
    return sum(everybody.free(0, days)) * team.focus


def _days(team: Team, window: Window) -> int:
    assert window.end is not None, "what has no end always fits"
    return Calendar(window.start, team.holidays).days_until(window.end)


def _points(planner: Planner, request: Request, wanted: Fraction) -> Iterator[Plan]:
    for plan in planner.frontier(request):
        if plan.is_interrupted:
            raise KeyboardInterrupt
        if plan.after.score > wanted:
            return
        yield plan


def _placed(planner: Planner, plan: Plan, team: Team, window: Window) -> Roadmap | None:
    """Return the plan in time; None when a bound tells without a search that it cannot fit."""
    rubric, assessment = planner.rubric, planner.assessment
    days, calendar = _days(team, window), Calendar(window.start, team.holidays)
    work = activities(rubric, assessment, plan.upgrades, team)
    if work and any(activity_faults(work, team, days)):
        return None
    if problem_of(work, team, calendar).bound() > days:
        return None
    return schedule(
        rubric,
        assessment,
        plan.upgrades,
        team,
        window,
        seconds=planner.seconds,
        watch=planner.watch,
    )


def _judged(planner: Planner, request: Request, fit: Fit) -> Fit:
    """Return the fit with the least effort that the next score takes, as far as it is proven."""
    if fit.next_score is None:
        return fit
    asked = replace(request, target=fit.next_score, horizon=Fraction(0), budget=None)
    try:
        least = planner.plan(asked)
    except (OutOfTime, KeyboardInterrupt):  # the fit itself is there
        return fit
    return replace(fit, least_effort=least.bound_days)
