"""A report for spreadsheets: CSV, a row an item with all that is known of it."""

from __future__ import annotations

import csv
import io
from datetime import date
from fractions import Fraction

from ..core.quantity import shown
from ..exports.project_sheet import harmless
from .content import ItemLine, PlannedLine, Report

HEADS = (
    *("Section", "Item", "Title", "Level", "Mode", "Answered", "Waived until", "Points"),
    *("Points at most", "Planned mode", "Effort days", "Cost days", "Why", "Start", "End"),
    *("Sprint", "Ticket", "Ticket state", "Review due", "Lapsed", "Evidence", "Note"),
)


def sheet_report(report: Report) -> str:
    """Return the items in rubric order; lines end as RFC 4180 says, no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADS)
    titles = {section.id: section.title for section in report.sections}
    until = {line.item: line.until for line in report.waivers if not line.is_expired}
    lines = report.plan.lines if report.plan else ()
    planned = {str(line.ref.item): line for line in lines if not line.is_done}
    lapses = {str(lapse.item.id): lapse for lapse in report.lapses}
    tickets = {str(line.ref.item): line for line in report.tickets or ()}
    for item in report.items:
        line = planned.get(item.id)
        ticket, lapse = tickets.get(item.id), lapses.get(item.id)
        row = [
            *_standing(item, titles[item.section], until.get(item.id)),
            *_planned(line),
            *((ticket.remote, ticket.state) if ticket else ("", "")),
            *((str(lapse.due), "yes" if lapse.has_lapsed else "no") if lapse else ("", "")),
            "; ".join(item.evidence),
            item.note,
        ]
        writer.writerow([harmless(cell) for cell in row])
    return text.getvalue()


def _standing(item: ItemLine, section: str, waived: date | None) -> list[str]:
    return [
        section,
        item.id,
        item.title,
        "" if item.level is None else str(item.level),
        item.mode,
        "yes" if item.is_answered else "no",
        str(waived or ""),
        _number(item.points),
        _number(item.best_points),
    ]


def _planned(line: PlannedLine | None) -> list[str]:
    if line is None:
        return [""] * 7
    return [
        line.ref.mode,
        _number(line.effort),
        _number(line.cost),
        line.why,
        str(line.start or ""),
        str(line.end or ""),
        line.sprint,
    ]


def _number(number: Fraction) -> str:
    return shown(number, 4)
