"""Why an item is in the plan, or what it would take: small cases that can be done by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from builders import assessment, item, mode, rubric
from maturity_planner.core.explaining import Explanation, Other, explain_item
from maturity_planner.core.pins import parse_pin
from maturity_planner.core.plan import COST_UNIT, Plan, Request, Status
from maturity_planner.core.planner import Planner
from maturity_planner.core.rubric import ItemId, ModeId
from maturity_planner.core.solver import OutOfTime


def simple(name: str, days: int, **keys: Any) -> dict[str, Any]:
    """An item with one mode that brings half a point."""
    return item(name, modes={"manual": mode(days, **keys)})


SECTIONS = {
    "s": [
        simple("cheap", 2),
        simple("dear", 5),
        simple("needy", 1, needs=["base@manual"]),
        simple("base", 4),
        simple("twin", 2),
    ]
}


def explained(
    name: str, request: Request, waivers: Mapping[str, Any] | None = None
) -> tuple[Plan, Explanation]:
    planner = Planner(rubric(SECTIONS), assessment({}, waivers))
    plan = planner.plan(request)
    return plan, explain_item(planner, plan, parse_pin(name))


def only(explanation: Explanation) -> Other:
    (other,) = explanation.forced
    return other


HALF = Request(Fraction(1, 2))
FOR_FIVE_DAYS = Request(None, budget=5 * COST_UNIT)


def test_what_is_in_says_what_it_would_cost_without_it() -> None:
    plan, found = explained("cheap", HALF)
    assert [str(u.ref) for u in plan.upgrades] == ["cheap@manual"]
    assert found.upgrade == plan.upgrades[0]
    assert found.without is not None
    assert (found.without.more, found.without.adds) == (0, (("twin", "manual"),))


def test_what_is_out_would_have_to_cost_as_much_less_as_it_makes_the_plan_dearer() -> None:
    _, found = explained("dear", HALF)
    other = only(found)
    assert (other.more, other.drops) == (3 * COST_UNIT, (("cheap", "manual"),))
    assert other.price == (2 * COST_UNIT, False)  # at two days the tie goes to the first item


def test_what_needs_too_much_is_not_chosen_for_nothing() -> None:
    _, found = explained("needy", HALF)
    other = only(found)
    assert (other.more, other.price) == (3 * COST_UNIT, None)
    assert other.adds == (("needy", "manual"), ("base", "manual"))


def test_what_lost_the_tie_would_be_chosen_for_anything_less() -> None:
    _, found = explained("twin", HALF)
    assert (only(found).more, only(found).price) == (0, (2 * COST_UNIT, False))


def test_what_cannot_be_done_says_why() -> None:
    waiver = {"dear": {"reason": "r", "owner": "o", "until": "2099-01-01"}}
    _, found = explained("dear", HALF, waiver)
    assert only(found).found is None
    assert only(found).because == ("dear is waived until 2099-01-01 (r).",)


def test_what_the_target_cannot_do_without_says_so() -> None:
    _, found = explained("dear", Request(Fraction(5, 2)))
    assert found.without is not None
    assert found.without.found is None
    assert found.without.because == ("s can reach 2 at most: dear is excluded.",)


def test_a_pin_of_ones_own_is_taken_back_to_see_what_it_costs() -> None:
    plan, found = explained("dear", replace(HALF, include=(parse_pin("dear"),)))
    assert plan.cost == 5 * COST_UNIT
    assert found.without is not None
    assert found.without.more == -3 * COST_UNIT


def test_a_budget_beside_a_target_is_set_aside() -> None:
    _, found = explained("dear", replace(HALF, budget=2 * COST_UNIT))
    assert only(found).found is not None
    assert only(found).more == 3 * COST_UNIT


def test_for_the_budget_scores_are_compared_and_no_price_is_named() -> None:
    plan, found = explained("dear", FOR_FIVE_DAYS)
    other = only(found)
    assert other.found is not None
    assert other.price is None
    assert (plan.after.score, other.found.after.score) == (Fraction(1), Fraction(1, 2))
    _, found = explained("needy", replace(FOR_FIVE_DAYS, budget=4 * COST_UNIT))
    assert only(found).because == (
        "The cheapest way there costs 5 days, 1 more than the budget 4.",
    )


def test_what_is_there_already_has_nothing_to_be_forced_to() -> None:
    planner = Planner(rubric(SECTIONS), assessment({"dear": "manual"}))
    plan = planner.plan(Request(Fraction(1)))
    assert explain_item(planner, plan, parse_pin("dear")) == Explanation(
        planner.rubric.items[ItemId("dear")], ModeId("manual")
    )


@pytest.mark.parametrize("problem", [OutOfTime, KeyboardInterrupt])
def test_nothing_found_in_time_is_not_known(
    problem: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    planner = Planner(rubric(SECTIONS), assessment())
    plan = planner.plan(HALF)

    def stopped(self: Planner, request: Request) -> Plan:
        raise problem

    monkeypatch.setattr(Planner, "plan", stopped)
    other = only(explain_item(planner, plan, parse_pin("dear")))
    assert (other.plan, other.because, other.price) == (None, (), None)


def test_what_is_not_proven_has_bounds_and_no_price(monkeypatch: pytest.MonkeyPatch) -> None:
    planner = Planner(rubric(SECTIONS), assessment())
    plan = planner.plan(HALF)
    make = Planner.plan

    def cut_short(self: Planner, request: Request) -> Plan:
        return replace(make(self, request), status=Status.FEASIBLE, bound=1)

    monkeypatch.setattr(Planner, "plan", cut_short)
    other = only(explain_item(planner, plan, parse_pin("dear")))
    assert (other.least_more, other.more, other.price) == (0, 3 * COST_UNIT, None)
