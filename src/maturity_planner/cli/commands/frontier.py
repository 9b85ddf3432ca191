"""`frontier`: what each step up costs, from today to the best score."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import options, output

if TYPE_CHECKING:
    from ...core.plan import Plan


@click.command("frontier")
@options.assessment
@options.rubric
@options.horizon
@options.include
@options.exclude
@options.time_limit
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    /,
    assessment: Path | None,
    rubric: str | None,
    horizon: Fraction | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    time_limit: Fraction | None,
    as_json: bool,
) -> None:
    """Show every pair of cost and score that no other pair beats, from today to the maximum."""
    from ...core.plan import Request
    from ...core.planner import Planner
    from ...errors import Fault, InfeasibleTarget
    from ...pins import option_pins, origin, settings_pins
    from ..search_line import points_found, searching, seconds_of
    from ..waiting import on_stderr

    project = ctx.obj.project
    model, answers, _ = ctx.obj.load(assessment, rubric, to_plan=True)
    typed = option_pins(model, answers, include, exclude)
    kept = settings_pins(project, model, answers, typed)
    pins = origin(project.source, kept)
    request = Request(
        None,
        horizon=project.horizon if horizon is None else horizon,
        **kept.joined(typed)._asdict(),
    )
    with searching(on_stderr(ctx.obj)) as progress:
        planner = Planner(model, answers, seconds_of(time_limit), progress.watch)
        plans, is_complete = points_found(planner, request, progress, seconds_of(time_limit))
        if not plans and is_complete:
            because = [*planner.plan(request).because, *filter(None, [pins])]
            raise InfeasibleTarget(
                "what was asked for cannot be reached",
                fix="Leave out what stands in the way.",
                faults=map(Fault, because),
            )
    if as_json:
        from ...outputs.plan import frontier_data

        output.emit("frontier", frontier_data(plans, is_complete=is_complete))
    elif plans:
        if pins:
            output.say(click.style(output.wrap(pins, indent=""), dim=True))
        _show(plans, is_complete=is_complete, is_stopped=progress.is_stopped)
    if progress.is_stopped:
        raise KeyboardInterrupt


def _show(plans: list[Plan], *, is_complete: bool, is_stopped: bool) -> None:
    from ...core.plan import COST_UNIT, Status
    from ...core.quantity import precise, shown

    most = Fraction(plans[-1].cost, COST_UNIT)
    rows = []
    for plan in plans:
        cost = plan.cost_days
        rows.append(
            [
                precise(plan.after.score),
                shown(cost) + ("" if plan.status is Status.OPTIMAL else "*"),
                shown(plan.effort_days),
                output.bar(cost, most, 30) if most else "",
                str(len(plan.upgrades)),
            ]
        )
    heads = ["Score", "Cost", "Effort", "", "Upgrades"]
    for line in output.table(rows, heads, right=[0, 1, 2, 4]):
        output.say(line)
    if not is_complete:
        why = "you stopped" if is_stopped else "the time was up"
        output.say(f"Not complete: {why} before the higher scores were found.")
    if any(plan.status is not Status.OPTIMAL for plan in plans):
        output.say("* Not proven, the time was up: a cheaper way may exist, and scores in between.")
