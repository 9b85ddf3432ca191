"""Results as plain data for `--json` and for the files we write (contract, section 4).

`output_shapes` holds their schemas; a test keeps the two in step.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .core.plan import COST_UNIT, Plan, Standing, Upgrade
from .core.quantity import DAY, POINT, plain
from .core.rubric import Effort, Item, ItemMode, Link, Need, Rubric
from .core.score import UNIT, Score, score_assessment

if TYPE_CHECKING:
    from .core.assessment import Assessment
    from .core.comparison import Comparison
    from .core.explaining import Explanation, Other
    from .core.lineage import History
    from .core.record import Facts
    from .core.renewal import Lapse
    from .core.suggesting import Suggestion

Data = dict[str, Any]


def _effort(effort: Effort) -> Data:
    return {
        "low": plain(effort.low),
        "likely": plain(effort.likely),
        "high": plain(effort.high),
        "expected": plain(Fraction(effort.expected, DAY)),
    }


def _need(need: Need) -> Data:
    return {"any_of": [str(ref) for ref in need.any_of], "hard": need.hard, "why": need.why}


def _link(link: Link) -> Data:
    return {
        "rubric": link.rubric,
        "mode": str(link.ref),
        "partly": link.is_partial,
        "why": link.why,
        "basis": link.basis,
    }


def suggestions_data(suggestions: Sequence[Suggestion]) -> Data:
    """Return what answers to other rubrics suggest (`assess --suggest`)."""
    return {
        "suggestions": [
            {
                "rubric": found.rubric.id,
                "item": found.item.id,
                "section": found.item.section,
                "today": found.today,
                "mode": found.mode,
                "partly": found.is_partial,
                "because": [
                    {**_link(reason.link), "answer": f"{reason.item.id}@{reason.mode}"}
                    for reason in found.because
                ],
            }
            for found in suggestions
        ]
    }


def _item_mode(mode: ItemMode) -> Data:
    return {
        "id": mode.id,
        "points": plain(Fraction(mode.points, POINT)),
        "effort_days": _effort(mode.effort),
        "from": {lower: _effort(effort) for lower, effort in mode.effort_from.items()},
        "upkeep_days": plain(Fraction(mode.upkeep, DAY)),
        "review_quarters": mode.review_quarters,
        "needs": [_need(need) for need in mode.needs],
        "suggested_by": [_link(link) for link in mode.suggested_by],
        "evidence": mode.evidence,
        "acceptance": list(mode.acceptance),
        "basis": mode.basis,
    }


def _item(item: Item) -> Data:
    return {
        "id": item.id,
        "title": item.title,
        "summary": item.summary,
        "level": item.level,
        "optional": item.optional,
        "weight": plain(Fraction(item.weight, POINT)),
        "people": dict(item.people),
        "tools": list(item.tools),
        "modes": [_item_mode(mode) for mode in item.modes.values()],
    }


def rubric_data(rubric: Rubric) -> Data:
    """Return the normalised rubric (`show RUBRIC`)."""
    return {
        "id": rubric.id,
        "title": rubric.title,
        "version": rubric.version,
        "source": rubric.source,
        "notes": rubric.notes,
        "scoring": {"section": rubric.section_rule.value, "overall": rubric.overall_rule.value},
        "bands": [
            {
                "id": band.id,
                "title": band.title,
                "up_to": None if band.up_to is None else plain(band.up_to),
            }
            for band in rubric.bands
        ],
        "sections": [
            {
                "id": section.id,
                "title": section.title,
                "weight": plain(Fraction(section.weight, POINT)),
                "items": [_item(item) for item in section.items],
            }
            for section in rubric.sections
        ],
    }


def score_data(rubric: Rubric, system: str, score: Score) -> Data:
    """Return the score with its sections and items (`score`)."""
    band = score.band
    return {
        "system": system,
        "rubric": {"id": rubric.id, "version": rubric.version},
        "score": plain(score.score),
        "at_best": plain(score.at_best),
        "band": {"id": band.id, "title": band.title} if band else None,
        "sections": [
            {
                "id": part.section.id,
                "title": part.section.title,
                "score": plain(part.score),
                "max": plain(part.at_most),
                "sets_score": part.sets_score,
                "next_level": asdict(part.next_level) if part.next_level else None,
            }
            for part in score.sections
        ],
        "items": [
            {
                "id": part.item.id,
                "section": part.item.section,
                "mode": part.mode,
                "points": plain(part.points),
                "answered": part.is_answered,
                "waived": part.is_waived,
            }
            for part in score.items
        ],
        "unanswered": len(score.unanswered),
    }


def other_score_data(rubric: Rubric, assessment: Assessment) -> Data:
    """Return the score against another rubric of the same assessment (`score`)."""
    score = score_assessment(rubric, assessment)
    return {
        "rubric": {"id": rubric.id, "version": rubric.version},
        "score": plain(score.score),
        "at_best": plain(score.at_best),
        "band": {"id": score.band.id, "title": score.band.title} if score.band else None,
        "unanswered": len(score.unanswered),
    }


def lapse_data(lapses: Sequence[Lapse], otherwise: Standing) -> Data:
    """Return the answers whose evidence is too old, and the score without them (`score`)."""
    return {
        "lapsing": [
            {
                "item": lapse.item.id,
                "mode": lapse.mode,
                "shown_on": lapse.shown_on.isoformat(),
                "due": lapse.due.isoformat(),
                "until": lapse.until.isoformat(),
                "lapsed": lapse.has_lapsed,
                "effort_days": plain(Fraction(lapse.effort, DAY)),
            }
            for lapse in lapses
        ],
        "if_not_renewed": _standing(otherwise)
        if any(lapse.has_lapsed for lapse in lapses)
        else None,
    }


def renewal_data(lapses: Sequence[Lapse]) -> list[Data]:
    """Return the renewals beside a plan (`plan --renew`)."""
    return [
        {
            "item": lapse.item.id,
            "mode": lapse.mode,
            "due": lapse.due.isoformat(),
            "effort_days": plain(Fraction(lapse.effort, DAY)),
        }
        for lapse in lapses
    ]


def comparison_data(compared: Comparison, name: str, when: str | None) -> Data:
    """Return what has changed since an earlier score (`score --compare`)."""
    return {
        "with": name,
        "when": when,
        "score": plain(compared.before),
        "change": plain(compared.change),
        "other_rubric": compared.is_other_rubric,
        "sections": [
            {
                "id": move.section,
                "before": None if move.before is None else plain(move.before),
                "now": None if move.now is None else plain(move.now),
                "change": None if move.change is None else plain(move.change),
            }
            for move in compared.sections
        ],
        "items": None
        if compared.items is None
        else [
            {
                "id": move.item,
                "section": move.section,
                "before": move.before,
                "now": move.now,
                "points": None if move.points is None else plain(move.points),
                "waiver": move.waiver or None,
            }
            for move in compared.items
        ],
    }


def history_data(history: History) -> Data:
    """Return the recorded scores, oldest first (`history`)."""
    changes = [
        None if before is None else record.score - before.score
        for record, before in zip(history.records, history.earlier(), strict=True)
    ]
    return {
        "records": [
            {
                "when": record.when.isoformat().replace("+00:00", "Z"),
                "score": plain(record.score),
                "change": None if change is None else plain(change),
                "cause": record.cause,
                "sections": {section: plain(score) for section, score in record.sections.items()},
                "answers": [
                    {"item": item, "from": old, "to": new}
                    for item, (old, new) in record.answers.items()
                ],
                "facts": _facts(record.facts) if record.facts else None,
            }
            for record, change in zip(history.records, changes, strict=True)
        ],
        "left_out": [{"line": fault.line, "message": fault.message} for fault in history.left_out],
    }


def _facts(facts: Facts) -> Data:
    return {
        "system": facts.system,
        "rubric": asdict(facts.rubric),
        "modes": dict(facts.modes),
        "waivers": {item: until.isoformat() for item, until in facts.waivers.items()},
    }


def _upgrade(upgrade: Upgrade) -> Data:
    return {
        "item": upgrade.item.id,
        "section": upgrade.item.section,
        "from": upgrade.from_mode,
        "to": upgrade.to_mode,
        "cost_days": plain(Fraction(upgrade.cost, COST_UNIT)),
        "effort_days": plain(Fraction(upgrade.effort, DAY)),
        "points": plain(Fraction(upgrade.points, UNIT)),
        "why": upgrade.why,
        "needed_by": [str(ref) for ref in upgrade.needed_by],
    }


def _standing(standing: Standing) -> Data:
    return {
        "score": plain(standing.score),
        "sections": {section: plain(score) for section, score in standing.sections.items()},
    }


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
        "cost_days": plain(Fraction(plan.cost, COST_UNIT)),
        "bound_days": plain(Fraction(plan.bound, COST_UNIT)),
        "effort_days": plain(Fraction(plan.effort, DAY)),
        "upkeep_days_per_quarter": plain(Fraction(plan.upkeep, DAY)),
        "upgrades": [_upgrade(upgrade) for upgrade in plan.upgrades],
        "before": _standing(plan.before),
        "after": _standing(plan.after),
        "alternatives": [
            {
                "score": plain(other.score),
                "cost_days": plain(Fraction(other.cost, COST_UNIT)),
                "upgrades": [_upgrade(upgrade) for upgrade in other.upgrades],
            }
            for other in plan.alternatives
        ],
        "alternatives_complete": plan.has_all_alternatives,
        "because": list(plan.because),
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
        "cost_days": plain(Fraction(found.cost, COST_UNIT)) if found else None,
        "bound_days": plain(Fraction(found.bound, COST_UNIT)) if found else None,
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
        "own_cost_days": plain(Fraction(other.upgrade.cost, COST_UNIT)),
        "chosen_at_days": plain(Fraction(price.cost, COST_UNIT)) if price else None,
        "wins_tie": price.wins_tie if price else None,
        **_other(other),
    }


def frontier_data(plans: Sequence[Plan], *, is_complete: bool) -> Data:
    """Return the pairs of cost and score with their upgrades (`frontier`)."""
    return {
        "complete": is_complete,
        "points": [
            {
                "score": plain(plan.after.score),
                "status": plan.status.value,
                "cost_days": plain(Fraction(plan.cost, COST_UNIT)),
                "bound_days": plain(Fraction(plan.bound, COST_UNIT)),
                "effort_days": plain(Fraction(plan.effort, DAY)),
                "upgrades": [str(upgrade.ref) for upgrade in plan.upgrades],
            }
            for plan in plans
        ],
    }


def plan_id(system: str, rubric: Rubric) -> str:
    """Return the eight digits that name the plans of one system against one rubric.

    They follow from the two names and not from the plan, so that tickets keep their identity
    when the plan is made again, on any machine.
    """
    return hashlib.sha256(f"{system}\n{rubric.id}".encode()).hexdigest()[:8]
