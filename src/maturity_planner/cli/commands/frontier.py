"""`frontier`: what each step up costs, from today to the best score."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import options, output

if TYPE_CHECKING:
    from ...core.plan import Plan, Request
    from ...core.planner import Planner
    from ..progress import Progress


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
    from ...errors import InfeasibleTarget
    from ...pins import option_pins, origin, settings_pins
    from ..progress import searching, seconds_of
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
        plans = _found(planner, request, progress)
        if not plans and not progress.is_stopped:
            because = [*planner.plan(request).because, *filter(None, [pins])]
            raise InfeasibleTarget("what was asked for cannot be reached", fix="\n  ".join(because))
    if as_json:
        from ...outputs import frontier_data

        output.emit("frontier", frontier_data(plans, is_complete=not progress.is_stopped))
    elif plans:
        if pins:
            output.say(click.style(output.wrap(pins, indent=""), dim=True))
        _show(plans, is_stopped=progress.is_stopped)
    if progress.is_stopped:
        raise KeyboardInterrupt


def _found(planner: Planner, request: Request, progress: Progress) -> list[Plan]:
    """Return the points of the frontier; those before Ctrl-C, if it was pressed."""
    from ...core.plan import unbeaten

    plans: list[Plan] = []
    with suppress(KeyboardInterrupt):
        for plan in planner.frontier(request):
            if plan.is_interrupted:
                break  # it stands for no more than where the search was
            plans.append(plan)
            progress.found = f"{output.plural(len(plans), 'point')} found"
    return unbeaten(plans)


def _show(plans: list[Plan], *, is_stopped: bool) -> None:
    from ...core.plan import COST_UNIT, Status
    from ...core.quantity import DAY, precise, shown

    most = Fraction(plans[-1].cost, COST_UNIT)
    rows = []
    for plan in plans:
        cost = Fraction(plan.cost, COST_UNIT)
        rows.append(
            [
                precise(plan.after.score),
                shown(cost) + ("" if plan.status is Status.OPTIMAL else "*"),
                shown(Fraction(plan.effort, DAY)),
                output.bar(cost, most, 30) if most else "",
                str(len(plan.upgrades)),
            ]
        )
    heads = ["Score", "Cost", "Effort", "", "Upgrades"]
    for line in output.table(rows, heads, right=[0, 1, 2, 4]):
        output.say(line)
    if is_stopped:
        output.say("Not complete: you stopped before the higher scores were found.")
    if any(plan.status is not Status.OPTIMAL for plan in plans):
        output.say("* Not proven, the time was up: a cheaper way may exist, and scores in between.")
