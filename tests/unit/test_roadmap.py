"""A plan in time: hand-written cases with answers that can be checked by hand."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from builders import assessment, item, mode, rubric
from maturity_planner.core.activities import Activity, activities
from maturity_planner.core.assessment import Assessment
from maturity_planner.core.calendar import Window
from maturity_planner.core.plan import Status, Upgrade
from maturity_planner.core.roadmap import Roadmap, as_dated, schedule
from maturity_planner.core.rubric import Item, ItemId, ModeId, Rubric
from maturity_planner.core.team import Absence, Team
from maturity_planner.errors import RoadmapError

MONDAY = date(2027, 1, 4)
DEV = {"dev": 1}
OPS = {"ops": 1}
TEAM = Team({"dev": 2, "ops": 1})


def work(name: str, days: Any = 1, people: Mapping[str, int] | None = None, *needs: Any) -> Any:
    """An item that takes so many days of effort, automated."""
    modes = {"manual": mode(1), "automated": mode(days, needs=list(needs))}
    return item(name, modes=modes, people=dict(DEV if people is None else people))


def upgrade(one: Item, to: str = "automated", before: str = "none") -> Upgrade:
    return Upgrade(one, ModeId(before), ModeId(to), 0, one.modes[ModeId(to)].effort.expected, 1)


def model(*items: Any) -> Rubric:
    return rubric({"a": list(items)})


def placed(
    built: Rubric,
    team: Team = TEAM,
    end: date | None = None,
    *,
    today: Assessment | None = None,
    modes: Mapping[str, str] | None = None,
    **keys: Any,
) -> Roadmap:
    wanted = {name: (modes or {}).get(name, "automated") for name in built.items}
    upgrades = [upgrade(built.items[ItemId(name)], to) for name, to in wanted.items()]
    known = today or assessment()
    return schedule(built, known, upgrades, team, Window(MONDAY, end), **keys)


def starts(roadmap: Roadmap) -> dict[str, tuple[int, int]]:
    return {p.activity.upgrade.item.id: (p.start_day, p.end_day) for p in roadmap.activities}


# How long -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("effort", "people", "focus", "days"),
    [
        (5, {"dev": 1}, 1, 5),
        (5, {"dev": 2}, 1, 3),
        (5, {"dev": 1, "ops": 1}, 1, 3),
        (3, {"dev": 1}, Fraction(3, 5), 5),
        (Decimal("3.01"), {"dev": 1}, Fraction(3, 5), 6),
        (Decimal("0.3"), {"dev": 1}, Fraction(1, 10), 3),
        (0, {"dev": 1}, 1, 1),
        ({"low": 1, "likely": 2, "high": 9}, {"dev": 1}, 1, 3),
        (2, {}, 1, 2),
    ],
)
def test_days_are_effort_over_people_and_focus_rounded_up(
    effort: Any, people: dict[str, int], focus: Any, days: int
) -> None:
    team = Team({"dev": 2, "ops": 1}, focus=Fraction(focus))
    roadmap = placed(model(work("x", effort, people)), team)
    assert (roadmap.makespan, roadmap.bound, roadmap.status) == (days, days, Status.OPTIMAL)


def test_the_effort_is_the_one_from_where_the_team_stands() -> None:
    modes = {"manual": mode(1), "automated": mode(9, from_={"manual": 4})}
    built = model(item("x", modes=modes))
    assert placed(built).makespan == 9
    assert placed(built, today=assessment({"x": "manual"})).makespan == 4
    own = assessment({"x": {"mode": "none", "effort_days": {"automated": 2}}})
    assert placed(built, today=own).makespan == 2


def test_what_is_done_meanwhile_takes_no_time() -> None:
    built = model(work("x", 3), work("y", 2, DEV, "x@automated"))
    roadmap = placed(built, today=assessment({"x": "automated"}))
    assert starts(roadmap) == {"y": (0, 2)}
    empty = placed(built, Team({}), today=assessment({"x": "automated", "y": "automated"}))
    assert (empty.activities, empty.makespan, empty.last_day) == ((), 0, None)
    assert (empty.status, empty.bound, empty.are_ties_settled) == (Status.OPTIMAL, 0, True)


# Order --------------------------------------------------------------------------------------


def test_hard_needs_come_first_and_those_that_are_met_bind_nothing() -> None:
    built = model(work("x", 1, DEV, "y@manual"), work("y", 2))
    assert starts(placed(built)) == {"x": (2, 3), "y": (0, 2)}
    assert starts(placed(built, today=assessment({"y": "manual"}))) == {"x": (0, 1), "y": (0, 2)}


def test_one_of_several_is_the_one_that_is_finished_first() -> None:
    any_of = {"any_of": ["slow@manual", "quick@automated", "not-planned@manual"]}
    built = model(
        work("x", 3, OPS, any_of), work("slow", 5), work("quick", 2), work("not-planned", 1)
    )
    upgrades = [upgrade(built.items[ItemId(name)]) for name in ("x", "slow", "quick")]
    roadmap = schedule(built, assessment(), upgrades, TEAM, Window(MONDAY))
    assert starts(roadmap) == {"x": (2, 5), "slow": (0, 5), "quick": (0, 2)}
    low = [upgrade(built.items[ItemId("quick")], "manual"), *upgrades[:2]]
    roadmap = schedule(built, assessment(), low, TEAM, Window(MONDAY))
    assert starts(roadmap)["x"] == (5, 8)
    done = assessment({"not-planned": "manual"})
    assert starts(schedule(built, done, upgrades, TEAM, Window(MONDAY)))["x"] == (0, 3)


def test_needs_that_cross_over_follow_the_rubric() -> None:
    a = item("a", modes={"manual": mode(1), "automated": mode(1, needs=["b@automated"])})
    b = item("b", modes={"manual": mode(1), "automated": mode(1, needs=["a@manual"])})
    assert starts(placed(model(a, b), Team({"dev": 2}))) == {"a": (0, 1), "b": (1, 2)}


def test_soft_needs_order_what_nothing_else_decides() -> None:
    one = Team({"dev": 1})
    built = model(work("x", 2, DEV, {"soft": "y@manual"}), work("y", 2))
    assert starts(placed(built, one)) == {"x": (2, 4), "y": (0, 2)}
    built = model(work("x", 2, DEV, {"soft": "y@manual"}), work("y", 3))
    assert starts(placed(built, one)) == {"x": (0, 2), "y": (2, 5)}  # value comes first
    unplanned = placed(built, one, today=assessment({"y": "automated"}))
    assert starts(unplanned) == {"x": (0, 2)}


def test_the_weakest_section_comes_first() -> None:
    built = rubric({"strong": [work("s1", 1), work("s2", 2)], "weak": [work("w", 4)]})
    today = assessment({"s1": "manual"})
    one = Team({"dev": 1})
    assert starts(placed(built, one, today=today)) == {"s1": (4, 5), "s2": (5, 7), "w": (0, 4)}


def test_ties_go_to_the_earliest_start_in_rubric_order() -> None:
    built = model(*(work(f"x{n}", 2) for n in range(5)))
    roadmap = placed(built)
    assert [start for start, _ in starts(roadmap).values()] == [0, 0, 2, 2, 4]
    assert roadmap.are_ties_settled


# People -------------------------------------------------------------------------------------


def test_a_person_of_any_role_is_one_of_those_who_are_left() -> None:
    built = model(work("any", 3, {}), work("d", 4, {"dev": 2}), work("o", 1, OPS))
    assert starts(placed(built)) == {"any": (0, 3), "d": (1, 3), "o": (0, 1)}
    four = model(*(work(f"x{n}", 2, {}) for n in range(4)))
    assert [start for start, _ in starts(placed(four)).values()] == [0, 0, 0, 2]


def test_nobody_works_on_a_holiday_and_an_absence_ends_with_its_last_day() -> None:
    wednesday, thursday = date(2027, 1, 6), date(2027, 1, 7)
    team = Team(
        {"dev": 1},
        holidays=frozenset([wednesday]),
        absences=(Absence("dev", thursday, date(2027, 1, 10), 1),),
    )
    roadmap = placed(model(work("x", 3)), team)
    first = roadmap.activities[0]
    assert (first.start, first.end) == (date(2027, 1, 11), date(2027, 1, 13))
    assert (first.start_day, first.end_day) == (4, 7)
    assert placed(model(work("x", 2)), team).activities[0].end == date(2027, 1, 5)
    away_before = Team({"dev": 1}, absences=(Absence("dev", date(2026, 1, 1), MONDAY, 1),))
    assert placed(model(work("x", 2)), away_before).activities[0].start == date(2027, 1, 5)


def test_sprints_count_people_days_and_focus() -> None:
    team = Team(
        {"dev": 2},
        Fraction(1, 2),
        1,
        frozenset([date(2027, 1, 8)]),
        (Absence("dev", date(2027, 1, 11), date(2027, 1, 12), 1),),
    )
    roadmap = placed(model(work("x", 2), work("y", 3)), team)
    assert starts(roadmap) == {"x": (0, 4), "y": (0, 6)}
    first, second = roadmap.sprints
    assert (first.id, first.start, first.end) == ("sprint-1", MONDAY, date(2027, 1, 10))
    used = [first.used, first.capacity, second.used, second.capacity]
    assert used == [Fraction(days) for days in (4, 4, 1, 4)]
    assert ([str(u) for u in first.upgrades], [str(u) for u in second.upgrades]) == (
        ["x@automated"],
        ["y@automated"],
    )
    assert roadmap.last_day == date(2027, 1, 12)


def test_sprints_reach_to_the_end_that_was_set() -> None:
    roadmap = placed(model(work("x", 2)), end=date(2027, 2, 1))
    assert [s.id for s in roadmap.sprints] == ["sprint-1", "sprint-2", "sprint-3"]
    assert roadmap.status is Status.OPTIMAL


# What does not fit --------------------------------------------------------------------------

FRIDAY = date(2027, 1, 8)


def test_a_chain_that_is_too_long() -> None:
    built = model(work("x", 4), work("y", 3, DEV, "x@automated"))
    roadmap = placed(built, end=FRIDAY)
    assert (roadmap.status, roadmap.makespan, roadmap.bound) == (Status.INFEASIBLE, 7, 7)
    assert list(roadmap.because) == [
        "x@automated -> y@automated takes 7 working days in a row, 2 more than the 5 working days "
        "to 2027-01-08.",
        "In all the shortest way takes 7 working days, 2 too many.",
    ]
    assert [str(ref) for ref in roadmap.unplaced] == ["y@automated"]
    assert starts(roadmap) == {"x": (0, 4), "y": (4, 7)}


def test_a_load_that_is_too_large() -> None:
    built = model(*(work(f"x{n}", 2, OPS) for n in range(2)), *(work(f"d{n}", 1) for n in range(3)))
    roadmap = placed(built, Team({"dev": 1, "ops": 1}, Fraction(1, 2)), end=FRIDAY)
    assert roadmap.because[:2] == (
        'The load of "dev" is 3 person-days, and they have 2.5 in the 5 working days to '
        "2027-01-08: that takes 6 working days, 1 too many.",
        'The load of "ops" is 4 person-days, and they have 2.5 in the 5 working days to '
        "2027-01-08: that takes 8 working days, 3 too many.",
    )
    everybody = placed(model(*(work(f"x{n}", 4, {}) for n in range(4))), end=FRIDAY)
    assert everybody.because[0].startswith("The load of all people together is 16 person-days")


def test_what_is_too_long_only_together() -> None:
    both = {"dev": 1, "ops": 1}
    built = model(work("x", 6, both), work("y", 4, {"ops": 2}), work("z", 4, {"dev": 2}))
    roadmap = placed(built, Team({"dev": 2, "ops": 2}), end=date(2027, 1, 7))
    assert roadmap.because == (
        "The plan takes at least 5 working days, 1 more than the 4 working days to 2027-01-07: "
        "no chain of needs and no role's load is too long alone, but together they are.",
    )


def test_what_could_not_be_decided_in_time_says_so() -> None:
    # Longest first takes 11 days, a pair that fills the 9 days has to be looked for.
    days = (5, 5, 4, 4, 3, 3, 3)
    built = model(*(work(f"x{n}", d) for n, d in enumerate(days)))
    roadmap = placed(built, Team({"dev": 3}), end=date(2027, 1, 14), seconds=0)
    assert roadmap.status is Status.INFEASIBLE
    assert roadmap.bound == 9 < roadmap.makespan
    assert "nothing proves" in roadmap.because[0]
    assert not roadmap.are_ties_settled


# What can never be placed ---------------------------------------------------------------------


def faults(built: Rubric, team: Team = TEAM, end: date | None = None, **keys: Any) -> list[str]:
    with pytest.raises(RoadmapError) as caught:
        placed(built, team, end, **keys)
    assert caught.value.exit_code == 3
    return [f"{fault.message} | {fault.fix}" for fault in caught.value.faults]


def test_all_that_stands_in_the_way_is_told_at_once() -> None:
    built = model(
        work("x", 1, {"designer": 1}),
        work("y", 1, {"dev": 3}),
        work("z", 9),
        *(work(f"w{n}", 1, {"designer": 2}) for n in range(6)),
    )
    assert faults(built, end=FRIDAY) == [
        'nobody in the team is "designer", and x@automated, w0@automated, w1@automated, '
        "w2@automated, w3@automated and 2 more cannot do without | "
        "Make it at least [team.people] designer = 2.",
        'y@automated takes 3 "dev" at once, and the team has 2 | '
        "Make it at least [team.people] dev = 3.",
        "z@automated alone takes 9 working days, and there are 5 to the end | "
        "It is 9 days of effort: with 2 people on it in the rubric instead of 1 it would fit, "
        "or set the end 4 later.",
    ]


def test_a_team_of_nobody() -> None:
    fix = "Say how many there are of each role: [team.people] with ROLE = N."
    assert faults(model(work("x")), Team({"dev": 0})) == [f"the team has nobody | {fix}"]


def test_a_need_that_the_plan_has_forgotten() -> None:
    built = model(work("x", 1, DEV, "y@automated"), work("y", 1))
    found = faults(built, modes={"y": "manual"})
    assert found[0].startswith("x@automated needs y@automated, which is neither done nor planned")


def test_what_takes_longer_than_dates_reach() -> None:
    tiny = Team({"dev": 1}, Fraction(1, 10**9))
    assert "1e+09 working days, more than 100,000" in faults(model(work("x", 1)), tiny)[0]
    long = model(work("x", 99_999), work("y", 99_999))
    assert "the plan takes 199998 working days" in faults(long, Team({"dev": 9}))[0]


def test_activities_name_what_they_are() -> None:
    built = model(work("x", 1, {}))
    (one,) = activities(built, assessment(), [upgrade(built.items[ItemId("x")])], TEAM)
    assert isinstance(one, Activity)
    assert (str(one.ref), one.heads, one.people) == ("x@automated", 1, {})


# Determinism ----------------------------------------------------------------------------------


def test_the_same_roadmap_whatever_the_order_of_sets() -> None:
    program = (
        "from maturity_planner.core.scheduling_problem import SchedulingProblem, Task\n"
        "from maturity_planner.core.cpsat import Wish\n"
        "from maturity_planner.core.scheduler import Goals, place\n"
        "tasks = [Task(1 + n * 7 % 5, {n % 2: 1, 2: 1}, ((n - 3, n - 2),) if n % 4 == 3 else ())"
        " for n in range(14)]\n"
        "goals = Goals((tuple(n % 3 for n in range(14)),), (Wish(0, (5,)),))\n"
        "print(place(SchedulingProblem(tuple(tasks), (2, 1, 3)), goals, seconds=60))\n"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "77")
    ]
    assert told[0] == told[1]
    assert "is_settled=True" in told[0]


# From a file ----------------------------------------------------------------------------------


def test_a_roadmap_is_made_again_from_its_dates() -> None:
    built = model(work("x", 2, DEV), work("y", 3, DEV, "x@manual"))
    team, window = Team({"dev": 1}), Window(MONDAY)
    upgrades = [upgrade(built.items[ItemId(name)]) for name in ("x", "y")]
    roadmap = schedule(built, assessment(), upgrades, team, window)
    dates = {p.ref: (p.start, p.end) for p in roadmap.activities}
    again = as_dated(built, assessment(), upgrades, team, window, dates)
    assert again is not None
    assert again.activities == roadmap.activities
    assert (
        as_dated(built, assessment(), upgrades, Team({"dev": 1}, Fraction(1, 2)), window, dates)
        is None
    )
    assert as_dated(built, assessment(), upgrades, Team({"ops": 1}), window, dates) is None
    assert as_dated(built, assessment(), upgrades, team, window, {}) is None
    assert as_dated(built, assessment(), [], team, window, dates) is None
