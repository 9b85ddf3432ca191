"""Why is this in the plan, or why not: the plan is made again with and without one item.

An upgrade that the plan leaves out would be chosen if it cost less by the difference between the
cheapest plan that holds it and the plan. Taking that off its cost makes the two cost the same, and
then the rule for ties decides; taking off more makes it the cheapest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from .plan import Pin, Plan, Request, Status, Upgrade, upgrade_cost
from .planner import Planner
from .rubric import Item, ModeId, ModeRef
from .solver import OutOfTime


class Price(NamedTuple):
    """What an upgrade has to cost to be chosen: less than `cost` or, if it wins ties, as much."""

    cost: int
    wins_tie: bool


@dataclass(frozen=True, slots=True)
class Other:
    """The plan made again under one more condition.

    `plan` is None when nothing was found in time; when it is infeasible, it says why. `upgrade`
    is the one that it has to hold, None where it must not hold the item. `least_more` and `more`
    are the bounds between which the difference of the costs lies, in 1e-4 days; `price` is what the
    upgrade has to cost to be chosen, if that is known and not negative.
    """

    plan: Plan | None
    upgrade: Upgrade | None = None
    least_more: int = 0
    more: int = 0
    price: Price | None = None
    adds: tuple[ModeRef, ...] = ()
    drops: tuple[ModeRef, ...] = ()

    @property
    def found(self) -> Plan | None:
        """The plan, if there is one."""
        return None if self.plan is None or self.plan.status is Status.INFEASIBLE else self.plan

    @property
    def because(self) -> tuple[str, ...]:
        """Why there is none; without the last line of several, which tells the best score."""
        because = () if self.plan is None else self.plan.because
        because = because[:-1] or because
        if self.upgrade is None:
            return because
        ours = f"{self.upgrade.ref} is included, but it cannot be done: "  # nobody asked for it
        return tuple(line.removeprefix(ours) for line in because)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the plan does with an item that is in `mode` today.

    An item that is in the plan with `upgrade` has the plan `without` it; one that is not has the
    plans in which it is `forced` to each of its higher modes that were asked for.
    """

    item: Item
    mode: ModeId
    upgrade: Upgrade | None = None
    without: Other | None = None
    forced: tuple[Other, ...] = ()


def is_for_the_budget(request: Request) -> bool:
    """Whether a plan is the best for its budget, and not the cheapest to a target."""
    return request.budget is not None and request.target is None


def is_excluded(request: Request, upgrade: Upgrade | None) -> bool:
    """Whether the plan left the upgrade out because it had to."""
    return upgrade is not None and any(
        pin.names(upgrade.item, upgrade.to_mode) for pin in request.exclude
    )


def explain_item(planner: Planner, plan: Plan, pin: Pin) -> Explanation:
    """Return why the plan holds what the pin names, or what it would take.

    The plan must not be infeasible. A budget that comes with a target is set aside here, so that
    the difference is known.
    """
    item = planner.rubric.items[pin.item]
    today = planner.assessment.mode(item)
    taken = next((u for u in plan.upgrades if pin.names(u.item, u.to_mode)), None)
    free = plan.request if is_for_the_budget(plan.request) else replace(plan.request, budget=None)
    if taken:
        kept = tuple(p for p in free.include if p.item != item.id or pin.mode not in (None, p.mode))
        request = replace(free, include=kept, exclude=(*free.exclude, pin))
        without = _compared(plan, _made(planner, request), None)
        return Explanation(item, today, taken, without)
    above = [m for m in item.modes if item.rank(m) > item.rank(today) and pin.names(item, m)]
    forced = []
    for mode in above:
        others = tuple(p for p in free.exclude if p.item != item.id)
        request = replace(free, include=(*free.include, Pin(item.id, mode)), exclude=others)
        cost, effort, _ = upgrade_cost(planner.assessment, item, mode, request.horizon)
        points = item.points(mode) - item.points(today)
        upgrade = Upgrade(item, today, mode, cost, effort, points)
        forced.append(_compared(plan, _made(planner, request), upgrade))
    return Explanation(item, today, forced=tuple(forced))


def _made(planner: Planner, request: Request) -> Plan | None:
    """Return the plan; None when nothing is known in time."""
    try:
        return planner.plan(request)
    except (OutOfTime, KeyboardInterrupt):
        return None


def _compared(plan: Plan, other: Plan | None, upgrade: Upgrade | None) -> Other:
    if other is None or other.status is Status.INFEASIBLE:
        return Other(other, upgrade)
    ours, theirs = ({u.ref: u for u in one.upgrades} for one in (plan, other))
    more = other.cost - plan.bound
    least = min(more, max(0, other.bound - plan.cost))
    if is_for_the_budget(plan.request):
        least = more = other.cost - plan.cost
    price = None
    is_proven = plan.status is other.status is Status.OPTIMAL
    is_open = not is_for_the_budget(plan.request) and not is_excluded(plan.request, upgrade)
    if upgrade and is_proven and is_open:
        found = Price(upgrade.cost - more, _standing(other) < _standing(plan))
        # At a cost of nothing that loses the tie there is nothing left to take off.
        price = found if found.cost > 0 or (found.cost == 0 and found.wins_tie) else None
    return Other(
        other,
        upgrade,
        least,
        more,
        price,
        tuple(ref for ref in theirs if ref not in ours),
        tuple(ref for ref in ours if ref not in theirs),
    )


def _standing(plan: Plan) -> tuple[object, ...]:
    """Return what decides between plans of the same cost; the lowest wins."""
    places = tuple((u.item.position, u.item.rank(u.to_mode)) for u in plan.upgrades)
    points = sum(upgrade.points for upgrade in plan.upgrades)
    return (-points, len(places), sum(position for position, _ in places), places)
