"""Scores as data: of today, since another one, and all that were recorded."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ..core.quantity import plain
from ..core.rubric import Rubric
from ..core.score import Score, score_assessment

if TYPE_CHECKING:
    from ..core.assessment import Assessment
    from ..core.comparison import Comparison
    from ..core.lineage import History
    from ..core.record import Facts

Data = dict[str, Any]


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
