"""`roadmap`: the plan placed in time, against the people there are."""

from __future__ import annotations

import os
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import options, output

if TYPE_CHECKING:
    from ...core.odds import Odds
    from ...core.rubric import Rubric
    from ...plans import PlanOnFile
    from ..context import Context
    from ..scheduling import Asked, Made


@click.command("roadmap")
@options.assessment
@options.rubric
@click.option(
    "--start", type=options.DATE, metavar="DATE", help="First day of work  [default: today]"
)
@click.option("--end", type=options.DATE, metavar="DATE", help="Last day of work.")
@click.option("--quarter", metavar="2027-Q1", help="Start and end with this quarter.")
@click.option(
    "--quarters",
    type=click.IntRange(1, 40),
    metavar="N",
    help="So many quarters in a row, from --quarter or this one.",
)
@click.option("--fit", is_flag=True, help="If the plan does not fit: the best score that does.")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    default=0,
    metavar="N",
    help="Seed of the simulation  [default: 0]",
)
@options.time_limit
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "mermaid", "ics", "csv"]),
    default="text",
    help="For people, Markdown, calendars, or spreadsheets and project software.",
)
@click.option("-o", "out", type=options.FILE, help="Roadmap file  [default: roadmap.yaml]")
@click.option("-n", "--dry-run", is_flag=True, help="Show the roadmap and write nothing.")
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    /,
    assessment: Path | None,
    rubric: str | None,
    start: date | None,
    end: date | None,
    quarter: str | None,
    quarters: int | None,
    fit: bool,
    seed: int,
    time_limit: Fraction | None,
    style: str,
    out: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Place the plan in time: who does what when, by when, and how sure that is.

    Reads plan.yaml and the team of the settings. The shortest roadmap there is, proven; what
    lifts the weakest section comes first in it. The odds follow from the estimates of effort.
    """
    from ...core.plan import Status
    from ...errors import UsageError
    from ...plans import load_plan
    from ...roadmaps import roadmap_text, write_roadmap
    from ..roadmap_text import fit_lines
    from ..scheduling import Asked
    from ..simulating import simulated
    from ..writing import STDOUT, refuse_both, refuse_ours

    project = ctx.obj.project
    refuse_both(out, as_json=as_json or style != "text")
    refuse_ours(ctx.obj, out, "a roadmap", own="roadmap")
    if as_json and style != "text":
        raise UsageError("--json and --format both say how to print", fix="Leave one out.")
    model, answers, _ = ctx.obj.load(assessment, rubric, to_plan=True, as_planned=True)
    plan = load_plan(project.plan, model)
    asked = Asked(start, end, quarter, quarters)
    made, is_stopped = _made(ctx.obj, (model, answers), plan, asked, time_limit, fit=fit)
    roadmap = made.roadmap
    sure = simulated(ctx.obj, roadmap, seed=seed)
    fits = roadmap.status is not Status.INFEASIBLE
    written = None
    if fits and not dry_run and not is_stopped:
        if out == STDOUT:
            output.say(roadmap_text(roadmap, plan, made.left).rstrip())
        else:
            written = out or project.inside(project.roadmap, "the roadmap")
            write_roadmap(written, roadmap, plan, made.left)
    if out != STDOUT:
        _print(ctx.obj, (model, answers), plan, made, sure, "json" if as_json else style)
    if made.fit and not as_json and style != "text":
        for line in fit_lines(made):
            output.note(line)
    _tell(ctx, plan, made, written, is_named=bool(out))
    kept = "" if dry_run else _kept(out or project.roadmap)
    _end(made, kept, is_stopped=is_stopped, fit=fit)


def _made(
    context: Context,
    models: tuple[Rubric, Any],
    plan: PlanOnFile,
    asked: Asked,
    limit: Fraction | None,
    *,
    fit: bool,
) -> tuple[Made, bool]:
    """Return the roadmap, and whether somebody stopped the search."""
    from ...core.planner import Planner
    from ...errors import RoadmapError
    from ...pins import settings_pins
    from ..scheduling import make, with_places
    from ..search_line import searching, seconds_of
    from ..waiting import on_stderr

    project = context.project
    team = project.team
    window = asked.window(context.today, team, fit=fit)
    pins = settings_pins(project, *models)._asdict() if fit else {}
    with searching(on_stderr(context)) as progress:
        planner = Planner(*models, seconds_of(limit), progress.watch)
        try:
            made = make(planner, plan, pins, team, window, fit=fit)
        except RoadmapError as error:
            raise with_places(error, project) from error
    return made, progress.is_stopped or made.roadmap.is_interrupted


def _print(
    context: Context,
    models: tuple[Rubric, Any],
    plan: PlanOnFile,
    made: Made,
    sure: Odds | None,
    style: str,
) -> None:
    from ...core.quarters import quarter_ends

    rubric, answers = models
    roadmap = made.roadmap
    if style in ("text", "json"):
        quarters = quarter_ends(rubric, answers, roadmap)
        if style == "json":
            from ...outputs.roadmap import fit_data, roadmap_data

            data = roadmap_data(roadmap, sure, quarters, made.before, made.after, made.left)
            more = {"fit": fit_data(made.fit, made.wanted.score)} if made.fit else {}
            output.emit("roadmap", data | more)
        else:
            from ..roadmap_text import show_roadmap

            show_roadmap(f"{answers.system}, {rubric.title}", made, sure, quarters)
    elif not roadmap.unplaced:  # an export of what cannot be kept would only be believed
        from ...exports import Subject
        from ...exports.calendar_file import calendar_file
        from ...exports.mermaid import mermaid_gantt
        from ...exports.project_sheet import project_sheet

        subject = Subject(plan.id, answers.system, rubric, roadmap)
        match style:
            case "mermaid":
                text = mermaid_gantt(subject)
            case "ics":
                text = calendar_file(subject, context.now)
            case _:
                text = project_sheet(subject)
        output.say(text, nl=False)


def _tell(
    ctx: click.Context, plan: PlanOnFile, made: Made, written: Path | None, *, is_named: bool
) -> None:
    """Say on stderr what is not proven, what was written and what comes next."""
    from ..roadmap_text import doubts

    if told := doubts(made.roadmap):
        output.note(told)
    if written:
        following = "" if is_named or made.fit else " Next: maturity-planner sync"
        output.hint(ctx, f"Written to {written}.{following}")
    if made.fit:
        from ..scheduling import plan_command

        command = plan_command(made.fit, plan, ctx.obj.project)
        output.hint(ctx, f"The plan stays as it is. To make it this one: {command}")


def _kept(path: Path) -> str:
    """Return that the roadmap's file is what it was before; stdout (`-`) is no file."""
    if str(path) == "-":
        return "Nothing was written. "
    stays = "stays as it was" if os.path.lexists(path) else "is not there yet"
    return f"Nothing was written: {path.name} {stays}. "


def _end(made: Made, kept: str, *, is_stopped: bool, fit: bool) -> None:
    """Leave with the exit code that the roadmap deserves; `kept` tells of its file."""
    from ...core.quantity import precise
    from ...errors import DoesNotFit, Fault

    if is_stopped:
        raise KeyboardInterrupt
    roadmap = made.roadmap
    if roadmap.unplaced:
        end = roadmap.window.end
        because = list(roadmap.because)
        if fit:
            score = precise(made.before.score)
            because.append(f"No plan that scores more than today's {score} was found to fit.")
            fix = "Name a later --end, or more people in [team.people]."
        else:
            fix = "`--fit` finds the best score that can be reached in time."
        raise DoesNotFit(
            f"the plan does not fit by {end}", fix=kept + fix, faults=map(Fault, because)
        )
