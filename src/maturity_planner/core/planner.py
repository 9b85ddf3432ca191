"""The cheapest set of upgrades that lifts the score to a target, proven to be the cheapest.

The rule (docs/planner.md): least cost; then more points, fewer upgrades, the lowest
sum of positions in the rubric; what still ties goes to the plan with the first upgrade that the
other lacks. With a budget and no target it is the best score for so many days, then most points,
then least cost, then the same. Everything is counted in integers, and the answer is scored again
before it leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ..errors import RubricError
from .assessment import Assessment
from .circles import has_circle
from .highs import Objective
from .plan import (
    COST_UNIT,
    Alternative,
    Plan,
    Request,
    Standing,
    Status,
    Upgrade,
    reachable_modes,
)
from .problem import Problem
from .quantity import Cents, shown
from .reasons import explain, obstacles
from .rubric import ItemId, ModeId, Rubric, is_met
from .score import modes_today, score_modes
from .searching import DEFAULT_SECONDS, Watcher
from .solver import OutOfTime, Solution, solve


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes plans for one system. `seconds` bounds each search; `watch` hears what it does."""

    rubric: Rubric
    assessment: Assessment
    seconds: float = DEFAULT_SECONDS
    watch: Watcher = lambda _: None

    def __post_init__(self) -> None:
        """Refuse a rubric whose needs lead in a circle: nothing in it could be done first."""
        if has_circle(self.rubric):
            raise RubricError(
                f'the needs of the rubric "{self.rubric.id}" lead in a circle',
                fix="Find it with `maturity-planner validate`, and remove one of its needs.",
            )

    def plan(self, request: Request, *, alternatives: int = 0) -> Plan:
        """Return the cheapest plan, or the best for the budget when there is no target.

        An infeasible plan says what stands in the way. One that was found but not proven, because
        the time was up or somebody pressed Ctrl-C, is `feasible`.

        Raises:
            OutOfTime: nothing that fits the budget was found in time, and nothing says that there
                is nothing.
            KeyboardInterrupt: somebody pressed Ctrl-C before that was known.
        """
        best = reachable_modes(self.rubric, self.assessment, request)
        because = obstacles(self.rubric, self.assessment, request, best, self._standing(best))
        if because:
            return self._infeasible(request, because)
        problem = Problem(self.rubric, self.assessment, request, best)
        if request.budget is not None and request.target is None:
            return self._for_the_budget(request, problem, best, alternatives)
        solution = self._solve(problem, problem.by_cost(), problem.start(best))
        plan = self._finished(request, problem, solution)
        if _is_beyond(request.budget, plan.cost, solution):
            return self._infeasible(request, self._over_budget(request, plan))
        return self._with_next_best(problem, plan, problem.by_cost(), alternatives)

    def frontier(self, request: Request, left: Callable[[], float] | None = None) -> Iterator[Plan]:
        """Yield a plan for every pair of cost and score that no other pair beats in both.

        The pairs rise from what costs nothing to the best score that can be reached. Targets and
        budget of the request do not count; its pins do. `left` tells the seconds that are left for
        all points together.

        Raises:
            OutOfTime: none were left before the best score.
        """
        free = replace(request, target=None, section_targets={}, budget=None)
        best = reachable_modes(self.rubric, self.assessment, free)
        if obstacles(self.rubric, self.assessment, free, best, self._standing(best)):
            return
        top = self._standing(best).score
        least: Fraction | None = None
        while True:
            problem = Problem(self.rubric, self.assessment, free, best)
            terms = problem.score()
            if least is not None:
                problem.limit_score(least)
            searcher = replace(self, seconds=min(self.seconds, left())) if left else self
            solution = searcher._solve(problem, problem.by_cost_and_score(), problem.start(best))
            plan = self._finished(free, problem, solution, figures=2)
            yield plan
            if plan.after.score >= top or plan.is_interrupted:
                return
            if left and left() <= 0:
                raise OutOfTime
            least = plan.after.score + Fraction(1, terms.unit)

    def _for_the_budget(
        self, request: Request, problem: Problem, best: Mapping[ItemId, ModeId], alternatives: int
    ) -> Plan:
        assert request.budget is not None
        problem.score()
        cost = [("proving the cost", problem.cost())]
        cheapest = self._solve(problem, cost, problem.start(best), are_ties_settled=False)
        if _is_beyond(request.budget, _total(problem.cost(), cheapest), cheapest):
            plan = self._finished(request, problem, cheapest)
            return self._infeasible(request, self._over_budget(request, plan))
        if cheapest.is_interrupted:
            return self._finished(request, problem, replace(cheapest, proven=0, is_settled=False))
        problem.limit_cost(request.budget)
        solution = self._solve(problem, problem.by_score(), cheapest.values)
        plan = self._finished(request, problem, solution, figures=3)
        return self._with_next_best(problem, plan, problem.by_score(), alternatives)

    def _with_next_best(
        self, problem: Problem, plan: Plan, objectives: list[tuple[str, Objective]], count: int
    ) -> Plan:
        """Return the plan with the next best ones that hold none of the plans before them."""
        if not plan.are_ties_settled:
            return replace(plan, has_all_alternatives=not count)
        found: list[Alternative] = []
        chosen = {upgrade.ref for upgrade in plan.upgrades}
        while chosen and len(found) < count:  # every plan holds the one that changes nothing
            columns = [n for n, c in enumerate(problem.candidates) if c.ref in chosen]
            problem.without_supersets(columns)
            try:
                solution = self._solve_any(problem, objectives, None)
            except (OutOfTime, KeyboardInterrupt):  # the plan itself is there
                return replace(plan, alternatives=tuple(found), has_all_alternatives=False)
            if solution is None:
                break
            if not solution.is_settled:
                return replace(plan, alternatives=tuple(found), has_all_alternatives=False)
            other = self._finished(plan.request, problem, solution)
            if plan.request.budget is not None and other.cost > plan.request.budget:
                break
            found.append(Alternative(other.after.score, other.cost, other.upgrades))
            chosen = {upgrade.ref for upgrade in other.upgrades}
        return replace(plan, alternatives=tuple(found))

    def _solve(
        self,
        problem: Problem,
        objectives: list[tuple[str, Objective]],
        start: Sequence[int],
        *,
        are_ties_settled: bool = True,
    ) -> Solution:
        solution = self._solve_any(problem, objectives, start, are_ties_settled)
        assert solution is not None, "a problem with a start has an answer"
        return solution

    def _solve_any(
        self,
        problem: Problem,
        objectives: list[tuple[str, Objective]],
        start: Sequence[int] | None,
        are_ties_settled: bool = True,
    ) -> Solution | None:
        return solve(
            problem.model,
            objectives,
            start=start,
            settled=len(problem.candidates) if are_ties_settled else 0,
            seconds=self.seconds,
            watch=self.watch,
        )

    def _standing(self, modes: Mapping[ItemId, ModeId]) -> Standing:
        return Standing(*score_modes(self.rubric, modes, self.assessment.waivers.keys()))

    def _finished(
        self, request: Request, problem: Problem, solution: Solution, figures: int = 1
    ) -> Plan:
        """Return the solution as a plan, after scoring it anew and checking every need.

        It is optimal when so many `figures`, the first objectives, are proven.
        """
        today = modes_today(self.rubric, self.assessment)
        chosen = [c for n, c in enumerate(problem.candidates) if solution.values[n]]
        final = {**today, **{c.item.id: c.to_mode for c in chosen}}
        after = self._standing(final)
        assert after.meets(request), "the solver's answer misses the target"
        for upgrade in chosen:
            hard = (need for need in upgrade.item.needs(upgrade.to_mode) if need.hard)
            assert all(is_met(need, final, self.rubric) for need in hard), "a need is unmet"
        cost = sum(c.cost for c in chosen)
        is_by_cost = request.target is not None or request.budget is None
        is_proven = solution.proven >= figures
        return Plan(
            status=Status.OPTIMAL if is_proven else Status.FEASIBLE,
            request=request,
            upgrades=explain(self.rubric, self.assessment, request, chosen),
            cost=cost,
            bound=cost if is_proven else min(cost, solution.bound) if is_by_cost else 0,
            effort=Cents(sum(c.effort for c in chosen)),
            upkeep=Cents(sum(self._added_upkeep(c) for c in chosen)),
            before=self._standing(today),
            after=after,
            are_ties_settled=solution.is_settled,
            is_interrupted=solution.is_interrupted,
        )

    def _added_upkeep(self, upgrade: Upgrade) -> int:
        new = self.assessment.upkeep(upgrade.item, upgrade.to_mode)
        return new - self.assessment.upkeep(upgrade.item, upgrade.from_mode)

    def _infeasible(self, request: Request, because: tuple[str, ...]) -> Plan:
        today = self._standing(modes_today(self.rubric, self.assessment))
        nothing = Cents(0)
        return Plan(Status.INFEASIBLE, request, (), 0, 0, nothing, nothing, today, today, because)

    def _over_budget(self, request: Request, plan: Plan) -> tuple[str, ...]:
        """Return what the target costs, and what the budget buys instead."""
        assert request.budget is not None
        amounts = (request.budget, plan.cost, plan.cost - request.budget)
        money, cost, more = (shown(Fraction(amount, COST_UNIT), 4) for amount in amounts)
        word = "costs" if plan.status is Status.OPTIMAL else "could be found for"
        lines = [f"The cheapest way there {word} {cost} days, {more} more than the budget {money}."]
        if request.target is not None:
            instead = self.plan(replace(request, target=None))
            if instead.status is not Status.INFEASIBLE:
                lines.append(f"The best score for the budget is {shown(instead.after.score)}.")
        return tuple(lines)


def _total(objective: Objective, solution: Solution) -> int:
    return sum(weight * solution.values[n] for n, weight in objective.items())


def _is_beyond(budget: int | None, cost: int, found: Solution) -> bool:
    """Return whether the budget cannot pay for what was asked.

    Raises:
        OutOfTime: it pays not for what was found, but perhaps for something cheaper.
        KeyboardInterrupt: the same, because of Ctrl-C.
    """
    if budget is None or cost <= budget:
        return False
    if not found.proven and found.bound <= budget:
        raise KeyboardInterrupt if found.is_interrupted else OutOfTime
    return True
