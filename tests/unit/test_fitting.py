"""The best score in time: small cases that can be checked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from builders import assessment, item, mode, rubric
from maturity_planner.core import fitting
from maturity_planner.core.calendar import Window
from maturity_planner.core.fitting import best_in_time, capacity_of
from maturity_planner.core.plan import Plan, Request, Status
from maturity_planner.core.planner import Planner
from maturity_planner.core.roadmap import Roadmap, schedule
from maturity_planner.core.rubric import Rubric
from maturity_planner.core.solver import OutOfTime
from maturity_planner.core.team import Absence, Team

MONDAY = date(2027, 1, 4)
DONE = [{"id": "done", "points": 1}]
REQUEST = Request(None, horizon=Fraction(4))
WEEK = Window(MONDAY, date(2027, 1, 8))
SOLO = Team({"dev": 1})


def work(name: str, days: Any, role: str = "dev", **keys: Any) -> dict[str, Any]:
    return item(name, modes={"done": mode(days, **keys)}, people={role: 1})


def model(*days: int) -> Rubric:
    """Items of one section, so that the score is how many are done."""
    return rubric({"s": [work(f"x{n}", d) for n, d in enumerate(days)]}, modes=DONE)


def best(built: Rubric, wanted: int, team: Team = SOLO, window: Window = WEEK) -> Any:
    return best_in_time(Planner(built, assessment()), REQUEST, Fraction(wanted), team, window)


def test_the_highest_point_that_fits_is_taken_and_the_next_one_proven_too_much() -> None:
    found = best(model(1, 2, 3, 4), 4)
    assert found
    assert (found.plan.after.score, found.roadmap.makespan, found.next_score) == (2, 3, 3)
    assert (found.capacity, found.least_effort, found.is_best) == (5, 6, True)
    assert found.undecided == ()


def test_what_is_wanted_is_the_limit() -> None:
    found = best(model(1, 1, 1, 1), 2)
    assert found
    assert (found.plan.after.score, found.next_score, found.is_best) == (2, None, False)


def test_a_dearer_plan_might_fit_where_the_cheapest_one_does_not() -> None:
    # Two are wanted: the cheap ones are both work of the only "ops", who has five days.
    built = rubric(
        {"s": [work("a", 3, "ops"), work("b", 3, "ops"), work("c", 4, "dev")]}, modes=DONE
    )
    found = best(built, 2, Team({"dev": 1, "ops": 1}))
    assert found
    assert (found.plan.after.score, found.next_score) == (1, 2)
    assert (found.least_effort, found.capacity, found.is_best) == (6, 10, False)


def test_nothing_above_today_fits() -> None:
    assert best(model(6, 7), 2) is None
    assert best(model(6, 7), 2, Team({"ops": 1})) is None
    both = rubric({"s": [work("a", 3)], "t": [work("b", 3)]}, modes=DONE)
    assert best(both, 1) is None


def test_the_capacity_counts_focus_holidays_and_absences() -> None:
    team = Team(
        {"dev": 2, "ops": 1},
        Fraction(1, 2),
        holidays=frozenset([date(2027, 1, 6)]),
        absences=(Absence("dev", date(2027, 1, 7), date(2027, 1, 20), 1),),
    )
    assert capacity_of(team, WEEK) == Fraction(3 * 4 - 2, 2)


def test_what_the_time_did_not_decide_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    real = schedule

    def short_of_time(*arguments: Any, **keys: Any) -> Roadmap:
        found = real(*arguments, **keys)
        if len(arguments[2]) < 4:
            return found
        return replace(found, status=Status.INFEASIBLE)

    monkeypatch.setattr(fitting, "schedule", short_of_time)
    found = best(model(1, 1, 1, 1), 4)
    assert found
    assert (found.plan.after.score, found.undecided, found.next_score) == (3, (4,), 4)
    assert not found.is_best


def stopped(built: Rubric, monkeypatch: pytest.MonkeyPatch, status: str | None) -> Any:
    real = schedule

    def interrupted(*arguments: Any, **keys: Any) -> Roadmap:
        found = replace(real(*arguments, **keys), is_interrupted=True)
        return replace(found, status=Status(status)) if status else found

    monkeypatch.setattr(fitting, "schedule", interrupted)
    return best(built, 2)


def test_ctrl_c_keeps_what_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    found = stopped(model(1, 1), monkeypatch, None)
    assert found
    assert found.roadmap.is_interrupted
    assert found.least_effort is None


def test_ctrl_c_before_anything_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt):
        stopped(model(1, 1), monkeypatch, "infeasible")


def test_ctrl_c_while_the_frontier_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Planner.frontier

    def interrupted(self: Planner, request: Request) -> Any:
        for plan in real(self, request):
            yield replace(plan, is_interrupted=True)

    monkeypatch.setattr(Planner, "frontier", interrupted)
    with pytest.raises(KeyboardInterrupt):
        best(model(1, 1), 2)


def test_without_time_for_the_least_effort_the_fit_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(self: Planner, request: Request) -> Plan:
        raise OutOfTime

    monkeypatch.setattr(Planner, "plan", late)
    found = best(model(1, 2, 3, 4), 4)
    assert found
    assert (found.next_score, found.least_effort, found.is_best) == (3, None, False)
