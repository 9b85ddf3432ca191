"""The planning problem as columns and rows for the solver.

Candidate n, one of an item's modes above today's, is column n: 1 when the item ends in it. More
columns follow where a score has to be expressed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from .assessment import Assessment
from .highs import Model, Objective
from .plan import Request, Upgrade, upgrade_cost
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
from .score import UNIT, Modes, criteria, modes_today


@dataclass(frozen=True, slots=True)
class ScoreTerms:
    """The overall score as (base + weighted sum of columns) / unit."""

    base: int
    terms: Objective
    unit: int

    def least(self, score: Fraction) -> int:
        """What the weighted sum has to be at least for the score to be at least this."""
        return (score * self.unit - self.base).__ceil__()

    def value(self, values: Mapping[int, int] | tuple[int, ...]) -> Fraction:
        """The score of these values."""
        return Fraction(self.base + sum(w * values[n] for n, w in self.terms.items()), self.unit)


def _are_at_the_top(items: Iterable[Item], final: Modes) -> int:
    return int(all(final[item.id] == item.top.id for item in items))


class Problem:
    """One request as a model; `reachable` limits the candidates to what can be reached at all."""

    def __init__(
        self,
        rubric: Rubric,
        assessment: Assessment,
        request: Request,
        reachable: Mapping[ItemId, ModeId],
    ) -> None:
        """State needs, pins and targets."""
        self.rubric = rubric
        self.request = request
        self.today = modes_today(rubric, assessment)
        self.waived = assessment.waivers.keys()
        self.candidates: list[Upgrade] = []
        self.by_item: dict[ItemId, list[int]] = {item: [] for item in rubric.items}
        for item in rubric.items.values():
            today = self.today[item.id]
            for mode in item.modes:
                is_above = item.rank(today) < item.rank(mode) <= item.rank(reachable[item.id])
                if is_above and request.allows(item, mode, today):
                    cost, effort, _ = upgrade_cost(assessment, item, mode, request.horizon)
                    points = item.points(mode) - item.points(today)
                    self.by_item[item.id].append(len(self.candidates))
                    self.candidates.append(Upgrade(item, today, mode, cost, effort, points))
        self.model = Model([1] * len(self.candidates))
        self._derived: list[Callable[[Modes], int]] = []
        self._terms: ScoreTerms | None = None
        self._one_mode_an_item()
        self._needs()
        self._pins()
        self._targets()

    # Objectives -----------------------------------------------------------------------------

    def cost(self) -> Objective:
        """What the upgrades cost, in 1e-4 days."""
        return {n: upgrade.cost for n, upgrade in enumerate(self.candidates)}

    def by_cost(self) -> list[tuple[str, Objective]]:
        """The rule for targets: cost, points, number of upgrades, sum of positions."""
        return [self._by_cost(), self._by_points(), *self._settling()]

    def by_score(self) -> list[tuple[str, Objective]]:
        """Best score for the budget: score, points, cost, then as before."""
        return [self._by_score(), self._by_points(), self._by_cost(), *self._settling()]

    def by_cost_and_score(self) -> list[tuple[str, Objective]]:
        """The best of what costs least: cost, score, points, then as before."""
        return [self._by_cost(), self._by_score(), self._by_points(), *self._settling()]

    def _by_cost(self) -> tuple[str, Objective]:
        return "proving the cost", self.cost()

    def _by_score(self) -> tuple[str, Objective]:
        return "proving the score", {n: -weight for n, weight in self.score().terms.items()}

    def _by_points(self) -> tuple[str, Objective]:
        return "comparing points", {n: -u.points for n, u in enumerate(self.candidates)}

    def _settling(self) -> list[tuple[str, Objective]]:
        return [
            ("counting upgrades", dict.fromkeys(range(len(self.candidates)), 1)),
            ("settling ties", {n: u.item.position for n, u in enumerate(self.candidates)}),
        ]

    def start(self, final: Modes) -> list[int]:
        """Return the values of all columns when the items end in these modes."""
        values = [int(final[c.item.id] == c.to_mode) for c in self.candidates]
        return values + [derived(final) for derived in self._derived]

    # Rows -----------------------------------------------------------------------------------

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

    def _pins(self) -> None:
        for pin in self.request.include:
            item = self.rubric.items[pin.item]
            if not pin.is_met(item, self.today[item.id]):
                self.model.at_least(dict.fromkeys(self.by_item[item.id], 1), 1)

    def limit_cost(self, most: int) -> None:
        """Allow no plan that costs more, in 1e-4 days."""
        self.model.at_least({n: -cost for n, cost in self.cost().items()}, -most)

    def limit_score(self, least: Fraction) -> None:
        """Allow no plan with a lower overall score."""
        terms = self.score()
        self.model.at_least(terms.terms, terms.least(least))

    def without_supersets(self, chosen: Iterable[int]) -> None:
        """Allow no plan that holds all of these candidates."""
        columns = list(chosen)
        self.model.at_least(dict.fromkeys(columns, -1), 1 - len(columns))

    def _targets(self) -> None:
        for section in self.rubric.sections:
            wanted = self.request.required(section.id, self.rubric)
            if wanted is None or wanted <= 0:
                continue
            if self.rubric.section_rule is SectionRule.SUM:
                gains, units = self._section_points(section)
                self.model.at_least(gains, (wanted * UNIT).__ceil__() - units)
            else:
                self._level_target(section, wanted)
        target = self.request.target
        if self.rubric.overall_rule is OverallRule.MEAN and target is not None and target > 0:
            self.limit_score(target)

    def _section_points(self, section: Section) -> tuple[dict[int, int], int]:
        """Return what each candidate adds to the section's points, and today's, in 1e-8."""
        counted = [item for item in section.items if item.id not in self.waived]
        units = sum(item.points(self.today[item.id]) for item in counted)
        gains = {n: self.candidates[n].points for i in counted for n in self.by_item[i.id]}
        return gains, units

    def _points_of(self, section: Section, final: Modes) -> int:
        counted = (item for item in section.items if item.id not in self.waived)
        return sum(item.points(final[item.id]) for item in counted)

    def _unmet(self, section: Section) -> list[Item]:
        """Return the section's criteria that are not at their top mode yet."""
        counted = criteria(section, self.waived)
        return [item for item in counted if self.today[item.id] != item.top.id]

    def _level_target(self, section: Section, wanted: Fraction) -> None:
        level = next(level for level in self.rubric.levels if level >= wanted)
        for item in self._unmet(section):
            if item.level is not None and item.level <= level:
                self.model.at_least(dict.fromkeys(self._at_least(item, item.top.rank), 1), 1)

    # The overall score ----------------------------------------------------------------------

    def score(self) -> ScoreTerms:
        """Return the overall score in columns; adds those that it needs the first time."""
        if self._terms is None:
            is_mean = self.rubric.overall_rule is OverallRule.MEAN
            if self.rubric.section_rule is SectionRule.SUM:
                self._terms = self._mean_of_sums() if is_mean else self._least_sum()
            else:
                self._terms = self._mean_of_levels() if is_mean else self._least_level()
        return self._terms

    def _weights(self) -> dict[SectionId, int]:
        return {section.id: int(section.weight) for section in self.rubric.sections}

    def _mean_of_sums(self) -> ScoreTerms:
        weights = self._weights()
        terms: dict[int, int] = {}
        base = 0
        for section in self.rubric.sections:
            gains, units = self._section_points(section)
            base += weights[section.id] * units
            terms |= {n: weights[section.id] * gain for n, gain in gains.items()}
        return ScoreTerms(base, terms, sum(weights.values()) * UNIT)

    def _least_sum(self) -> ScoreTerms:
        """A column that no section's points are below, in their common divisor."""
        sections = [self._section_points(section) for section in self.rubric.sections]
        if len(sections) == 1:
            gains, units = sections[0]
            return ScoreTerms(units, gains, UNIT)
        figures = [figure for gains, units in sections for figure in (*gains.values(), units)]
        divisor = math.gcd(*figures) or 1
        most = min(sum(gains.values()) + units for gains, units in sections) // divisor
        column = self.model.add_column(most)
        self._derived.append(
            lambda final: min(self._points_of(s, final) for s in self.rubric.sections) // divisor
        )
        for gains, units in sections:
            row = {n: gain // divisor for n, gain in gains.items()} | {column: -1}
            self.model.at_least(row, -(units // divisor))
        return ScoreTerms(0, {column: divisor}, UNIT)

    def _steps(self, items: Iterable[Item]) -> dict[int, int]:
        """Return a column a level, 1 only if all of these are at the top up to it, and its step."""
        open_items = list(items)
        steps: dict[int, int] = {}
        below: int | None = None
        reached = 0
        for level in self.rubric.levels:
            column = self.model.add_column()
            lower = [item for item in open_items if item.level is not None and item.level <= level]
            self._derived.append(partial(_are_at_the_top, lower))
            steps[column] = level - reached
            reached = level
            if below is not None:
                self.model.at_least({below: 1, column: -1}, 0)
            below = column
            for item in open_items:
                if item.level == level:
                    tops = self._at_least(item, item.top.rank)
                    self.model.at_least(dict.fromkeys(tops, 1) | {column: -1}, 0)
        return steps

    def _mean_of_levels(self) -> ScoreTerms:
        weights = self._weights()
        terms: dict[int, int] = {}
        for section in self.rubric.sections:
            steps = self._steps(self._unmet(section))
            terms |= {column: weights[section.id] * step for column, step in steps.items()}
        return ScoreTerms(0, terms, sum(weights.values()))

    def _least_level(self) -> ScoreTerms:
        sections = self.rubric.sections
        return ScoreTerms(0, self._steps(i for s in sections for i in self._unmet(s)), 1)
