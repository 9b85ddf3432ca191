"""What `--explain` claims about one item, against trying every plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

import brute_force
from maturity_planner.core.assessment import Assessment
from maturity_planner.core.explaining import Other, explain_item, is_for_the_budget
from maturity_planner.core.plan import COST_UNIT, Pin, Plan, Status
from maturity_planner.core.planner import Planner
from maturity_planner.core.quantity import DAY, Cents
from maturity_planner.core.reasons import contradictions
from maturity_planner.core.rubric import Effort, Item, ModeId, Rubric

from .strategies import cases
from .test_planner import Case, pins, requests, taken

Choices = list[brute_force.Choice]
CENT = COST_UNIT // DAY


def check(found: Plan | None, choices: Iterable[brute_force.Choice], *, for_money: bool) -> None:
    """The plan is the first of the choices; none is infeasible."""
    ranked = sorted(choices, key=lambda c: c.by_score if for_money else c.by_cost)
    assert found is not None
    if not ranked:
        assert found.status is Status.INFEASIBLE
        assert found.because
        return
    assert found.status is Status.OPTIMAL
    assert taken(found.upgrades) == ranked[0].upgrades


@settings(max_examples=250, deadline=None)
@given(st.data(), cases(most_items=8))
def test_with_and_without_are_the_best_plans_that_hold_it_and_that_do_not(
    data: st.DataObject, case: Case
) -> None:
    rubric, assessment = case
    request = data.draw(requests(case))
    pin = data.draw(pins(rubric))
    assume(not contradictions(rubric, assessment, request))
    planner = Planner(rubric, assessment)
    plan = planner.plan(request)
    assume(plan.status is not Status.INFEASIBLE)
    item = rubric.items[pin.item]
    for_money = is_for_the_budget(request)
    free = request if for_money else replace(request, budget=None)
    choices = brute_force.plans(rubric, assessment, free)

    explained = explain_item(planner, plan, pin)
    chosen = {(u.item.id, u.to_mode) for u in plan.upgrades}
    is_in = any(pin.names(item, mode) for name, mode in chosen if name == item.id)
    assert (explained.upgrade is not None) == is_in
    if is_in:
        assert explained.without is not None
        assert not explained.forced
        kept = tuple(p for p in free.include if p.item != item.id or pin.mode not in (None, p.mode))
        others = brute_force.plans(rubric, assessment, replace(free, include=kept))
        named = {(item.position, item.rank(m)) for m in item.modes if pin.names(item, m)}
        without = [c for c in others if not named & set(c.upgrades)]
        check(explained.without.plan, without, for_money=for_money)
        return
    assert explained.without is None
    above = [m for m in item.modes if item.rank(m) > item.rank(assessment.mode(item))]
    assert [o.upgrade.to_mode for o in explained.forced if o.upgrade] == [
        m for m in above if pin.mode in (None, m)
    ]
    allowed = replace(free, exclude=tuple(p for p in free.exclude if p.item != item.id))
    choices_with = brute_force.plans(rubric, assessment, allowed)
    for other in explained.forced:
        assert other.upgrade is not None
        place = (item.position, item.rank(other.upgrade.to_mode))
        held = [c for c in choices_with if place in c.upgrades]
        check(other.plan, held, for_money=for_money)
        if held and not for_money:
            best = min(c.cost for c in choices)
            assert Fraction(other.more, COST_UNIT) == min(c.cost for c in held) - best
            assert other.more == other.least_more


@settings(max_examples=300, deadline=None)
@given(st.data(), cases(most_items=8))
def test_the_price_is_what_the_upgrade_has_to_cost_to_be_chosen(
    data: st.DataObject, case: Case
) -> None:
    rubric, assessment = case
    request = replace(data.draw(requests(case)), budget=None)
    assume(not contradictions(rubric, assessment, request))
    planner = Planner(rubric, assessment)
    plan = planner.plan(request)
    item = data.draw(st.sampled_from(list(rubric.items.values())))
    assume(plan.status is not Status.INFEASIBLE)
    explained = explain_item(planner, plan, Pin(item.id))
    for other in explained.forced:
        if other.found:
            check_price(rubric, assessment, plan, other)


def check_price(rubric: Rubric, assessment: Assessment, plan: Plan, other: Other) -> None:
    assert other.upgrade is not None
    upgrade = other.upgrade
    # The estimate can go down to 0, in hundredths of a day; the upkeep stays.
    enough = other.more // CENT + 1
    for cents in (0, enough - 2, enough - 1, enough, upgrade.effort):
        if not 0 <= cents <= upgrade.effort:
            continue
        cheaper = estimated(assessment, upgrade.item, upgrade.to_mode, upgrade.effort - cents)
        again = Planner(rubric, cheaper).plan(plan.request)
        is_chosen = upgrade.ref in {u.ref for u in again.upgrades}
        cost = upgrade.cost - cents * CENT
        price = other.price
        expected = price is not None and (
            cost < price.cost or (cost == price.cost and price.wins_tie)
        )
        assert is_chosen == expected, (cents, price)


def estimated(assessment: Assessment, item: Item, mode: ModeId, cents: int) -> Assessment:
    """The assessment with another estimate of a team's own for one upgrade."""
    days = Fraction(cents, DAY)
    answer = assessment.answers[item.id]
    effort = {**(answer.effort or {}), mode: Effort(days, days, days, Cents(cents))}
    return replace(
        assessment, answers={**assessment.answers, item.id: replace(answer, effort=effort)}
    )
