"""The planner's rules once more, as plainly as can be: try every plan. For small rubrics only.

Nothing here uses the planner or the scorer; it reads the rubric's own figures.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction

from maturity_planner.core.assessment import Assessment
from maturity_planner.core.plan import Request
from maturity_planner.core.rubric import Item, ItemId, Rubric

Ranks = dict[ItemId, int]


@dataclass(frozen=True)
class Choice:
    """A plan that works: the final rank of every item, and what plans are ranked by."""

    upgrades: tuple[tuple[int, int], ...]
    cost: Fraction
    points: Fraction
    position_sum: int
    score: Fraction

    @property
    def settling(self) -> tuple[object, ...]:
        """Fewest upgrades, lowest positions, then first in the rubric."""
        return (len(self.upgrades), self.position_sum, self.upgrades)

    @property
    def by_cost(self) -> tuple[object, ...]:
        """Least cost, most points, then what settles ties."""
        return (self.cost, -self.points, *self.settling)

    @property
    def by_score(self) -> tuple[object, ...]:
        """Best score, most points, least cost, then what settles ties."""
        return (-self.score, -self.points, self.cost, *self.settling)


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
    """Overall score and section scores, straight from the glossary's rules."""
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


def plans(rubric: Rubric, assessment: Assessment, request: Request) -> list[Choice]:
    """Every set of upgrades after which targets, pins, budget and needs of the request hold."""
    items = list(rubric.items.values())
    now = today(rubric, assessment)
    options = [
        [now[i.id]]
        if i.id in assessment.waivers
        else [now[i.id], *(m.rank for m in i.modes.values() if m.rank > now[i.id])]
        for i in items
    ]
    found = []
    for combination in itertools.product(*options):
        ranks = dict(zip(rubric.items, combination, strict=True))
        overall, by_section = score(rubric, assessment, ranks)
        if request.target is not None and overall < request.target:
            continue
        sections = dict(zip((s.id for s in rubric.sections), by_section, strict=True))
        if any(sections[name] < wanted for name, wanted in request.section_targets.items()):
            continue
        moved = [i for i in items if ranks[i.id] > now[i.id]]
        if not _pins_hold(request, items, now, ranks):
            continue
        if all(_needs_hold(rubric, i, ranks) for i in moved):
            choice = _choice(assessment, moved, now, ranks, request.horizon, overall)
            if request.budget is None or choice.cost <= Fraction(request.budget, 10_000):
                found.append(choice)
    return found


def _pins_hold(request: Request, items: list[Item], now: Ranks, ranks: Ranks) -> bool:
    upgrades = {
        (i.id, m.id) for i in items for m in i.modes.values() if m.rank == ranks[i.id] > now[i.id]
    }
    upgraded = {item for item, _ in upgrades}
    for pin in request.exclude:
        if (pin.item, pin.mode) in upgrades or (pin.mode is None and pin.item in upgraded):
            return False
    for pin in request.include:
        item = next(i for i in items if i.id == pin.item)
        top = max(m.rank for m in item.modes.values())
        wanted = top if pin.mode is None else item.modes[pin.mode].rank
        is_there = now[item.id] >= wanted
        is_taken = (pin.item, pin.mode) in upgrades if pin.mode else pin.item in upgraded
        if not is_there and not is_taken:
            return False
    return True


def frontier(choices: list[Choice]) -> list[tuple[Fraction, Fraction]]:
    """Pairs of score and cost that no other plan beats or equals in one and beats in the other."""
    pairs = {(c.score, c.cost) for c in choices}
    return sorted(
        (s, c)
        for s, c in pairs
        if not any((s2 >= s and c2 < c) or (s2 > s and c2 <= c) for s2, c2 in pairs)
    )


def alternatives(choices: list[Choice], count: int, *, for_money: bool) -> list[Choice]:
    """The best plan and the next ones that are not supersets of one before them."""
    kept: list[Choice] = []
    for choice in sorted(choices, key=lambda c: c.by_score if for_money else c.by_cost):
        if len(kept) <= count and not any(set(k.upgrades) <= set(choice.upgrades) for k in kept):
            kept.append(choice)
    return kept


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
    assessment: Assessment,
    moved: list[Item],
    now: Ranks,
    ranks: Ranks,
    horizon: Fraction,
    overall: Fraction,
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
        overall,
    )
