"""`plan`: the cheapest upgrades that reach the target."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import options, output

if TYPE_CHECKING:
    from ...core.plan import Plan
    from ...core.rubric import Rubric


@click.command("plan")
@options.assessment
@options.rubric
@options.target
@options.horizon
@click.option("-o", "out", type=options.FILE, help="Plan file  [default: plan.yaml]")
@click.option("-n", "--dry-run", is_flag=True, help="Show the plan and write nothing.")
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    /,
    assessment: Path | None,
    rubric: str | None,
    target: Fraction | None,
    horizon: Fraction | None,
    out: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Find the cheapest upgrades that reach the target, and prove that none are cheaper.

    The cost of an upgrade is its expected effort and what it keeps costing over the horizon.
    """
    from ...core.plan import Request, Status
    from ...core.planner import make_plan
    from ...errors import InfeasibleTarget, UsageError
    from ...outputs import plan_data
    from ...plans import write_plan

    project = ctx.obj.project
    wanted = project.target if target is None else target
    if wanted is None:
        raise UsageError(
            "no target: what score should the plan reach?",
            fix="Add --target T, or `target = T` to maturity.toml.",
        )
    model, answers, path = ctx.obj.load(assessment, rubric)
    request = Request(wanted, horizon=project.horizon if horizon is None else horizon)
    plan = make_plan(model, answers, request)
    data = plan_data(plan)
    written = None
    if plan.status is not Status.INFEASIBLE and not dry_run:
        written = out or project.inside(project.plan, "the plan")
        write_plan(written, data, answers, model)
    if as_json:
        output.emit("plan", data)
    elif plan.status is not Status.INFEASIBLE:
        _show(ctx, model, plan, answers.system, path)
    if written:
        following = "" if out else " Next: maturity-planner sync"
        output.hint(ctx, f"Written to {written}.{following}")
    if plan.status is Status.INFEASIBLE:
        from ...core.quantity import precise

        raise InfeasibleTarget(
            f"the target {precise(wanted)} cannot be reached",
            fix="\n  ".join(plan.because),
        )


def _show(ctx: click.Context, rubric: Rubric, plan: Plan, system: str, path: Path) -> None:
    from ...core.plan import COST_UNIT, Status
    from ...core.quantity import DAY, precise, shown
    from ...core.score import UNIT

    before, after = precise(plan.before.score), precise(plan.after.score)
    title = f"{output.clean(system)}, {rubric.title}: {before} -> {after}"
    output.say(click.style(title, bold=True))
    if not plan.upgrades:
        output.say("The target is reached already: there is nothing to do.")
        return
    output.say()
    rows = [
        [
            upgrade.item.id,
            f"{upgrade.from_mode} -> {upgrade.to_mode}",
            shown(Fraction(upgrade.effort, DAY)),
            shown(Fraction(upgrade.cost, COST_UNIT)),
            f"+{shown(Fraction(upgrade.points, UNIT), 4)}",
        ]
        for upgrade in plan.upgrades
    ]
    heads = ["Upgrade", "Mode", "Effort", "Cost", "Points"]
    if rubric.section_rule.value == "levels":  # points say nothing about levels
        rows, heads = [row[:-1] for row in rows], heads[:-1]
    head, *lines = output.table(rows, heads, right=range(2, len(heads)))
    output.say("  " + head)
    for line, upgrade in zip(lines, plan.upgrades, strict=True):
        output.say("  " + line)
        output.say(click.style(output.wrap(upgrade.why, indent="      "), dim=True))
    output.say()
    for line in _totals(plan):
        output.say(line)
    if rubric.has_estimates:
        output.hint(
            ctx,
            output.wrap(
                "The days are estimates that come with the rubric. Put your own into "
                f"{path.name} under `answers: ITEM: effort_days: {{MODE: DAYS}}`.",
                indent="",
            ),
        )
    if plan.status is Status.FEASIBLE:
        output.note("The time was up before the proof: a cheaper plan may exist.")


def _totals(plan: Plan) -> list[str]:
    from ...core.plan import COST_UNIT, Status
    from ...core.quantity import DAY, shown

    cost = shown(Fraction(plan.cost, COST_UNIT))
    bound = shown(Fraction(plan.bound, COST_UNIT))
    effort = shown(Fraction(plan.effort, DAY))
    days = shown(Fraction(abs(plan.upkeep), DAY))
    upkeep = f"{days} a quarter {'more' if plan.upkeep > 0 else 'less'} to keep up"
    quarters = shown(plan.request.horizon)
    lines = [
        f"{output.plural(len(plan.upgrades), 'upgrade')}: {effort} person-days of effort"
        + (f", then {upkeep}" if plan.upkeep else "")
        + f". Cost over {quarters} quarters: {cost}."
    ]
    if plan.status is Status.OPTIMAL:
        lines.append(f"Proven: no set of upgrades that reaches the target costs less than {bound}.")
    else:
        lines.append(f"Not proven: every plan costs {bound} or more, this one {cost}.")
    return lines
