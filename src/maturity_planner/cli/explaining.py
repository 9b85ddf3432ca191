"""`plan --explain` for people: why an item is in the plan, or what it would take."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..core.explaining import Explanation, Other, Price, is_excluded, is_for_the_budget
from ..core.plan import COST_UNIT, Plan, Status, Upgrade
from ..core.quantity import DAY, precise, shown
from . import output


def _days(amount: int) -> str:
    return shown(Fraction(amount, COST_UNIT), 4)


def explanation(plan: Plan, explained: Explanation) -> Iterator[str]:
    """Yield the paragraphs: the item, then what the plan does with it."""
    item, mode, upgrade = explained.item, explained.mode, explained.upgrade
    yield f"{item.id}: {item.title}"
    if upgrade and explained.without:
        yield f"In the plan, {mode} -> {upgrade.to_mode} for {_days(upgrade.cost)}: {upgrade.why}."
        anew = "Planned anew without it," if is_for_the_budget(plan.request) else "Without it"
        yield _of_other(anew, plan, explained.without)
        return
    if mode == item.top.id:
        yield f"Not in the plan: it is at its top mode already, {mode}."
        return
    if not explained.forced:
        yield f"Not in the plan: it is in mode {mode} already."
        return
    own = next((u for u in plan.upgrades if u.item.id == item.id), None)
    excluded = [str(pin) for pin in plan.request.exclude if pin.item == item.id]
    why = f"{' and '.join(excluded)} is excluded" if excluded else f"it stays {mode}"
    yield f"In the plan as {own.to_mode}." if own else f"Not in the plan: {why}."
    if same := _same_reason(explained):
        yield f"With {item.id} there is no plan. {same}"
        return
    for other in explained.forced:
        assert other.upgrade is not None
        yield _of_other(f"With {other.upgrade.ref}", plan, other)


def _same_reason(explained: Explanation) -> str:
    """Return why no mode can be forced, if it is the same for all, as it is for a waiver."""
    reasons = {
        " ".join(other.because).replace(str(other.upgrade.ref), explained.item.id)
        for other in explained.forced
        if other.upgrade and other.plan and not other.found
    }
    is_for_all = len(explained.forced) > 1 and not any(o.found for o in explained.forced)
    return reasons.pop() if is_for_all and len(reasons) == 1 else ""


def _of_other(condition: str, plan: Plan, other: Other) -> str:
    found = other.found
    if other.plan is None:
        return f"{condition} nothing was found in time: nobody knows yet whether there is a way."
    if found is None:
        what = "there is no plan" if other.upgrade else "what was asked for cannot be reached"
        return f"{condition} {what}. " + " ".join(other.because)
    if is_for_the_budget(plan.request):
        return " ".join([*_for_the_budget(condition, plan, found), *_changes(other)])
    sentences = _by_cost(condition, plan, other, found)
    return " ".join([*sentences, *_changes(other), *_price(plan, other)])


def _by_cost(condition: str, plan: Plan, other: Other, found: Plan) -> Iterator[str]:
    cost = _days(found.cost)
    if plan.status is found.status is Status.OPTIMAL:
        word = "more" if other.more > 0 else "less"  # a pin of one's own is dropped
        difference = f"{_days(abs(other.more))} {word}" if other.more else "the same"
        yield f"{condition} the cheapest plan costs {cost}, {difference}."
    else:
        yield (
            f"{condition} the best plan found costs {cost}. Not proven: the difference lies "
            f"between {_days(other.least_more)} and {_days(other.more)}."
        )
    budget = plan.request.budget
    if budget is not None and found.cost > budget:
        yield f"That is {_days(found.cost - budget)} above the budget {_days(budget)}."


def _for_the_budget(condition: str, plan: Plan, found: Plan) -> Iterator[str]:
    score, less = found.after.score, plan.after.score - found.after.score
    is_proven = plan.status is found.status is Status.OPTIMAL
    what = "the best score for the budget is" if is_proven else "a score was found for the budget:"
    if less > 0:
        yield f"{condition} {what} {precise(score)}, {precise(less)} less."
    elif less < 0:
        yield f"{condition} {what} {precise(score)}, {precise(-less)} more."
    else:
        points = sum(u.points for u in found.upgrades) - sum(u.points for u in plan.upgrades)
        how = "with fewer points in all" if points < 0 else "with as many points in all"
        how = "with more points in all" if points > 0 else how
        costs = "as much" if found.cost == plan.cost else f"{_days(found.cost)}"
        yield f"{condition} {what} {precise(score)}, too, {how}; it costs {costs}."
    if not is_proven:
        yield "Not proven: a better one may exist."


def _changes(other: Other) -> Iterator[str]:
    """Yield what else is different, the item itself left out."""
    own = other.upgrade.ref if other.upgrade else None
    adds = [str(ref) for ref in other.adds if ref != own]
    item = other.upgrade.item.id if other.upgrade else None
    drops = [str(ref) for ref in other.drops if ref.item != item]
    if adds:
        yield f"It {'also ' if own else ''}takes {', '.join(adds)}."
    if drops and own:
        yield f"It leaves out {', '.join(drops)}."


def _price(plan: Plan, other: Other) -> Iterator[str]:
    """Yield how much cheaper the upgrade would have to be."""
    upgrade, price, found = other.upgrade, other.price, other.found
    if upgrade is None or found is None or found.status is not Status.OPTIMAL:
        return
    if is_excluded(plan.request, upgrade):
        return
    if price is None:
        if other.more != other.least_more:  # the plan itself is not proven
            return
        yield f"Its own cost is {_days(upgrade.cost)}: it would not be chosen even for nothing."
    elif not other.more:
        yield (
            "It lost the tie: more points win, then fewer upgrades, then the order of the rubric. "
            f"It would be chosen for anything less than {_days(upgrade.cost)}."
        )
    elif price.wins_tie:
        yield (
            f"It would be chosen if it cost {_days(other.more)} less: {_days(price.cost)} instead "
            f"of {_days(upgrade.cost)}."
        )
    else:
        yield (
            f"It would be chosen if it cost more than {_days(other.more)} less: below "
            f"{_days(price.cost)} instead of {_days(upgrade.cost)}."
        )
    if price is not None and other.more > 0:
        yield from _effort(upgrade, price)


def _effort(upgrade: Upgrade, price: Price) -> Iterator[str]:
    """Yield what the price means for the estimate, where upkeep is a part of the cost."""
    upkeep = upgrade.cost - upgrade.effort * (COST_UNIT // DAY)
    if not upkeep:
        return
    left = price.cost - upkeep
    if left > 0 or (left == 0 and price.wins_tie):
        most = "at most" if price.wins_tie else "less than"
        yield (
            f"With its upkeep of {_days(upkeep)} that is an effort of {most} {_days(left)} "
            f"instead of {_days(upgrade.effort * (COST_UNIT // DAY))}."
        )
    else:
        yield f"Its upkeep alone, {_days(upkeep)}, is too much for that."


def show(plan: Plan, explained: Explanation) -> None:
    """Print the explanation."""
    import click

    head, *paragraphs = explanation(plan, explained)
    output.say(click.style(output.clean(head), bold=True))
    for paragraph in paragraphs:
        output.say(output.wrap(paragraph))
