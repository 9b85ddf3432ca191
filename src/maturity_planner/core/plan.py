"""What a plan is: upgrades with their cost, what was asked for, what is proven."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from .assessment import Assessment
from .quantity import DAY, Cents
from .rubric import Item, ItemId, ModeId, ModeRef, OverallRule, Rubric, SectionId, is_met
from .score import UNIT, modes_today

COST_UNIT = 10_000
"""Costs are in 1e-4 days: hundredths of a day x hundredths of a quarter."""


class Status(StrEnum):
    """What is known about a plan."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"


class Pin(NamedTuple):
    """An upgrade that a plan has to hold, or must not hold: ITEM@MODE, or any one of ITEM."""

    item: ItemId
    mode: ModeId | None = None

    def __str__(self) -> str:
        """ITEM or ITEM@MODE."""
        return f"{self.item}@{self.mode}" if self.mode else self.item

    def names(self, item: Item, mode: ModeId) -> bool:
        """Whether the pin means this upgrade."""
        return self.item == item.id and self.mode in (None, mode)

    def is_met(self, item: Item, today: ModeId) -> bool:
        """Whether the item is so far already that a pin to include it asks for nothing."""
        return item.rank(today) >= item.rank(self.mode or item.top.id)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of the planner. `horizon` counts quarters of upkeep, `budget` 1e-4 days."""

    target: Fraction | None
    section_targets: Mapping[SectionId, Fraction] = field(default_factory=dict)
    horizon: Fraction = Fraction(4)
    budget: int | None = None
    include: tuple[Pin, ...] = ()
    exclude: tuple[Pin, ...] = ()

    def allows(self, item: Item, mode: ModeId, today: ModeId) -> bool:
        """Whether the pins leave this upgrade as a choice."""
        if any(pin.names(item, mode) for pin in self.exclude):
            return False
        mine = [pin for pin in self.include if pin.item == item.id and not pin.is_met(item, today)]
        return all(pin.names(item, mode) for pin in mine)

    def required(self, section: SectionId, rubric: Rubric) -> Fraction | None:
        """The score that one section has to reach on its own, if any."""
        own = self.section_targets.get(section)
        if rubric.overall_rule is OverallRule.MINIMUM and self.target is not None:
            return self.target if own is None else max(own, self.target)
        return own


@dataclass(frozen=True, slots=True)
class Upgrade:
    """One item moved to a higher mode.

    `cost` is in 1e-4 days, `effort` in 1e-2 days, `points` in 1e-8; `needed_by` names the other
    upgrades of the plan whose hard need it meets.
    """

    item: Item
    from_mode: ModeId
    to_mode: ModeId
    cost: int
    effort: Cents
    points: int
    why: str = ""
    needed_by: tuple[ModeRef, ...] = ()

    @property
    def ref(self) -> ModeRef:
        """ITEM@MODE."""
        return ModeRef(self.item.id, self.to_mode)

    @property
    def cost_days(self) -> Fraction:
        """Its cost in days: effort and what it keeps costing over the plan's horizon."""
        return Fraction(self.cost, COST_UNIT)

    @property
    def effort_days(self) -> Fraction:
        """Its expected effort in person-days."""
        return Fraction(self.effort, DAY)

    @property
    def gain(self) -> Fraction:
        """The points that it adds to its section."""
        return Fraction(self.points, UNIT)


@dataclass(frozen=True, slots=True)
class Standing:
    """An overall score and the score of each section."""

    score: Fraction
    sections: Mapping[str, Fraction]

    def meets(self, request: Request) -> bool:
        """Whether the target and every section target are reached."""
        if request.target is not None and self.score < request.target:
            return False
        return all(
            self.sections[section] >= wanted for section, wanted in request.section_targets.items()
        )


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another plan for the same request, its upgrades in rubric order; `cost` in 1e-4 days."""

    score: Fraction
    cost: int
    upgrades: tuple[Upgrade, ...]

    @property
    def cost_days(self) -> Fraction:
        """Its cost in days."""
        return Fraction(self.cost, COST_UNIT)


@dataclass(frozen=True, slots=True)
class Plan:
    """The chosen upgrades in rubric order, what they cost, and what is proven about that.

    `cost` and `bound` are in 1e-4 days: no plan is cheaper than `bound`. `effort` and `upkeep`
    (added per quarter) are in 1e-2 days. When the time was up early, there may be more
    `alternatives`, and it is not the first by the rule for ties among plans that are as good.
    """

    status: Status
    request: Request
    upgrades: tuple[Upgrade, ...]
    cost: int
    bound: int
    effort: Cents
    upkeep: Cents
    before: Standing
    after: Standing
    because: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    has_all_alternatives: bool = True
    are_ties_settled: bool = True
    is_interrupted: bool = False

    @property
    def cost_days(self) -> Fraction:
        """Its cost in days."""
        return Fraction(self.cost, COST_UNIT)

    @property
    def bound_days(self) -> Fraction:
        """Days that no plan for the same request costs less than."""
        return Fraction(self.bound, COST_UNIT)

    @property
    def effort_days(self) -> Fraction:
        """The expected effort of all upgrades in person-days."""
        return Fraction(self.effort, DAY)

    @property
    def upkeep_days(self) -> Fraction:
        """Person-days that the upgrades add to a quarter's upkeep; below 0 if they save some."""
        return Fraction(self.upkeep, DAY)


def unbeaten(plans: Sequence[Plan]) -> list[Plan]:
    """Return the plans, in rising order of score, that cost less than all that score more.

    One that was not proven may cost more than one found later, which scores more.
    """
    return [p for n, p in enumerate(plans) if all(p.cost < later.cost for later in plans[n + 1 :])]


def upgrade_cost(
    assessment: Assessment, item: Item, mode: ModeId, horizon: Fraction
) -> tuple[int, Cents, Cents]:
    """Return cost (1e-4 days), effort and added upkeep (1e-2 days) of moving an item to a mode.

    Cost = expected effort + horizon x max(0, upkeep of the new mode - upkeep of the old one).
    """
    effort = assessment.effort(item, mode).expected
    added = assessment.upkeep(item, mode) - assessment.upkeep(item, assessment.mode(item))
    quarters = horizon * (COST_UNIT // DAY)
    cost = effort * (COST_UNIT // DAY) + int(quarters * max(0, added))
    return cost, effort, Cents(added)


def reachable_modes(
    rubric: Rubric, assessment: Assessment, request: Request
) -> dict[ItemId, ModeId]:
    """Return the highest mode of each item that hard needs, waivers and pins allow.

    Raising an item never hinders another one, so these modes can all hold at once and their
    score is the best there is.
    """
    today = modes_today(rubric, assessment)
    steps: dict[ItemId, list[ModeId]] = {}
    for item in rubric.items.values():
        mine = [m for m in item.modes if item.rank(m) > item.rank(today[item.id])]
        allowed = [m for m in mine if request.allows(item, m, today[item.id])]
        steps[item.id] = [
            today[item.id],
            *([] if item.id in assessment.waivers else allowed),
        ]
    best = {item: modes[-1] for item, modes in steps.items()}
    users: dict[ItemId, list[Item]] = {}
    for item in rubric.items.values():
        for ref in (r for need in item.needs(item.top.id) if need.hard for r in need.any_of):
            users.setdefault(ref.item, []).append(item)
    waiting = deque(rubric.items.values())
    while waiting:
        item = waiting.popleft()
        before = best[item.id]
        while len(steps[item.id]) > 1 and not all(
            is_met(need, best, rubric) for need in item.needs(best[item.id]) if need.hard
        ):
            steps[item.id].pop()
            best[item.id] = steps[item.id][-1]
        if best[item.id] != before:
            waiting.extend(users.get(item.id, ()))
    return best
