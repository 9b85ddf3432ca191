"""The planner against brute force, and rules that hold for every rubric."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

import brute_force
from maturity_planner.core.assessment import Assessment
from maturity_planner.core.plan import COST_UNIT, Request, Status, reachable_modes
from maturity_planner.core.planner import make_plan
from maturity_planner.core.rubric import Rubric
from maturity_planner.core.score import modes_today, score_modes

from .strategies import cases

Case = tuple[Rubric, Assessment]
HORIZONS = st.sampled_from([Fraction(0), Fraction(1), Fraction(4), Fraction(5, 2)])


@st.composite
def targets(draw: st.DrawFn, case: Case) -> Fraction:
    """A target between today and the best there is, or a little beyond."""
    rubric, assessment = case
    best, _ = score_modes(rubric, reachable_modes(rubric, assessment), assessment.waivers.keys())
    share = draw(st.sampled_from([1, 2, 3, 4, 4, 5]))
    return best * share / 4 + (Fraction(1, 3) if share == 5 else 0)


@settings(max_examples=300, deadline=None)
@given(st.data(), cases(), HORIZONS)
def test_a_plan_is_the_first_of_all_plans_by_the_rule_of_the_contract(
    data: st.DataObject, case: Case, horizon: Fraction
) -> None:
    rubric, assessment = case
    target = data.draw(targets(case))
    plan = make_plan(rubric, assessment, Request(target, horizon=horizon))
    choices = list(brute_force.plans(rubric, assessment, target, horizon))
    if not choices:
        assert plan.status is Status.INFEASIBLE
        assert plan.because
        return
    best = min(choices, key=lambda choice: choice.order)
    assert plan.status is Status.OPTIMAL
    assert Fraction(plan.cost, COST_UNIT) == best.cost
    assert plan.bound == plan.cost
    found = tuple((u.item.position, u.item.rank(u.to_mode)) for u in plan.upgrades)
    assert found == best.upgrades


@settings(max_examples=150, deadline=None)
@given(st.data(), cases())
def test_before_and_after_are_the_scores_that_a_reader_would_compute(
    data: st.DataObject, case: Case
) -> None:
    rubric, assessment = case
    plan = make_plan(rubric, assessment, Request(data.draw(targets(case))))
    ranks = brute_force.today(rubric, assessment)
    assert (plan.before.score, list(plan.before.sections.values())) == brute_force.score(
        rubric, assessment, ranks
    )
    if plan.status is Status.OPTIMAL:
        ranks |= {u.item.id: u.item.rank(u.to_mode) for u in plan.upgrades}
        assert (plan.after.score, list(plan.after.sections.values())) == brute_force.score(
            rubric, assessment, ranks
        )


@settings(max_examples=200, deadline=None)
@given(cases())
def test_the_best_reachable_score_is_the_best_of_all_plans(case: Case) -> None:
    rubric, assessment = case
    best, _ = score_modes(rubric, reachable_modes(rubric, assessment), assessment.waivers.keys())
    nothing = Fraction(0)
    assert list(brute_force.plans(rubric, assessment, best, nothing))
    assert not list(brute_force.plans(rubric, assessment, best + Fraction(1, 10**6), nothing))


@settings(max_examples=150, deadline=None)
@given(st.data(), cases())
def test_every_upgrade_says_why_it_is_there(data: st.DataObject, case: Case) -> None:
    rubric, assessment = case
    plan = make_plan(rubric, assessment, Request(data.draw(targets(case))))
    for upgrade in plan.upgrades:
        assert upgrade.why
        assert upgrade.cost == 0 or "costs nothing" not in upgrade.why


@settings(max_examples=100, deadline=None)
@given(st.data(), cases(most_items=14))
def test_a_higher_target_never_costs_less(data: st.DataObject, case: Case) -> None:
    rubric, assessment = case
    low, high = sorted([data.draw(targets(case)), data.draw(targets(case))])
    cheap = make_plan(rubric, assessment, Request(low))
    dear = make_plan(rubric, assessment, Request(high))
    if dear.status is Status.OPTIMAL:
        assert cheap.status is Status.OPTIMAL
        assert cheap.cost <= dear.cost


@settings(max_examples=200, deadline=None)
@given(st.data(), cases())
def test_more_done_never_scores_less(data: st.DataObject, case: Case) -> None:
    rubric, assessment = case
    modes = modes_today(rubric, assessment)
    before, _ = score_modes(rubric, modes, assessment.waivers.keys())
    item = data.draw(st.sampled_from(list(rubric.items.values())))
    modes[item.id] = item.top.id
    after, _ = score_modes(rubric, modes, assessment.waivers.keys())
    assert after >= before
