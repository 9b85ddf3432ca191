"""`report`: what people forward, in the format that they forward it in."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import options, output, recording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...core.odds import Odds
    from ...core.plan import Plan
    from ...plans import PlanOnFile
    from ...report.content import Report
    from ...roadmaps import RoadmapOnFile
    from ..context import Context

ENDINGS = {
    "": "text",
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".csv": "csv",
    ".json": "json",
    ".svg": "badge",
}
FORMATS = (*dict.fromkeys(ENDINGS.values()), "shields", "summary")


@click.command("report")
@options.assessment
@options.rubric
@options.target
@click.option(
    "--format",
    "style",
    type=click.Choice(FORMATS),
    help="How to tell it  [default: by the ending of -o, else text]",
)
@click.option("-o", "out", type=options.FILE, help="Write into a file.")
@click.option("--tickets", is_flag=True, help="Ask the tracker how the tickets stand.")
@click.option("--odds", "with_odds", is_flag=True, help="Simulate how sure the end is.")
@click.option("--frontier", "with_frontier", is_flag=True, help="Search what each step up costs.")
@options.time_limit
@click.pass_context
def command(
    ctx: click.Context,
    /,
    assessment: Path | None,
    rubric: str | None,
    target: Fraction | None,
    style: str | None,
    out: Path | None,
    tickets: bool,
    with_odds: bool,
    with_frontier: bool,
    time_limit: Fraction | None,
) -> None:
    """Tell where the system stands, what sets the score, and what comes next.

    Reads the assessment and, where they are there, plan.yaml, roadmap.yaml and history.jsonl. What
    takes a search or the network is left out unless it is asked for.
    """
    import os

    from ...plans import load_plan, planned_rubric
    from ...report.building import build_report
    from ...report.past import read_past
    from ...report.sources import Sources
    from ...roadmaps import load_roadmap
    from ..writing import deliver, is_stdout, refuse_ours

    refuse_ours(ctx.obj, out, "a report")
    chosen = style or _format_of(out)
    project = ctx.obj.project
    recording.note_unread(project.history)
    model, answers, _ = ctx.obj.load(assessment, rubric, to_plan=with_odds or with_frontier)
    planned_for = planned_rubric(project.plan) if answers.beside else None
    other = planned_for if planned_for in answers.beside else ""
    if other:
        output.note(
            f"{project.plan.name} is for another rubric and left aside, with its tickets; "
            f"--rubric {other} reports on it."
        )
    has_plan = os.path.lexists(project.plan) and not other
    plan = load_plan(project.plan, model) if has_plan else None
    roadmap = load_roadmap(project.roadmap, model)
    models = (model, answers)
    frontier, has_all_steps = (
        _frontier(ctx.obj, models, time_limit) if with_frontier else (None, True)
    )
    report = build_report(
        Sources(
            rubric=model,
            assessment=answers,
            target=target if target is not None else project.target,
            now=ctx.obj.now,
            grace=project.grace,
            past=read_past(project.history, model.id, answers.beside),
            plan=plan,
            planned_rubric=other or "",
            roadmap=roadmap,
            odds=_odds(ctx.obj, models, plan, roadmap) if with_odds else None,
            frontier=frontier,
            has_all_steps=has_all_steps,
            tickets=_tickets(ctx.obj) if tickets and has_plan else None,
        )
    )
    room = output.terminal_width() if is_stdout(out) and sys.stdout.isatty() else None
    deliver(ctx, out, _told(report, chosen, room), "a report")


def _format_of(out: Path | None) -> str:
    """Return the format that the ending of the file means.

    Raises:
        UsageError: it means none.
    """
    ending = out.suffix.lower() if out else ""
    if ending not in ENDINGS:
        from ...errors import UsageError

        known = ", ".join(f"{one} {style}" for one, style in ENDINGS.items() if one)
        raise UsageError(
            f'no format of a report has the ending "{ending}"',
            fix=f"Known endings: {known}. With another one, say which: --format "
            + "|".join(FORMATS),
        )
    return ENDINGS[ending]


def _told(report: Report, style: str, room: int | None) -> str:
    match style:
        case "markdown":
            from ...report.markdown import markdown_report

            return markdown_report(report)
        case "html":
            from ...report.page import html_report

            return html_report(report)
        case "csv":
            from ...report.sheet import sheet_report

            return sheet_report(report)
        case "json":
            from ...report.document import report_data

            return output.json_document("report", report_data(report)) + "\n"
        case "badge":
            from ...report.badge import badge_svg

            return badge_svg(report)
        case "shields":
            from ...report.badge import badge_endpoint

            return badge_endpoint(report)
        case "summary":
            from ...report.summary import summary_report

            return summary_report(report)
    from ...report.text import text_report

    return text_report(report, room)


def _odds(
    context: Context,
    models: tuple[Any, Any],
    plan: PlanOnFile | None,
    roadmap: RoadmapOnFile | None,
) -> Odds | None:
    """Return how sure the roadmap on file is; None when it is no longer that of the plan."""
    if not plan or not roadmap or roadmap.plan != plan.id or not roadmap.asked_start:
        return None
    from ...core.calendar import Window
    from ...core.roadmap import as_dated
    from ..simulating import simulated

    dates = {ref: (slot.start, slot.end) for ref, slot in roadmap.slots.items()}
    upgrades = [upgrade for upgrade in plan.upgrades if upgrade.ref not in roadmap.left]
    window = Window(roadmap.asked_start, roadmap.asked_end)
    placed = as_dated(*models, upgrades, context.project.team, window, dates)
    if placed is None:
        output.note(
            "The roadmap on file is out of date, so nobody knows how sure it is. Make it again: "
            "maturity-planner roadmap"
        )
    return simulated(context, placed) if placed else None


def _frontier(
    context: Context, models: tuple[Any, Any], limit: Fraction | None
) -> tuple[Sequence[Plan], bool]:
    """Return what each step up costs, with the pins and the horizon of the settings.

    And whether those are all steps.
    """
    from ...core.plan import Request
    from ...core.planner import Planner
    from ...pins import settings_pins
    from ..search_line import points_found, searching, seconds_of
    from ..waiting import on_stderr

    pins = settings_pins(context.project, *models)._asdict()
    request = Request(None, horizon=context.project.horizon, **pins)
    with searching(on_stderr(context)) as progress:
        planner = Planner(*models, seconds_of(limit), progress.watch)
        found = points_found(planner, request, progress, seconds_of(limit))
        if progress.is_stopped:
            raise KeyboardInterrupt
    return found


def _tickets(context: Context) -> Any:
    """Return the tickets of the plan as the tracker holds them."""
    from ...core.proposals import tracked_tickets
    from ..syncing import reading
    from ..ticketing import open_desk

    desk = open_desk(context)
    with reading(context, desk.tracker):
        present = desk.tracker.read(desk.plan.id)
    return tracked_tickets(desk.rubric, present)
