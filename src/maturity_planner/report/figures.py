"""The figures at the top of a page: what somebody reads who reads nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..core.quantity import chance, plural, precise
from .content import Report
from .text import columns
from .words import days, listed

MOST_COLUMNS = 48
"""Of the names of the sections that set the score; longer ones are a number."""


class Figure(NamedTuple):
    """A figure: what it is called, what it is, and a few words more."""

    name: str
    value: str
    more: str = ""


def key_figures(report: Report) -> tuple[Figure, ...]:
    """Return the figures in the order of the report: where, since when, how far, what, when."""
    return tuple(_figures(report))


def _figures(report: Report) -> Iterator[Figure]:
    now = report.score.score
    yield Figure("Score", precise(now), report.band)
    lowest = [part.title for part in report.sections if part.sets_score]
    if lowest:
        names = listed(lowest)
        told = names if columns(names) <= MOST_COLUMNS else plural(len(lowest), "section")
        yield Figure("Set by", told, "the lowest section" if len(lowest) == 1 else "the lowest")
    lapsed = sum(lapse.has_lapsed for lapse in report.lapses)
    if lapsed:
        otherwise = precise(report.if_not_renewed.score)
        yield Figure("If not renewed", otherwise, f"{plural(lapsed, 'answer')} lapsed")
    if report.change:
        moved = now - report.change.before.score
        sign = "+" if moved > 0 else "\N{MINUS SIGN}" if moved < 0 else "\N{PLUS-MINUS SIGN}"
        yield Figure("Change", f"{sign}{precise(abs(moved))}", f"since {report.change.since}")
    if report.target is not None:
        gap = report.target - now
        told = f"{precise(gap)} away" if gap > 0 else "reached"
        yield Figure("Target", precise(report.target), told)
    if report.plan and report.plan.lines:
        todo = sum(not line.is_done for line in report.plan.lines)
        told = f"{days(report.plan.effort)} of effort" if todo else "the plan is done"
        yield Figure("Left to do", plural(todo, "upgrade"), told)
    if report.roadmap:
        sure, asked = report.roadmap.odds, report.roadmap.asked_end
        more = f"asked for by {asked}" if asked else ""
        if asked and sure and sure.on_time is not None:
            more = f"{chance(sure.on_time)} sure to be done by {asked}"
        if late := len(report.roadmap.overdue):
            more = f"{plural(late, 'upgrade')} overdue"
        yield Figure("Planned end", str(report.roadmap.finish), more)
