"""The planner against brute force, and rules that hold for every rubric."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

import brute_force
from maturity_planner.core.assessment import Assessment
from maturity_planner.core.explaining import is_for_the_budget
from maturity_planner.core.plan import COST_UNIT, Pin, Request, Status, Upgrade, reachable_modes
from maturity_planner.core.planner import Planner
from maturity_planner.core.reasons import contradictions
from maturity_planner.core.rubric import NONE, Rubric
from maturity_planner.core.score import lowered_score, modes_today, score_modes

from .strategies import cases

Case = tuple[Rubric, Assessment]
HORIZONS = st.sampled_from([Fraction(0), Fraction(1), Fraction(4), Fraction(5, 2)])


@st.composite
def targets(draw: st.DrawFn, case: Case) -> Fraction:
    """A target between today and the best there is, or a little beyond."""
    rubric, assessment = case
    reachable = reachable_modes(rubric, assessment, Request(None))
    best, _ = score_modes(rubric, reachable, assessment.waivers.keys())
    share = draw(st.sampled_from([1, 2, 3, 4, 4, 5]))
    return best * share / 4 + (Fraction(1, 3) if share == 5 else 0)


@st.composite
def pins(draw: st.DrawFn, rubric: Rubric) -> Pin:
    """A pin of any item, with or without a mode."""
    item = draw(st.sampled_from(list(rubric.items.values())))
    return Pin(item.id, draw(st.sampled_from([None, *item.modes])))


@st.composite
def requests(draw: st.DrawFn, case: Case) -> Request:
    """Any option alone, in pairs, or more."""
    rubric, _ = case
    wanted = draw(st.sets(st.sampled_from(["target", "sections", "budget", "include", "exclude"])))
    request = Request(None, horizon=draw(HORIZONS))
    if "target" in wanted:
        request = replace(request, target=draw(targets(case)))
    if "sections" in wanted:
        section = draw(st.sampled_from(rubric.sections))
        most = draw(st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(3, 2), Fraction(2)]))
        request = replace(request, section_targets={section.id: most})
    if "budget" in wanted:
        request = replace(request, budget=draw(st.sampled_from([0, 1, 2, 5, 9])) * COST_UNIT)
    if "include" in wanted:
        request = replace(request, include=(draw(pins(rubric)),))
    if "exclude" in wanted:
        request = replace(request, exclude=(draw(pins(rubric)),))
    return request


def taken(upgrades: Iterable[Upgrade]) -> tuple[tuple[int, int], ...]:
    return tuple((u.item.position, u.item.rank(u.to_mode)) for u in upgrades)


@settings(max_examples=300, deadline=None)
@given(st.data(), cases())
def test_a_plan_is_the_first_of_all_plans_by_the_rule_of_the_contract(
    data: st.DataObject, case: Case
) -> None:
    rubric, assessment = case
    request = data.draw(requests(case))
    assume(not contradictions(rubric, assessment, request))
    plan = Planner(rubric, assessment).plan(request)
    choices = brute_force.plans(rubric, assessment, request)
    if not choices:
        assert plan.status is Status.INFEASIBLE
        assert plan.because
        return
    is_for_score = request.budget is not None and request.target is None
    best = min(choices, key=lambda c: c.by_score if is_for_score else c.by_cost)
    assert plan.status is Status.OPTIMAL
    assert Fraction(plan.cost, COST_UNIT) == best.cost
    assert plan.bound == plan.cost
    assert plan.after.score == best.score
    assert taken(plan.upgrades) == best.upgrades


@settings(max_examples=200, deadline=None)
@given(st.data(), cases())
def test_alternatives_are_exactly_the_next_plans(data: st.DataObject, case: Case) -> None:
    rubric, assessment = case
    request = data.draw(requests(case))
    assume(not contradictions(rubric, assessment, request))
    plan = Planner(rubric, assessment).plan(request, alternatives=3)
    assert plan.has_all_alternatives
    for_money = is_for_the_budget(request)
    choices = brute_force.plans(rubric, assessment, request)
    expected = brute_force.alternatives(choices, 3, for_money=for_money)
    if plan.status is Status.OPTIMAL:
        found = [plan.upgrades, *(other.upgrades for other in plan.alternatives)]
        assert [taken(upgrades) for upgrades in found] == [c.upgrades for c in expected]


@settings(max_examples=150, deadline=None)
@given(st.data(), cases(most_items=8))
def test_the_frontier_is_every_pair_that_no_other_beats(data: st.DataObject, case: Case) -> None:
    rubric, assessment = case
    request = Request(None, horizon=data.draw(HORIZONS))
    found = [
        (plan.after.score, Fraction(plan.cost, COST_UNIT))
        for plan in Planner(rubric, assessment).frontier(request)
    ]
    assert found == brute_force.frontier(brute_force.plans(rubric, assessment, request))


@settings(max_examples=100, deadline=None)
@given(st.data(), cases())
def test_an_exclusion_never_makes_a_plan_cheaper(data: st.DataObject, case: Case) -> None:
    rubric, assessment = case
    request = Request(data.draw(targets(case)))
    free = Planner(rubric, assessment).plan(request)
    bound = Planner(rubric, assessment).plan(replace(request, exclude=(data.draw(pins(rubric)),)))
    if bound.status is Status.OPTIMAL:
        assert free.status is Status.OPTIMAL
        assert free.cost <= bound.cost


@settings(max_examples=100, deadline=None)
@given(st.data(), cases())
def test_a_larger_budget_never_lowers_the_score(data: st.DataObject, case: Case) -> None:
    rubric, assessment = case
    small, large = sorted(data.draw(st.tuples(st.integers(0, 12), st.integers(0, 12))))
    scores = [
        Planner(rubric, assessment).plan(Request(None, budget=days * COST_UNIT)).after.score
        for days in (small, large)
    ]
    assert scores[0] <= scores[1]


@settings(max_examples=150, deadline=None)
@given(st.data(), cases())
def test_before_and_after_are_the_scores_that_a_reader_would_compute(
    data: st.DataObject, case: Case
) -> None:
    rubric, assessment = case
    plan = Planner(rubric, assessment).plan(Request(data.draw(targets(case))))
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
    reachable = reachable_modes(rubric, assessment, Request(None))
    best, _ = score_modes(rubric, reachable, assessment.waivers.keys())
    assert brute_force.plans(rubric, assessment, Request(best))
    assert not brute_force.plans(rubric, assessment, Request(best + Fraction(1, 10**6)))


@settings(max_examples=150, deadline=None)
@given(st.data(), cases())
def test_every_upgrade_says_why_it_is_there(data: st.DataObject, case: Case) -> None:
    rubric, assessment = case
    plan = Planner(rubric, assessment).plan(Request(data.draw(targets(case))))
    for upgrade in plan.upgrades:
        assert upgrade.why
        assert upgrade.cost == 0 or "costs nothing" not in upgrade.why


@settings(max_examples=100, deadline=None)
@given(st.data(), cases(most_items=14))
def test_a_higher_target_never_costs_less(data: st.DataObject, case: Case) -> None:
    rubric, assessment = case
    low, high = sorted([data.draw(targets(case)), data.draw(targets(case))])
    cheap = Planner(rubric, assessment).plan(Request(low))
    dear = Planner(rubric, assessment).plan(Request(high))
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


@settings(deadline=None)
@given(cases())
def test_one_item_less_scores_what_the_whole_rubric_would(
    case: tuple[Rubric, Assessment],
) -> None:
    rubric, assessment = case
    waived = assessment.waivers.keys()
    modes = modes_today(rubric, assessment)
    _, scores = score_modes(rubric, modes, waived)
    for item in rubric.items.values():
        if item.id in waived:
            continue
        for lower in [NONE, *item.modes]:
            if item.rank(lower) < item.rank(modes[item.id]):
                _, expected = score_modes(rubric, {**modes, item.id: lower}, waived)
                score = scores[item.section]
                found = lowered_score(rubric, item, modes[item.id], lower, score)
                assert found == expected[item.section]
