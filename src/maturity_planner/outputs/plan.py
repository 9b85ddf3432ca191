"""Plans as data: one, why it is so, and those of the frontier."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..core.plan import COST_UNIT, Plan, Standing, Status, Upgrade
from ..core.quantity import plain

if TYPE_CHECKING:
    from ..core.explaining import Explanation, Other

Data = dict[str, Any]


def plan_data(plan: Plan) -> Data:
    """Return the plan with what was asked for and what is proven (`plan`)."""
    request = plan.request
    return {
        "status": plan.status.value,
        "ties_settled": plan.are_ties_settled,
        "target": None if request.target is None else plain(request.target),
        "section_targets": {s: plain(wanted) for s, wanted in request.section_targets.items()},
        "budget": None if request.budget is None else plain(Fraction(request.budget, COST_UNIT)),
        "horizon_quarters": plain(request.horizon),
        "cost_days": plain(plan.cost_days),
        "bound_days": plain(plan.bound_days),
        "effort_days": plain(plan.effort_days),
        "upkeep_days_per_quarter": plain(plan.upkeep_days),
        "upgrades": [_upgrade(upgrade) for upgrade in plan.upgrades],
        "before": standing_data(plan.before),
        "after": standing_data(plan.after),
        "alternatives": [
            {
                "score": plain(other.score),
                "cost_days": plain(other.cost_days),
                "upgrades": [_upgrade(upgrade) for upgrade in other.upgrades],
            }
            for other in plan.alternatives
        ],
        "alternatives_complete": plan.has_all_alternatives,
        "because": list(plan.because),
    }


def _upgrade(upgrade: Upgrade) -> Data:
    return {
        "item": upgrade.item.id,
        "section": upgrade.item.section,
        "from": upgrade.from_mode,
        "to": upgrade.to_mode,
        "cost_days": plain(upgrade.cost_days),
        "effort_days": plain(upgrade.effort_days),
        "points": plain(upgrade.gain),
        "why": upgrade.why,
        "needed_by": [str(ref) for ref in upgrade.needed_by],
    }


def standing_data(standing: Standing) -> Data:
    """Return a score with those of the sections."""
    return {
        "score": plain(standing.score),
        "sections": {section: plain(score) for section, score in standing.sections.items()},
    }


def explanation_data(explained: Explanation) -> Data:
    """Return why an item is in the plan or is not (`plan --explain`)."""
    upgrade = explained.upgrade
    return {
        "item": explained.item.id,
        "mode": explained.mode,
        "upgrade": str(upgrade.ref) if upgrade else None,
        "why": upgrade.why if upgrade else None,
        "needed_by": [str(ref) for ref in upgrade.needed_by] if upgrade else [],
        "without": _other(explained.without) if explained.without else None,
        "forced": [_forced(other) for other in explained.forced],
    }


def _other(other: Other) -> Data:
    found = other.found
    return {
        "status": other.plan.status.value if other.plan else "unknown",
        "cost_days": plain(found.cost_days) if found else None,
        "bound_days": plain(found.bound_days) if found else None,
        "more_days": plain(Fraction(other.more, COST_UNIT)) if found else None,
        "least_more_days": plain(Fraction(other.least_more, COST_UNIT)) if found else None,
        "score": plain(found.after.score) if found else None,
        "upgrades": [str(upgrade.ref) for upgrade in found.upgrades] if found else [],
        "because": list(other.because),
    }


def _forced(other: Other) -> Data:
    assert other.upgrade is not None
    price = other.price
    return {
        "upgrade": str(other.upgrade.ref),
        "own_cost_days": plain(other.upgrade.cost_days),
        "chosen_at_days": plain(Fraction(price.cost, COST_UNIT)) if price else None,
        "wins_tie": price.wins_tie if price else None,
        **_other(other),
    }


def frontier_data(plans: Sequence[Plan], *, is_complete: bool) -> Data:
    """Return the pairs of cost and score with their upgrades (`frontier`)."""
    return {
        # One that is not proven may stand where cheaper ones would.
        "complete": is_complete and all(plan.status is Status.OPTIMAL for plan in plans),
        "points": [
            {
                "score": plain(plan.after.score),
                "status": plan.status.value,
                "cost_days": plain(plan.cost_days),
                "bound_days": plain(plan.bound_days),
                "effort_days": plain(plan.effort_days),
                "upgrades": [str(upgrade.ref) for upgrade in plan.upgrades],
            }
            for plan in plans
        ],
    }
