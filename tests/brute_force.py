"""The contract's rules once more, as plainly as can be: try every plan. For small rubrics only.

Nothing here uses the planner or the scorer; it reads the rubric's own figures.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from maturity_planner.core.assessment import Assessment
from maturity_planner.core.rubric import Item, ItemId, Rubric

Ranks = dict[ItemId, int]


@dataclass(frozen=True)
class Choice:
    """A plan that works: the final rank of every item, and what the contract ranks plans by."""

    upgrades: tuple[tuple[int, int], ...]
    cost: Fraction
    points: Fraction
    position_sum: int

    @property
    def order(self) -> tuple[object, ...]:
        """Least cost, most points, fewest upgrades, lowest positions, first in the rubric."""
        return (
            self.cost,
            -self.points,
            len(self.upgrades),
            self.position_sum,
            self.upgrades,
        )


def expected_days(effort: object) -> Fraction:
    """Mean of a three-point estimate, rounded half up to 0.01."""
    low, likely, high = (getattr(effort, name) for name in ("low", "likely", "high"))
    hundredths = (low + 4 * likely + high) / 6 * 100
    return Fraction((hundredths + Fraction(1, 2)).__floor__(), 100)


def points(item: Item, rank: int) -> Fraction:
    """Weight x points of the mode of that rank."""
    if rank == 0:
        return Fraction(0)
    mode = next(m for m in item.modes.values() if m.rank == rank)
    return Fraction(item.weight, 10_000) * Fraction(mode.points, 10_000)


def score(rubric: Rubric, assessment: Assessment, ranks: Ranks) -> tuple[Fraction, list[Fraction]]:
    """Overall score and section scores, straight from the contract's table."""
    sections = []
    levels = sorted({i.level for i in rubric.items.values() if i.level is not None})
    for section in rubric.sections:
        counted = [i for i in section.items if i.id not in assessment.waivers]
        if rubric.section_rule == "sum":
            sections.append(sum((points(i, ranks[i.id]) for i in counted), Fraction(0)))
            continue
        reached = 0
        for level in levels:
            below = [
                i for i in counted if not i.optional and i.level is not None and i.level <= level
            ]
            if any(ranks[i.id] != max(m.rank for m in i.modes.values()) for i in below):
                break
            reached = level
        sections.append(Fraction(reached))
    if rubric.overall_rule == "minimum":
        return min(sections), sections
    weights = [Fraction(s.weight) for s in rubric.sections]
    return sum((w * s for w, s in zip(weights, sections, strict=True)), Fraction(0)) / sum(
        weights
    ), sections


def today(rubric: Rubric, assessment: Assessment) -> Ranks:
    """The rank of every item's mode today."""
    return {i.id: i.rank(assessment.mode(i)) for i in rubric.items.values()}


def plans(
    rubric: Rubric, assessment: Assessment, target: Fraction, horizon: Fraction
) -> Iterator[Choice]:
    """Every set of upgrades after which the target and the hard needs of every upgrade hold."""
    items = list(rubric.items.values())
    now = today(rubric, assessment)
    options = [
        [now[i.id]]
        if i.id in assessment.waivers
        else [now[i.id], *(m.rank for m in i.modes.values() if m.rank > now[i.id])]
        for i in items
    ]
    for combination in itertools.product(*options):
        ranks = dict(zip(rubric.items, combination, strict=True))
        if score(rubric, assessment, ranks)[0] < target:
            continue
        moved = [i for i in items if ranks[i.id] > now[i.id]]
        if all(_needs_hold(rubric, i, ranks) for i in moved):
            yield _choice(assessment, moved, now, ranks, horizon)


def _needs_hold(rubric: Rubric, item: Item, ranks: Ranks) -> bool:
    for mode in item.modes.values():
        for need in mode.needs:
            binds = need.hard and mode.rank <= ranks[item.id]
            if binds and not any(
                ranks[ref.item] >= rubric.items[ref.item].modes[ref.mode].rank
                for ref in need.any_of
            ):
                return False
    return True


def _choice(
    assessment: Assessment, moved: list[Item], now: Ranks, ranks: Ranks, horizon: Fraction
) -> Choice:
    cost = gained = Fraction(0)
    for item in moved:
        by_rank = {m.rank: m for m in item.modes.values()}
        new, old = by_rank[ranks[item.id]], by_rank.get(now[item.id])
        answer = assessment.answers.get(item.id)
        effort = new.effort
        if old is not None and old.id in new.effort_from:
            effort = new.effort_from[old.id]
        if answer and answer.effort and new.id in answer.effort:
            effort = answer.effort[new.id]
        added = Fraction(new.upkeep - (old.upkeep if old else 0), 100)
        cost += expected_days(effort) + horizon * max(Fraction(0), added)
        gained += points(item, ranks[item.id]) - points(item, now[item.id])
    return Choice(
        tuple((i.position, ranks[i.id]) for i in moved),
        cost,
        gained,
        sum(i.position for i in moved),
    )
