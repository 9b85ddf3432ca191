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
    as_json: bool,
) -> None:
    """Show every pair of cost and score that no other pair beats, from today to the maximum."""
    from ...core.plan import Request
    from ...core.planner import Planner
    from ...errors import InfeasibleTarget
    from ..pins import check_pins, parse_pins

    model, answers, _ = ctx.obj.load(assessment, rubric)
    request = Request(
        None,
        horizon=ctx.obj.project.horizon if horizon is None else horizon,
        include=parse_pins(model, include),
        exclude=parse_pins(model, exclude),
    )
    check_pins(model, answers, request)
    plans = list(Planner(model, answers).frontier(request))
    if not plans:
        because = Planner(model, answers).plan(request).because
        raise InfeasibleTarget("what was asked for cannot be reached", fix="\n  ".join(because))
    if as_json:
        from ...outputs import frontier_data

        output.emit("frontier", frontier_data(plans))
    else:
        _show(plans)


def _show(plans: list[Plan]) -> None:
    from ...core.plan import COST_UNIT, Status
    from ...core.quantity import DAY, precise, shown

    most = Fraction(plans[-1].cost, COST_UNIT)
    rows = []
    for plan in plans:
        cost = Fraction(plan.cost, COST_UNIT)
        rows.append(
            [
                precise(plan.after.score),
                shown(cost),
                shown(Fraction(plan.effort, DAY)),
                output.bar(cost, most, 30) if most else "",
                str(len(plan.upgrades)),
            ]
        )
    heads = ["Score", "Cost", "Effort", "", "Upgrades"]
    for line in output.table(rows, heads, right=[0, 1, 2, 4]):
        output.say(line)
    if any(plan.status is not Status.OPTIMAL for plan in plans):
        output.note("Not proven to the end: a cheaper way to some of these scores may exist.")
