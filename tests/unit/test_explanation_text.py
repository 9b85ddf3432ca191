"""The answer of `plan --explain` in words, where it takes a rare case to see them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from builders import assessment, item, mode, rubric
from maturity_planner.cli.explaining import explanation
from maturity_planner.core.explaining import Explanation, Other, explain_item
from maturity_planner.core.pins import parse_pin
from maturity_planner.core.plan import COST_UNIT, Plan, Request, Status
from maturity_planner.core.planner import Planner

RUBRIC = rubric(
    {"s": [item(name, modes={"manual": mode(days)}) for name, days in (("a", 2), ("b", 5))]}
)
PLANNER = Planner(RUBRIC, assessment())
TARGET = Request(Fraction(1, 2))
MONEY = Request(None, budget=6 * COST_UNIT)


def asked(request: Request, name: str = "b") -> tuple[Plan, Explanation]:
    plan = PLANNER.plan(request)
    return plan, explain_item(PLANNER, plan, parse_pin(name))


def last(plan: Plan, found: Explanation) -> str:
    *_, paragraph = explanation(plan, found)
    return paragraph


def with_forced(found: Explanation, other: Other) -> Explanation:
    return replace(found, forced=(other,))


def test_nothing_found_in_time() -> None:
    plan, found = asked(TARGET)
    (other,) = found.forced
    assert last(plan, with_forced(found, Other(None, other.upgrade))) == (
        "With b@manual nothing was found in time: nobody knows yet whether there is a way."
    )


def test_what_is_not_proven_has_two_numbers_and_no_price() -> None:
    plan, found = asked(TARGET)
    (other,) = found.forced
    assert other.plan is not None
    unproven = replace(other.plan, status=Status.FEASIBLE, bound=0)
    expected = (
        "With b@manual the best plan found costs 5. Not proven: the difference lies between "
        "1 and 3. It leaves out a@manual."
    )
    part = replace(other, plan=unproven, least_more=COST_UNIT, price=None)
    assert last(plan, with_forced(found, part)) == expected
    rough = replace(plan, status=Status.FEASIBLE)
    assert last(rough, with_forced(found, replace(part, plan=other.plan))) == expected


def test_a_tie_that_would_be_lost_asks_for_more_than_the_difference() -> None:
    plan, found = asked(TARGET)
    assert last(plan, found).endswith(
        "It would be chosen if it cost more than 3 less: below 2 instead of 5."
    )


def test_for_the_budget_the_same_score_can_come_with_other_points_and_costs() -> None:
    plan, found = asked(MONEY)
    (other,) = found.forced
    assert last(plan, found) == (
        "With b@manual the best score for the budget is 0.5, too, with as many points in all; "
        "it costs 5. It leaves out a@manual."
    )
    assert other.plan is not None
    more = replace(other.plan, upgrades=(*other.plan.upgrades, *plan.upgrades), cost=plan.cost)
    assert "with more points in all; it costs as much." in last(
        plan, with_forced(found, replace(other, plan=more))
    )


def test_for_the_budget_what_is_not_proven_may_even_be_better() -> None:
    plan, found = asked(MONEY)
    (other,) = found.forced
    assert other.plan is not None
    after = replace(other.plan.after, score=Fraction(1))
    better = replace(other.plan, after=after, status=Status.FEASIBLE)
    assert last(plan, with_forced(found, replace(other, plan=better))) == (
        "With b@manual a score was found for the budget: 1, 0.5 more. Not proven: a better one "
        "may exist. It leaves out a@manual."
    )
