"""Rubrics as data, and what answers to other rubrics suggest."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..core.quantity import DAY, POINT, plain
from ..core.rubric import Effort, Item, ItemMode, Link, Need, Rubric

if TYPE_CHECKING:
    from ..core.suggesting import Suggestion

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
