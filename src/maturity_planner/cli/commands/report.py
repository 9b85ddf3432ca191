"""`report`: what people forward, in the format that they forward it in."""

from __future__ import annotations

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
    ".md": "markdown",
    ".html": "html",
    ".csv": "csv",
    ".json": "json",
    ".svg": "badge",
}


@click.command("report")
@options.assessment
@options.rubric
@options.target
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", *ENDINGS.values(), "shields", "summary"]),
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

    from ...files import write_atomic
    from ...plans import load_plan, planned_rubric
    from ...report.building import Sources, build_report
    from ...report.past import read_past
    from ...roadmaps import load_roadmap

    project = ctx.obj.project
    recording.note_unread(project.history)
    model, answers, _ = ctx.obj.load(assessment, rubric, to_plan=with_odds or with_frontier)
    is_other = bool(answers.beside) and planned_rubric(project.plan) in answers.beside
    if is_other:
        output.note(f"{project.plan.name} is for another rubric and left aside, with its tickets.")
    has_plan = os.path.lexists(project.plan) and not is_other
    plan = load_plan(project.plan, model) if has_plan else None
    roadmap = load_roadmap(project.roadmap, model)
    models = (model, answers)
    report = build_report(
        Sources(
            rubric=model,
            assessment=answers,
            target=target if target is not None else project.target,
            now=ctx.obj.now,
            grace=project.grace,
            past=read_past(project.history, model.id, answers.beside),
            plan=plan,
            roadmap=roadmap,
            odds=_odds(ctx.obj, models, plan, roadmap) if with_odds else None,
            frontier=_frontier(ctx.obj, models, time_limit) if with_frontier else None,
            tickets=_tickets(ctx.obj) if tickets and not is_other else None,
        )
    )
    chosen = style or ENDINGS.get(out.suffix.lower() if out else "", "text")
    text = _told(report, chosen)
    if out:
        write_atomic(out, text)
        output.hint(ctx, f"Written to {out}.")
    else:
        output.say(text, nl=False)


def _told(report: Report, style: str) -> str:
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

    return text_report(report)


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
        output.note("The roadmap on file is out of date, so nobody knows how sure it is.")
    return simulated(context, placed) if placed else None


def _frontier(context: Context, models: tuple[Any, Any], limit: Fraction | None) -> Sequence[Plan]:
    """Return what each step up costs, with the pins and the horizon of the settings."""
    from ...core.plan import Request
    from ...core.planner import Planner
    from ..pins import settings_pins
    from ..progress import searching, seconds_of
    from ..waiting import on_stderr

    pins = settings_pins(context.project, *models)._asdict()
    request = Request(None, horizon=context.project.horizon, **pins)
    with searching(on_stderr(context)) as progress:
        planner = Planner(*models, seconds_of(limit), progress.watch)
        plans = [plan for plan in planner.frontier(request) if not plan.is_interrupted]
        if progress.is_stopped:
            raise KeyboardInterrupt
    return plans


def _tickets(context: Context) -> Any:
    """Return the tickets of the plan as the tracker holds them."""
    from ...core.progress import tracked_tickets
    from ..syncing import reading
    from ..ticketing import open_desk

    desk = open_desk(context)
    with reading(context, desk.tracker):
        present = desk.tracker.read(desk.plan.id)
    return tracked_tickets(desk.rubric, present)
