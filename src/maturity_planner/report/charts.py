"""Which charts a report has, each beside the table that holds its numbers.

A chart that cannot be read is left out: its table says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..core.quantity import plural, precise
from ..core.rubric import OverallRule
from . import plots, svg
from .content import InTime, Report, SectionLine
from .needs import needed
from .network import graph
from .words import days, listed

MOST_BARS = 40
"""Of the chart of the roadmap: more of them nobody can read."""

MOST_NAMES = 3
"""Of sections in a sentence."""


def charts_of(report: Report) -> dict[str, svg.Chart]:
    """Return the charts by the name of the table that each stands beside."""
    return dict(_charts(report))


def _charts(report: Report) -> Iterator[tuple[str, svg.Chart]]:
    if svg.FEWEST_AXES <= len(report.sections) <= svg.MOST_AXES:
        yield "sections", _radar(report)
    nodes, edges = needed(report)
    if edges:
        text = (
            f"{plural(len(nodes), 'item')}, each to the right of what it needs; planned ones have "
            "a thick frame, and dashed lines are choices or rather wishes."
        )
        yield "needs", svg.Chart("graph", "What needs what", text, *graph(nodes, edges))
    if report.frontier and len(report.frontier) > 1:
        steps = [(float(step.cost), float(step.score)) for step in report.frontier]
        last = report.frontier[-1]
        text = f"Up to {precise(last.score)} for {days(last.cost)}; each dot is a step."
        drawn = plots.frontier(steps, None if report.target is None else float(report.target))
        yield "frontier", svg.Chart("frontier", "The price of a higher score", text, *drawn)
    if report.roadmap and len(report.roadmap.lines) <= MOST_BARS:
        yield "roadmap", _gantt(report, report.roadmap)
    if report.burn_up:
        planned = [(day, float(points)) for day, points in report.burn_up.planned]
        done = [(day, float(points)) for day, points in report.burn_up.done]
        now, aim = report.burn_up.done[-1][1], report.burn_up.planned[-1]
        text = f"{precise(now)} points today; planned are {precise(aim[1])} by {aim[0]}."
        drawn = plots.burnup(planned, done)
        yield "burn-up", svg.Chart("burn-up", "Burn-up of points", text, *drawn)


def _radar(report: Report) -> svg.Chart:
    axes = [(part.title, *shares(part)) for part in report.sections]
    lowest = _lowest(report.sections)
    text = f"Each section's score as a share of what it can reach; {lowest}."
    return svg.Chart("radar", "Sections today", text, *svg.radar(axes))


def _lowest(sections: Sequence[SectionLine]) -> str:
    """Return which sections have the lowest score, by name while these are few."""
    low = min(part.score for part in sections)
    lowest = [part for part in sections if part.score == low]
    mosts = {part.at_most for part in lowest}
    score = precise(low) + (f" of {precise(*mosts)}" if len(mosts) == 1 else "")
    if len(lowest) == 1:
        return f"the lowest is {lowest[0].title} with {score}"
    if len(lowest) == len(sections):
        return f"all have {score}"
    if len(lowest) > MOST_NAMES:
        return f"the lowest are {len(lowest)} of {len(sections)} sections with {score} each"
    return f"the lowest are {listed(part.title for part in lowest)} with {score} each"


def _gantt(report: Report, roadmap: InTime) -> svg.Chart:
    bars = [
        (line.title, line.start, line.end, line.is_done)
        for line in sorted(roadmap.lines, key=lambda line: str(line.start))
        if line.start and line.end
    ]
    text = f"{plural(len(bars), 'upgrade')} from {roadmap.start} to {roadmap.finish}."
    drawn = plots.gantt(bars, report.made_on, roadmap.asked_end)
    return svg.Chart("gantt", "The plan in time", text, *drawn)


def shares(part: SectionLine) -> tuple[float, float | None]:
    """Return what a section has of what it can reach, today and after the plan."""
    if not part.at_most:
        return 0.0, None if part.after is None else 0.0
    after = None if part.after is None else float(part.after / part.at_most)
    return float(part.score / part.at_most), after


def level(report: Report, part: SectionLine) -> str:
    """Return a section's bar; the target is marked where every section has to reach it."""
    aim = report.target if report.rubric.overall_rule is OverallRule.MINIMUM else None
    reach = float(aim / part.at_most) if aim is not None and part.at_most else None
    return svg.level(*shares(part), reach)
