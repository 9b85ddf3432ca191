from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from builders import assessment, item, mode, rubric
from maturity_planner.core.plan import COST_UNIT, Plan, Request, Status
from maturity_planner.core.planner import Planner
from maturity_planner.core.rubric import Rubric
from maturity_planner.core.solver import OutOfTime, Solution

DONE = [{"id": "done", "points": 1}]


def names(plan: Plan) -> list[str]:
    return [str(upgrade.ref) for upgrade in plan.upgrades]


def plan_for(
    model: Rubric, target: object, answers: object = None, waivers: object = None, horizon: int = 4
) -> Plan:
    current = assessment(answers, waivers)  # type: ignore[arg-type]
    return Planner(model, current).plan(Request(Fraction(str(target)), horizon=Fraction(horizon)))


def test_upkeep_makes_work_by_hand_dearer_the_longer_one_looks_ahead() -> None:
    by_hand = mode(1, upkeep_days=Decimal("0.5"))
    model = rubric({"s": [item("a", modes={"manual": by_hand, "automated": mode(2)})]})
    assert names(plan_for(model, "0.5", horizon=0)) == ["a@manual"]
    assert names(plan_for(model, "0.5", horizon=4)) == ["a@automated"]


def test_upkeep_that_is_saved_costs_nothing_and_earns_nothing() -> None:
    by_hand = mode(1, upkeep_days=3)
    model = rubric({"s": [item("a", modes={"manual": by_hand, "automated": mode(2)})]})
    plan = plan_for(model, 1, {"a": "manual"})
    assert plan.cost == 20_000
    assert plan.upkeep == -300


def test_a_target_needs_every_section_and_not_only_the_weakest() -> None:
    model = rubric({"s": [item("a")], "t": [item("b")]})
    assert names(plan_for(model, "0.5")) == ["a@manual", "b@manual"]


def test_a_need_is_paid_for_and_says_who_needs_it() -> None:
    needy = {"manual": mode(1), "automated": mode(1, needs=["b@automated"])}
    model = rubric({"s": [item("a", modes=needy)], "t": [item("b", weight=0)]})
    current = assessment({})
    request = Request(None, {model.sections[0].id: Fraction(1)})
    plan = Planner(model, current).plan(request)
    assert names(plan) == ["a@automated", "b@automated"]
    needed = plan.upgrades[1]
    assert [str(ref) for ref in needed.needed_by] == ["a@automated"]
    assert needed.why == "needed by a@automated"


def test_a_need_of_a_lower_mode_binds_the_higher_one_too() -> None:
    needy = {"manual": mode(1, needs=["b@manual"]), "automated": mode(1)}
    model = rubric({"s": [item("a", modes=needy), item("b", weight=0)]})
    assert names(plan_for(model, 1)) == ["a@automated", "b@manual"]


def test_an_unmet_need_of_what_is_claimed_already_is_not_repaired() -> None:
    needy = {"manual": mode(1, needs=["b@manual"]), "automated": mode(9)}
    model = rubric({"s": [item("a", modes=needy), item("b", weight=0), item("c")]})
    assert names(plan_for(model, 1, {"a": "manual"})) == ["c@manual"]


def test_one_of_several_is_enough_and_the_cheapest_is_taken() -> None:
    needy = {"done": mode(1, needs=[{"any_of": ["b@done", "c@done"]}])}
    model = rubric(
        {
            "s": [item("a", modes=needy)],
            "t": [
                item("b", weight=0, modes={"done": mode(5)}),
                item("c", weight=0, modes={"done": mode(2)}),
            ],
        },
        modes=DONE,
    )
    request = Request(None, {model.sections[0].id: Fraction(1)})
    assert names(Planner(model, assessment({})).plan(request)) == ["a@done", "c@done"]


def test_a_soft_need_costs_nothing() -> None:
    needy = {"done": mode(1, needs=[{"soft": "b@done"}])}
    model = rubric({"s": [item("a", modes=needy), item("b", modes={"done": mode(9)})]}, modes=DONE)
    assert names(plan_for(model, 1)) == ["a@done"]


def test_a_teams_own_estimate_replaces_the_rubrics() -> None:
    model = rubric({"s": [item("a"), item("b")]})
    assert names(plan_for(model, "0.5", horizon=0)) == ["a@manual"]
    own = {"b": {"effort_days": {"manual": Decimal("0.5")}}}
    assert names(plan_for(model, "0.5", own, horizon=0)) == ["b@manual"]


def test_what_costs_the_same_is_settled_by_points_then_count_then_place() -> None:
    free = {"manual": mode(0), "automated": mode(0)}
    model = rubric({"s": [item("a", modes=free), item("b")]})
    assert names(plan_for(model, "0.5")) == ["a@automated"]
    model = rubric({"s": [item("a"), item("b"), item("c")]})
    assert names(plan_for(model, "0.5")) == ["a@manual"]


def test_a_target_that_is_reached_needs_nothing() -> None:
    model = rubric({"s": [item("a")]})
    plan = plan_for(model, "0.5", {"a": "automated"})
    assert (plan.status, plan.upgrades, plan.cost) == (Status.OPTIMAL, (), 0)


def test_a_target_beyond_the_rubric_says_where_it_ends() -> None:
    plan = plan_for(rubric({"s": [item("a")]}), 2)
    assert plan.status is Status.INFEASIBLE
    assert plan.because == (
        "Tiny rubric ends at 1: no system can score 2.",
        "The best score that can be reached is 1.",
    )


def test_a_waiver_in_the_way_is_named_and_what_hangs_on_it() -> None:
    needy = {"manual": mode(1), "automated": mode(1, needs=["b@manual"])}
    model = rubric({"s": [item("a", modes=needy), item("b")]})
    waivers = {"b": {"reason": "out of scope", "owner": "x", "until": "2027-03-31"}}
    plan = plan_for(model, 1, waivers=waivers)
    assert plan.status is Status.INFEASIBLE
    assert plan.because == (
        "s can reach 0.5 at most: a@automated needs b@manual, and b is waived until 2027-03-31; "
        "b is waived until 2027-03-31 (out of scope).",
        "The best score that can be reached is 0.5.",
    )


def test_levels_ask_for_every_criterion_up_to_the_level() -> None:
    model = rubric(
        {
            "s": [
                item("a", level=1, modes={"done": mode(1)}),
                item("b", level=2, modes={"done": mode(1)}),
                item("c", level=2, optional=True, modes={"done": mode(1)}),
            ],
            "t": [item("d", level=3, modes={"done": mode(9)})],
        },
        section="levels",
        modes=DONE,
    )
    assert names(plan_for(model, 2)) == ["a@done", "b@done"]
    assert names(plan_for(model, "1.5")) == ["a@done", "b@done"]


def test_a_mean_of_levels_takes_the_cheapest_section() -> None:
    model = rubric(
        {
            "s": [item("a", level=2, modes={"done": mode(5)})],
            "t": [item("b", level=2, modes={"done": mode(3)})],
        },
        section="levels",
        overall="mean",
        modes=DONE,
    )
    plan = plan_for(model, 1)
    assert names(plan) == ["b@done"]
    assert plan.after.score == 1
    assert plan.upgrades[0].why == "lifts t and with it the mean to 1"


def test_a_tie_in_everything_goes_to_the_plan_that_comes_first_in_the_rubric() -> None:
    def part(name: str, weight: int, *needs: str) -> dict[str, object]:
        return item(name, weight=weight, modes={"done": mode(1, needs=list(needs))})

    # {a, d} and {b, c} cost the same, and positions 0 + 3 and 1 + 2 add up to the same
    items = [part("a", 1, "d@done"), part("b", 1, "c@done"), part("c", 0), part("d", 0)]
    assert names(plan_for(rubric({"s": items}, modes=DONE), 1)) == ["a@done", "d@done"]
    # the same the other way round, so that it is not the solver's own liking
    items = [part("a", 0), part("b", 1, "c@done"), part("c", 0), part("d", 1, "a@done")]
    assert names(plan_for(rubric({"s": items}, modes=DONE), 1)) == ["a@done", "d@done"]


def test_a_teams_own_upkeep_replaces_the_rubrics() -> None:
    by_hand = mode(1, upkeep_days=Decimal("0.5"))
    model = rubric({"s": [item("a", modes={"manual": by_hand, "automated": mode(2)})]})
    own = {"a": {"upkeep_days": {"manual": Decimal("0.1")}}}
    assert names(plan_for(model, "0.5", own)) == ["a@manual"]


def test_a_section_target_beyond_the_section_says_where_it_ends() -> None:
    model = rubric({"s": [item("a")]})
    plan = Planner(model, assessment({})).plan(Request(None, {model.sections[0].id: Fraction(2)}))
    assert plan.because == ("s ends at 1.", "The best score that can be reached is 1.")


# When the time is up -----------------------------------------------------------------------


def cut_short(
    monkeypatch: pytest.MonkeyPatch, *, bound: int = 0, is_interrupted: bool = False
) -> Planner:
    """A planner whose searches end where they start: with everything upgraded."""

    def solve(*_: Any, start: Sequence[int], **__: Any) -> Solution:
        return Solution(tuple(start), 0, False, bound, is_interrupted)

    monkeypatch.setattr("maturity_planner.core.planner.solve", solve)
    return Planner(rubric({"s": [item("one"), item("two")]}), assessment())


def test_whether_the_budget_suffices_may_not_be_known(monkeypatch: pytest.MonkeyPatch) -> None:
    small = Request(Fraction(1), budget=2 * COST_UNIT)
    for request in (small, replace(small, target=None)):
        with pytest.raises(OutOfTime):
            cut_short(monkeypatch).plan(request)
        with pytest.raises(KeyboardInterrupt):
            cut_short(monkeypatch, is_interrupted=True).plan(request)


def test_a_bound_above_the_budget_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    planner = cut_short(monkeypatch, bound=3 * COST_UNIT)
    request = Request(None, budget=2 * COST_UNIT)
    plan = planner.plan(request)
    assert plan.status is Status.INFEASIBLE
    assert plan.because == (
        "The cheapest way there could be found for 6 days, 4 more than the budget 2.",
    )


def test_ctrl_c_ends_the_whole_search_for_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    planner = cut_short(monkeypatch, is_interrupted=True)
    plan = planner.plan(Request(None, budget=9 * COST_UNIT))
    assert (plan.status, plan.is_interrupted, plan.bound) == (Status.FEASIBLE, True, 0)


@pytest.mark.parametrize("is_interrupted", [True, False])
def test_a_point_of_the_frontier_has_a_bound_of_its_cost(
    monkeypatch: pytest.MonkeyPatch, is_interrupted: bool
) -> None:
    planner = cut_short(monkeypatch, bound=COST_UNIT, is_interrupted=is_interrupted)
    (plan,) = planner.frontier(Request(None))
    assert (plan.status, plan.bound, plan.cost) == (Status.FEASIBLE, COST_UNIT, 6 * COST_UNIT)
    assert plan.is_interrupted == is_interrupted


def test_ctrl_c_before_the_search_for_the_budget_proves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def solve(*_: Any, start: Sequence[int], **__: Any) -> Solution:
        return Solution((0,) * len(start), 1, True, 0, True)

    monkeypatch.setattr("maturity_planner.core.planner.solve", solve)
    planner = Planner(rubric({"s": [item("one"), item("two")]}), assessment())
    plan = planner.plan(Request(None, budget=9 * COST_UNIT))
    assert (plan.status, plan.is_interrupted) == (Status.FEASIBLE, True)
    assert not plan.are_ties_settled
