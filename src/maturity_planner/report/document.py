"""A report as plain data, for JSON; `output_shapes` holds its schema."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from ..core.quantity import plain
from ..outputs.renewal import lapse_data
from ..outputs.roadmap import odds_data
from ..outputs.score import score_data
from .burnup import Series
from .content import (
    Change,
    InTime,
    ItemLine,
    Planned,
    PlannedLine,
    Report,
    Step,
    TicketLine,
    WaiverLine,
)
from .words import told

Data = dict[str, Any]


def report_data(report: Report) -> Data:
    """Return the whole report; a part that is null is explained in `missing`."""
    return {
        "made_on": report.made_on.isoformat(),
        "as_of": _day(report.as_of),
        "target": _number(report.target),
        "gap": None
        if report.target is None
        else plain(max(Fraction(), report.target - report.score.score)),
        "score": _told(_score(report)),
        "unmet_needs": list(report.unmet),
        "change": report.change and _change(report.change),
        "frontier": None if report.frontier is None else [_step(one) for one in report.frontier],
        "plan": report.plan and _plan(report.plan),
        "roadmap": report.roadmap and _roadmap(report.roadmap),
        "burn_up": report.burn_up
        and {"planned": _series(report.burn_up.planned), "done": _series(report.burn_up.done)},
        "tickets": None if report.tickets is None else [_ticket(one) for one in report.tickets],
        "items": [_item(line) for line in report.items],
        "waivers": [_waiver(line) for line in report.waivers],
        "missing": dict(report.missing),
    }


def _score(report: Report) -> Data:
    return {
        **score_data(report.rubric, report.system, report.score),
        **lapse_data(report.lapses, report.if_not_renewed),
    }


def _change(change: Change) -> Data:
    return {
        "since": change.since.isoformat(),
        "score": plain(change.before.score),
        "sections": {name: plain(score) for name, score in change.before.sections.items()},
        "cause": change.cause,
    }


def _step(step: Step) -> Data:
    return {
        "score": plain(step.score),
        "cost_days": plain(step.cost),
        "effort_days": plain(step.effort),
        "upgrades": [str(ref) for ref in step.upgrades],
        "proven": step.is_proven,
    }


def _ticket(line: TicketLine) -> Data:
    return {
        "remote": line.remote,
        "title": line.title,
        "upgrade": str(line.ref),
        "state": line.state.replace(" ", "_"),
        "closed_on": _day(line.closed_on),
    }


def _item(line: ItemLine) -> Data:
    return {
        "id": line.id,
        "title": line.title,
        "evidence": list(line.evidence),
        "note": line.note,
        "planned": line.planned or None,
    }


def _waiver(line: WaiverLine) -> Data:
    return {
        "item": line.item,
        "reason": line.reason,
        "owner": line.owner,
        "until": line.until.isoformat(),
        "expired": line.is_expired,
    }


def _told(data: Any) -> Any:
    """Return the data of another command with texts as a report tells them."""
    match data:
        case dict():
            return {key: _told(value) for key, value in data.items()}
        case list():
            return [_told(value) for value in data]
        case str():
            return told(data)
    return data


def _plan(plan: Planned) -> Data:
    return {
        "target": _number(plan.target),
        "cost_days": plain(plan.cost),
        "effort_days": plain(plan.effort),
        "horizon_quarters": plain(plan.horizon),
        "after": plain(plan.after),
        "proven": plan.is_proven,
        "upgrades": [_line(line) for line in plan.lines],
    }


def _line(line: PlannedLine) -> Data:
    return {
        "upgrade": str(line.ref),
        "title": line.title,
        "from": line.from_mode,
        "effort_days": plain(line.effort),
        "cost_days": plain(line.cost),
        "points": plain(line.points),
        "why": line.why,
        "done": line.is_done,
        "start": _day(line.start),
        "end": _day(line.end),
        "left": line.is_left,
    }


def _roadmap(roadmap: InTime) -> Data:
    return {
        "start": roadmap.start.isoformat(),
        "finish": roadmap.finish.isoformat(),
        "asked_end": _day(roadmap.asked_end),
        "overdue": [str(line.ref) for line in roadmap.overdue],
        "on_time_probability": _number(roadmap.odds.on_time if roadmap.odds else None),
        "odds": odds_data(roadmap.odds) if roadmap.odds else None,
    }


def _series(series: Series) -> list[Data]:
    return [{"day": day.isoformat(), "points": plain(points)} for day, points in series]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _number(number: Fraction | None) -> int | float | None:
    return None if number is None else plain(number)
