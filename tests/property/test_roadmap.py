"""Roadmaps against brute force, and rules that hold for every roadmap."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

import brute_force_roadmap
from brute_force_roadmap import Case
from builders import assessment, item, mode, rubric
from maturity_planner.core.calendar import Calendar, Window
from maturity_planner.core.handover import links
from maturity_planner.core.plan import Status, Upgrade, upgrade_cost
from maturity_planner.core.roadmap import Roadmap, schedule
from maturity_planner.core.rubric import ModeId
from maturity_planner.core.team import Absence, Team

START = datetime.date(2027, 1, 1)  # a Friday
ROLES = ["dev", "ops"]
MODES = ["manual", "automated"]
DAYS = st.integers(0, 13).map(lambda days: START + datetime.timedelta(days))


@st.composite
def teams(draw: st.DrawFn) -> Team:
    """One or two roles with one to three people, days off and absences."""
    people = {role: draw(st.integers(1, 3)) for role in ROLES[: draw(st.integers(1, 2))]}
    absences = []
    for role, count in people.items():
        if draw(st.integers(0, 2)) == 0:
            first, last = sorted(draw(st.tuples(DAYS, DAYS)))
            absences.append(Absence(role, first, last, draw(st.integers(1, count))))
    return Team(
        people,
        focus=draw(st.sampled_from([Fraction(1), Fraction(3, 5), Fraction(1, 2)])),
        holidays=frozenset(draw(st.lists(DAYS, max_size=2))),
        absences=tuple(absences),
    )


@st.composite
def cases(
    draw: st.DrawFn, most: int = 4, longest: int = 3, who: st.SearchStrategy[Team] | None = None
) -> Case:
    """Upgrades that need earlier items, one of several of them, or would rather wait for any."""
    team = draw(teams() if who is None else who)
    efforts = st.integers(1, longest * 2).map(lambda n: Decimal(n) / 2)
    names = [f"i{n}" for n in range(draw(st.integers(1, most)))]
    items: list[dict[str, Any]] = []
    for n, name in enumerate(names):
        keys: dict[str, Any] = {}
        kind = ["soft", "any_of", "hard", ""][draw(st.integers(0, 3))]
        others = [other for other in names if other != name] if kind == "soft" else names[:n]
        if others and kind:
            refs = draw(st.lists(st.sampled_from(others), min_size=1, max_size=2, unique=True))
            wanted = [f"{other}@{draw(st.sampled_from(MODES))}" for other in refs]
            keys["needs"] = [{kind: wanted if kind == "any_of" else wanted[0]}]
        people = {
            role: draw(st.integers(1, there))
            for role, there in team.people.items()
            if draw(st.integers(0, 2)) == 0
        }
        modes = {"manual": mode(draw(efforts)), "automated": mode(draw(efforts), **keys)}
        weight = draw(st.sampled_from([1, 1, 2, 0]))
        items.append(item(name, modes=modes, people=people, weight=weight))
    cut = draw(st.integers(1, len(items)))
    sections = {"a": items[:cut]} | ({"b": items[cut:]} if items[cut:] else {})
    built = rubric(sections)
    answers = {name: draw(st.sampled_from(["none", "none", "none", "manual"])) for name in names}
    today = assessment(answers)
    upgrades = []
    for one in built.items.values():
        to = ModeId("automated")
        if today.mode(one) == "none" and draw(st.integers(0, 3)) == 0:
            to = ModeId("manual")
        cost, effort, _ = upgrade_cost(today, one, to, Fraction(4))
        points = one.points(to) - one.points(today.mode(one))
        upgrades.append(Upgrade(one, today.mode(one), to, cost, effort, points))
    case = Case(built, today, tuple(upgrades), team, START)
    assume(not _unmet(case))
    return case


def _unmet(case: Case) -> list[str]:
    """The needs that no order meets: of earlier items, but of a higher mode than is planned."""
    ends = {upgrade.item.id: n for n, upgrade in enumerate(case.upgrades, 1)}
    return [
        str(need)
        for n, upgrade in enumerate(case.upgrades)
        for need in upgrade.item.needs(upgrade.to_mode)
        if need.hard and not brute_force_roadmap.is_kept(case, need, n, ends)
    ]


def placed(case: Case, end: datetime.date | None = None) -> Roadmap:
    return schedule(
        case.rubric, case.assessment, case.upgrades, case.team, Window(case.start, end), seconds=30
    )


def starts_of(roadmap: Roadmap) -> tuple[int, ...]:
    return tuple(p.start_day for p in roadmap.activities)


ALONE = st.just(Team({"dev": 1}, holidays=frozenset([START])))


@settings(max_examples=60, deadline=None)
@given(cases())
def test_small_roadmaps_are_the_best_of_all(case: Case) -> None:
    _is_the_best(case)


@settings(max_examples=150, deadline=None)
@given(cases(longest=1, who=ALONE))
def test_one_person_does_first_what_counts_most(case: Case) -> None:
    _is_the_best(case)


def _is_the_best(case: Case) -> None:
    roadmap = placed(case)
    days = [brute_force_roadmap.days_of(case, u) for u in case.upgrades]
    assume(math.prod(roadmap.makespan - d + 1 for d in days) < 20_000)
    assert roadmap.status is Status.OPTIMAL
    assert roadmap.are_ties_settled
    found = brute_force_roadmap.worth(case, starts_of(roadmap))
    assert found == brute_force_roadmap.best(case, roadmap.makespan)
    assert roadmap.bound == roadmap.makespan == found[0]


@settings(max_examples=40, deadline=None)
@given(cases(most=8, longest=8))
def test_every_roadmap_keeps_every_rule(case: Case) -> None:
    roadmap = placed(case)
    assert not brute_force_roadmap.breaches(case, starts_of(roadmap))
    dates = brute_force_roadmap.working_dates(case)
    there = [day for _, day in zip(range(roadmap.makespan), dates, strict=False)]
    for p in roadmap.activities:
        assert p.end_day - p.start_day == brute_force_roadmap.days_of(case, p.activity.upgrade)
        assert (p.start, p.end) == (there[p.start_day], there[p.end_day - 1])
        sprint = next(s for s in roadmap.sprints if s.id == p.sprint)
        assert sprint.start <= p.end <= sprint.end
        assert p.ref in sprint.upgrades
    for role, count in case.team.people.items():
        load = sum(p.activity.days * p.activity.people.get(role, 0) for p in roadmap.activities)
        assert load <= count * roadmap.makespan
    occupied = sum(p.activity.days * p.activity.heads for p in roadmap.activities)
    assert sum(s.used for s in roadmap.sprints) == occupied * case.team.focus
    assert all(0 <= s.used <= s.capacity for s in roadmap.sprints)
    assert roadmap.problem.bound() <= roadmap.bound <= roadmap.makespan


@settings(max_examples=30, deadline=None)
@given(cases(most=6, longest=6))
def test_the_links_of_a_roadmap_keep_its_order_on_the_same_people(case: Case) -> None:
    roadmap = placed(case)
    chain = links(roadmap.problem, starts_of(roadmap))
    ends = [p.end_day for p in roadmap.activities]
    for number, p in enumerate(roadmap.activities):
        assert all(ends[before] <= p.start_day for before in chain.after[number])
        assert chain.not_before[number] <= p.start_day
    if not case.team.absences:  # whatever the durations are, the links alone leave people enough
        longer = [3 * p.activity.days + n for n, p in enumerate(roadmap.activities)]
        days: dict[int, int] = {}
        for number in chain.order:
            before = [days[b] + longer[b] for b in chain.after[number]]
            days[number] = max(before, default=0)
        last = max(days[n] + longer[n] for n in days)
        for group, count in enumerate(roadmap.problem.people):
            used = [0] * last
            for n, task in enumerate(roadmap.problem.tasks):
                for day in range(days[n], days[n] + longer[n]):
                    used[day] += task.people.get(group, 0)
            assert max(used) <= count


@settings(max_examples=25, deadline=None)
@given(cases(most=6), st.integers(1, 20))
def test_what_does_not_fit_says_so(case: Case, more: int) -> None:
    roadmap = placed(case)
    calendar = Calendar(case.start, case.team.holidays)
    longest = max(p.activity.days for p in roadmap.activities)
    assume(longest < roadmap.makespan)
    days = max(longest, roadmap.makespan - more)
    late = placed(case, calendar.date_of(days - 1))
    assert late.status is Status.INFEASIBLE
    assert starts_of(late) == starts_of(roadmap)
    assert late.because
    assert late.unplaced == tuple(p.ref for p in late.activities if p.end_day > days)
    in_time = placed(case, calendar.date_of(roadmap.makespan - 1))
    assert (in_time.status, in_time.because, in_time.unplaced) == (Status.OPTIMAL, (), ())
    assert starts_of(in_time) == starts_of(roadmap)


@settings(max_examples=10, deadline=None)
@given(cases(most=8, longest=8))
def test_the_same_again(case: Case) -> None:
    assert placed(case) == placed(case)
