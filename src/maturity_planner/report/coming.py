"""The parts of a report that look ahead: what comes next, when, and how its tickets stand."""

from __future__ import annotations

from fractions import Fraction

from ..core.quantity import chance, plural, precise, shown
from ..core.rubric import SectionRule
from .content import InTime, Planned, Report
from .tables import Part, Table, make_table
from .words import days, listed


def next_part(report: Report) -> Part:
    """Return the plan, and what each step up costs."""
    sentences, tables = [], []
    if report.plan is None:
        sentences.append(report.missing["plan"])
    else:
        sentences += _plan_sentences(report, report.plan)
        if report.plan.lines:
            tables.append(_plan_table(report, report.plan))
    if report.frontier is None:
        sentences.append(report.missing["frontier"])
    elif report.frontier:
        rows = [
            [
                precise(step.score),
                shown(step.cost) + ("" if step.is_proven else "*"),
                shown(step.effort),
                str(len(step.upgrades)),
            ]
            for step in report.frontier
        ]
        if any(not step.is_proven for step in report.frontier):
            sentences.append("* The time was up: a cheaper way may exist.")
        if not report.has_all_steps:
            sentences.append(
                "The time was up before the higher scores were found: `maturity-planner report "
                "--frontier --time-limit SECONDS` gives it more."
            )
        heads = ["Score", "Cost", "Effort", "Upgrades"]
        title = "What each step up costs, in person-days"
        tables.append(make_table("frontier", title, heads, rows, (0, 1, 2, 3)))
    return Part("next", "Next upgrades", tuple(sentences), tuple(tables))


def _plan_sentences(report: Report, plan: Planned) -> list[str]:
    todo = [line for line in plan.lines if not line.is_done]
    done = len(plan.lines) - len(todo)
    if not plan.lines:
        return ["The plan is empty: what was asked for holds already."]
    lines = []
    if done:
        verb = "is" if done == 1 else "are"
        lines.append(f"{done} of {plural(len(plan.lines), 'upgrade')} {verb} done.")
    if plan.target is not None and plan.after < plan.target:
        lines.append(
            f"The assessment has changed since: the plan ends at {precise(plan.after)}, below its "
            f"target. `maturity-planner plan --target {precise(plan.target)}` makes it anew."
        )
    if not todo:
        return lines
    aim = f"; the target of the plan is {precise(plan.target)}" if plan.target is not None else ""
    lines.append(
        f"{plural(len(todo), 'upgrade')} left to go from {precise(report.score.score)} to "
        f"{precise(plan.after)}{aim}."
    )
    lines.append(
        f"They take {days(plan.effort)} of effort and cost {shown(plan.cost)} with "
        f"{plural(plan.horizon, 'quarter')} of upkeep."
    )
    lines.append(
        "When it was made, the plan was proven to be the cheapest one."
        if plan.is_proven
        else "The plan is not proven to be the cheapest one: the time was up."
    )
    return lines


def _plan_table(report: Report, plan: Planned) -> Table:
    heads = ["Upgrade", "Section", "Mode", "Effort", "Cost", "Points", "Why"]
    by_points = report.rubric.section_rule is SectionRule.SUM
    rows = []
    for line in plan.lines:
        mode = "done" if line.is_done else f"{line.from_mode} -> {line.to_mode}"
        row = [line.title, line.section, mode, shown(line.effort), shown(line.cost)]
        row += [f"+{shown(line.points, 4)}"] if by_points else []
        rows.append([*row, line.why])
    if not by_points:
        heads.remove("Points")
    right = (3, 4, 5) if by_points else (3, 4)
    return make_table("plan", "The plan: effort and cost in person-days", heads, rows, right)


def roadmap_part(report: Report) -> Part:
    """Return the plan in time, how sure its end is, and the burn-up."""
    title = "Roadmap"
    roadmap = report.roadmap
    if roadmap is None:
        return Part("roadmap", title, (report.missing["roadmap"],))
    sentences = [
        f"{plural(len(roadmap.lines), 'upgrade')} from {roadmap.start} to {roadmap.finish}.",
        *_odds(roadmap),
    ]
    if roadmap.asked_end:
        sentences.insert(1, f"It was asked for by {roadmap.asked_end}.")
    if roadmap.overdue:
        sentences.insert(1, overdue_sentence(roadmap))
    if left := [line.title for line in report.plan.lines if line.is_left] if report.plan else []:
        sentences.append(f"Left for later: {listed(left)}.")
    ordered = sorted(roadmap.lines, key=lambda line: str(line.start))
    rows = [
        [
            *(line.title, str(line.start), str(line.end), line.sprint),
            "done" if line.is_done else "overdue" if line in roadmap.overdue else "",
        ]
        for line in ordered
    ]
    heads = ["Upgrade", "First day", "Last day", "Sprint", "State"]
    tables = [make_table("roadmap", "The plan in time", heads, rows)]
    if report.burn_up:
        planned, done = dict(report.burn_up.planned), dict(report.burn_up.done)
        rows = [
            [str(day), _points(planned.get(day)), _points(done.get(day))]
            for day in sorted({*planned, *done})
        ]
        heads = ["Day", "Planned", "Recorded"]
        tables.append(make_table("burn-up", "Burn-up: points of all sections", heads, rows, (1, 2)))
    return Part("roadmap", title, tuple(sentences), tuple(tables))


def _points(number: Fraction | None) -> str:
    return "" if number is None else precise(number)


def overdue_sentence(roadmap: InTime) -> str:
    """Return which upgrades should have been done by now, and what to do."""
    names = listed(f"{line.title} ({line.end})" for line in roadmap.overdue)
    return f"Overdue: {names}. `maturity-planner roadmap` plans what is left from today."


def _odds(roadmap: InTime) -> list[str]:
    sure = roadmap.odds
    if roadmap.overdue:
        return []
    if sure is None:
        return ["`maturity-planner report --odds` adds how sure the end is."]
    lines = []
    if sure.on_time is not None:
        lines.append(f"Chance to be done by {roadmap.asked_end}: {chance(sure.on_time)}.")
    dates = ", ".join(f"{share} % by {day}" for share, day in sure.dates.items())
    lines.append(
        f"Done in {dates}: of {sure.courses} simulated courses, worth as much as the estimates of "
        "effort."
    )
    return lines


def tickets_part(report: Report) -> Part:
    """Return the tickets with their states."""
    if report.tickets is None:
        return Part("tickets", "Tickets", (report.missing["tickets"],))
    counts: dict[str, int] = {}
    for line in report.tickets:
        counts[line.state] = counts.get(line.state, 0) + 1
    states = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    text = plural(len(report.tickets), "ticket") + (f": {states}." if states else ".")
    rows = [
        [line.remote, line.title, str(line.ref), line.state, str(line.closed_on or "")]
        for line in report.tickets
    ]
    heads = ["Ticket", "Title", "Upgrade", "State", "Closed on"]
    sentences = [text]
    there = {line.ref for line in report.tickets}
    lines = report.plan.lines if report.plan else ()
    if lost := [line.title for line in lines if line.ref not in there and not line.is_done]:
        verb = "has no ticket" if len(lost) == 1 else "have no ticket"
        sentences.append(f"{listed(lost)} {verb}: `maturity-planner sync` makes it.")
    tables = (make_table("tickets", "Tickets of the plan", heads, rows),) if rows else ()
    return Part("tickets", "Tickets", tuple(sentences), tables)
