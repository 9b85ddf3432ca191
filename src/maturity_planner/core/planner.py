"""The cheapest set of upgrades that lifts the score to a target, proven to be the cheapest.

The rule is the contract's, section 1: least cost; then more points, fewer upgrades, the lowest
sum of positions in the rubric; what still ties goes to the plan whose upgrades come first in
the rubric. Everything is counted in integers, and the answer is scored again before it leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from .assessment import Assessment
from .plan import Plan, Request, Standing, Status, Upgrade, reachable_modes, upgrade_cost
from .quantity import Cents
from .reasons import explain, obstacles
from .rubric import (
    Item,
    ItemId,
    ModeId,
    OverallRule,
    Rubric,
    Section,
    SectionId,
    SectionRule,
    is_met,
)
from .score import UNIT, criteria, modes_today, score_modes
from .solver import Model, Objective, OutOfTime, Solution, solve

DEFAULT_SECONDS = 60.0


def make_plan(
    rubric: Rubric, assessment: Assessment, request: Request, *, seconds: float = DEFAULT_SECONDS
) -> Plan:
    """Return the cheapest plan, or an infeasible one that says what stands in the way.

    `seconds` bounds the search; a plan found in time but not proven is `feasible`.
    """
    today = modes_today(rubric, assessment)
    waived = assessment.waivers.keys()
    before = Standing(*score_modes(rubric, today, waived))
    best = reachable_modes(rubric, assessment)
    at_best = Standing(*score_modes(rubric, best, waived))
    if not at_best.meets(request):
        because = obstacles(rubric, assessment, request, best, at_best)
        nothing = Cents(0)
        return Plan(Status.INFEASIBLE, request, (), 0, 0, nothing, nothing, before, before, because)
    problem = _Problem(rubric, assessment, request, best)
    try:
        solution = solve(problem.model, problem.objectives(), seconds=seconds)
    except OutOfTime:  # raising all that can be raised reaches the target, too, if dearly
        everything = (best[c.item.id] == c.to_mode for c in problem.candidates)
        solution = Solution(tuple(everything), is_proven=False, bound=0)
    chosen = [c for n, c in enumerate(problem.candidates) if solution.values[n]]
    final = {**today, **{c.item.id: c.to_mode for c in chosen}}
    after = Standing(*score_modes(rubric, final, waived))
    cost = sum(c.cost for c in chosen)
    assert after.meets(request), "the solver's answer misses the target"
    for upgrade in chosen:
        hard = (need for need in upgrade.item.needs(upgrade.to_mode) if need.hard)
        assert all(is_met(need, final, rubric) for need in hard), "a need of the answer is unmet"
    added = sum(
        assessment.upkeep(c.item, c.to_mode) - assessment.upkeep(c.item, c.from_mode)
        for c in chosen
    )
    return Plan(
        status=Status.OPTIMAL if solution.is_proven else Status.FEASIBLE,
        request=request,
        upgrades=explain(rubric, request, chosen, today, waived),
        cost=cost,
        bound=cost if solution.is_proven else min(cost, solution.bound),
        effort=Cents(sum(c.effort for c in chosen)),
        upkeep=Cents(added),
        before=before,
        after=after,
    )


class _Problem:
    """The planning problem as binaries: candidate n is 1 when its item ends in its mode."""

    def __init__(
        self,
        rubric: Rubric,
        assessment: Assessment,
        request: Request,
        best: Mapping[ItemId, ModeId],
    ) -> None:
        self.rubric = rubric
        self.request = request
        self.today = modes_today(rubric, assessment)
        self.waived = assessment.waivers.keys()
        self.candidates: list[Upgrade] = []
        self.by_item: dict[ItemId, list[int]] = {item: [] for item in rubric.items}
        for item in rubric.items.values():
            today = self.today[item.id]
            for mode in item.modes:
                if item.rank(today) < item.rank(mode) <= item.rank(best[item.id]):
                    cost, effort, _ = upgrade_cost(assessment, item, mode, request.horizon)
                    points = item.points(mode) - item.points(today)
                    self.by_item[item.id].append(len(self.candidates))
                    self.candidates.append(Upgrade(item, today, mode, cost, effort, points))
        self.model = Model(len(self.candidates))
        self._one_mode_an_item()
        self._needs()
        self._targets()

    def objectives(self) -> list[Objective]:
        """The contract's order: cost, points, number of upgrades, sum of positions."""
        every = range(len(self.candidates))
        return [
            {n: self.candidates[n].cost for n in every},
            {n: -self.candidates[n].points for n in every},
            dict.fromkeys(every, 1),
            {n: self.candidates[n].item.position for n in every},
        ]

    def _at_least(self, item: Item, rank: int) -> list[int]:
        return [n for n in self.by_item[item.id] if item.rank(self.candidates[n].to_mode) >= rank]

    def _one_mode_an_item(self) -> None:
        for choices in self.by_item.values():
            if len(choices) > 1:
                self.model.at_least(dict.fromkeys(choices, -1), -1)

    def _needs(self) -> None:
        items = self.rubric.items
        for item in items.values():
            if not self.by_item[item.id]:
                continue
            for own in item.modes.values():
                takers = self._at_least(item, own.rank)
                for need in own.needs:
                    if takers and need.hard and not is_met(need, self.today, self.rubric):
                        givers: set[int] = set()
                        for ref in need.any_of:
                            other = items[ref.item]
                            givers.update(self._at_least(other, other.rank(ref.mode)))
                        row = dict.fromkeys(sorted(givers), 1) | dict.fromkeys(takers, -1)
                        self.model.at_least(row, 0)

    def _targets(self) -> None:
        for section in self.rubric.sections:
            wanted = self.request.required(section.id, self.rubric)
            if wanted is None or wanted <= 0:
                continue
            if self.rubric.section_rule is SectionRule.SUM:
                self._sum_target([section.id], {section.id: 1}, wanted)
            else:
                self._level_target(section, wanted)
        target = self.request.target
        if self.rubric.overall_rule is OverallRule.MEAN and target is not None and target > 0:
            weights = {section.id: int(section.weight) for section in self.rubric.sections}
            if self.rubric.section_rule is SectionRule.SUM:
                self._sum_target(weights, weights, target * sum(weights.values()))
            else:
                self._mean_of_levels(weights, target * sum(weights.values()))

    def _sum_target(
        self, sections: Iterable[SectionId], weights: Mapping[SectionId, int], wanted: Fraction
    ) -> None:
        """Sum of section weight x item points, over the sections, is at least `wanted`."""
        row: dict[int, int] = {}
        units = 0
        for section in sections:
            for item in self._items(section):
                if item.id not in self.waived:
                    units += weights[section] * item.points(self.today[item.id])
                for n in self.by_item[item.id]:
                    if gain := weights[section] * self.candidates[n].points:
                        row[n] = gain
        self.model.at_least(row, -((units - wanted * UNIT).__floor__()))

    def _items(self, section: SectionId) -> Sequence[Item]:
        return next(s.items for s in self.rubric.sections if s.id == section)

    def _unmet(self, section: Section) -> list[Item]:
        """Return the section's criteria that are not at their top mode yet."""
        counted = criteria(section, self.waived)
        return [item for item in counted if self.today[item.id] != item.top.id]

    def _level_target(self, section: Section, wanted: Fraction) -> None:
        level = next(level for level in self.rubric.levels if level >= wanted)
        for item in self._unmet(section):
            if item.level is not None and item.level <= level:
                self.model.at_least(dict.fromkeys(self._at_least(item, item.top.rank), 1), 1)

    def _mean_of_levels(self, weights: Mapping[SectionId, int], wanted: Fraction) -> None:
        """Sum of section weight x section level is at least `wanted`.

        An extra binary a section and level says that the section has reached that level; it may
        be 1 only if the one below is and every criterion of the level is at its top mode.
        """
        row: dict[int, int] = {}
        for section in self.rubric.sections:
            below: int | None = None
            reached = 0
            for level in self.rubric.levels:
                step = self.model.add_binary()
                if level > reached:
                    row[step] = weights[section.id] * (level - reached)
                reached = level
                if below is not None:
                    self.model.at_least({below: 1, step: -1}, 0)
                below = step
                for item in self._unmet(section):
                    if item.level == level:
                        tops = self._at_least(item, item.top.rank)
                        self.model.at_least(dict.fromkeys(tops, 1) | {step: -1}, 0)
        self.model.at_least(row, wanted.__ceil__())
