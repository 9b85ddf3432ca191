"""`plan`: the cheapest upgrades that reach the target."""

from __future__ import annotations

import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from .. import options, output

if TYPE_CHECKING:
    from ...core.explaining import Explanation
    from ...core.plan import Plan
    from ...core.rubric import Rubric


@click.command("plan")
@options.assessment
@options.rubric
@options.target
@click.option(
    "--section-target",
    "section_targets",
    multiple=True,
    metavar="SECTION=T",
    help="Wanted score of one section; repeatable.",
)
@click.option(
    "--budget",
    type=options.DAYS,
    metavar="DAYS",
    help="Spend no more; without --target: the best score for the money.",
)
@options.horizon
@options.include
@options.exclude
@click.option(
    "--alternatives",
    type=click.IntRange(0, 100),
    default=0,
    metavar="N",
    help="Show the N next cheapest plans, too.",
)
@click.option(
    "--explain",
    metavar="ITEM[@MODE]",
    help="Say why it is in the plan, or what it would take.",
)
@options.time_limit
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
    section_targets: tuple[str, ...],
    budget: Fraction | None,
    horizon: Fraction | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    alternatives: int,
    explain: str | None,
    time_limit: Fraction | None,
    out: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Find the cheapest upgrades that reach the target, and prove that none are cheaper.

    The cost of an upgrade is its expected effort and what it keeps costing over the horizon.
    """
    from ...core.plan import COST_UNIT, Request, Status
    from ...core.planner import Planner
    from ...outputs import plan_data
    from ...plans import write_plan
    from ..pins import option_pins, origin, parse_pin, parse_section_targets, settings_pins
    from ..progress import searching, seconds_of

    project = ctx.obj.project
    model, answers, path = ctx.obj.load(assessment, rubric)
    sections = parse_section_targets(model, section_targets)
    wanted = _target(ctx, target, has_other=bool(sections) or budget is not None)
    asked = None if explain is None else parse_pin(model, explain)
    typed = option_pins(model, answers, include, exclude)
    kept = settings_pins(project, model, answers).besides(typed)
    request = Request(
        wanted,
        sections,
        project.horizon if horizon is None else horizon,
        None if budget is None else int(budget * COST_UNIT),
        **kept.joined(typed)._asdict(),
    )
    explained = None
    with searching(sys.stderr, time.monotonic, quiet=ctx.obj.quiet) as progress:
        planner = Planner(model, answers, seconds_of(time_limit), progress.watch)
        plan = planner.plan(request, alternatives=alternatives)
        if asked and plan.status is not Status.INFEASIBLE and not progress.is_stopped:
            from ...core.explaining import explain_item

            explained = explain_item(planner, plan, asked)
    data = plan_data(plan)
    written = None
    if plan.status is not Status.INFEASIBLE and not dry_run and not progress.is_stopped:
        written = out or project.inside(project.plan, "the plan")
        write_plan(written, data, answers, model)
    if as_json:
        _emit(data, explained)
    elif plan.status is not Status.INFEASIBLE:
        _show(
            ctx, model, plan, explained, _Shown(answers.system, path, origin(project.source, kept))
        )
    if written:
        following = "" if out else " Next: maturity-planner sync"
        output.hint(ctx, f"Written to {written}.{following}")
    _end(plan, origin(project.source, kept), is_stopped=progress.is_stopped)


def _emit(data: dict[str, Any], explained: Explanation | None) -> None:
    from ...outputs import explanation_data

    more = {"explained": explanation_data(explained)} if explained else {}
    output.emit("plan", data | more)


def _end(plan: Plan, pins: str, *, is_stopped: bool) -> None:
    """Leave with the exit code that the plan deserves; `pins` are those of the settings."""
    from ...core.plan import Status
    from ...core.quantity import precise
    from ...errors import InfeasibleTarget

    if is_stopped or plan.is_interrupted:
        raise KeyboardInterrupt
    if plan.status is Status.INFEASIBLE:
        target = plan.request.target
        what = "what was asked for" if target is None else f"the target {precise(target)}"
        because = [*plan.because, *filter(None, [pins])]
        raise InfeasibleTarget(f"{what} cannot be reached", fix="\n  ".join(because))


def _target(ctx: click.Context, target: Fraction | None, *, has_other: bool) -> Fraction | None:
    """Return the target: the option's; the settings' only when nothing else is asked for."""
    from ...errors import UsageError

    if target is not None or has_other:
        return target
    own: Fraction | None = ctx.obj.project.target
    if own is None:
        raise UsageError(
            "no target: what score should the plan reach?",
            fix="Add --target T, or `target = T` to maturity.toml.",
        )
    return own


class _Shown(NamedTuple):
    """What is told beside the plan: the system, the answers' file, the settings' pins."""

    system: str
    assessment: Path
    pins: str


def _show(
    ctx: click.Context, rubric: Rubric, plan: Plan, explained: Explanation | None, shown: _Shown
) -> None:
    from ...core.plan import Status
    from ...core.quantity import precise
    from ..explaining import show

    before, after = precise(plan.before.score), precise(plan.after.score)
    best = "" if plan.status is Status.OPTIMAL else " (the best so far)"
    title = f"{output.clean(shown.system)}, {rubric.title}: {before} -> {after}{best}"
    output.say(click.style(title, bold=True))
    if shown.pins:
        output.say(click.style(output.wrap(shown.pins, indent=""), dim=True))
    if not plan.upgrades:
        output.say("There is nothing to do: what was asked for holds already.")
    elif not explained:
        output.say()
        _show_upgrades(rubric, plan)
        output.say()
    for line in _totals(plan) if plan.upgrades else ():
        output.say(line)
    if explained:
        output.say()
        show(plan, explained)
    _show_alternatives(plan)
    if rubric.has_estimates and plan.upgrades:
        output.hint(
            ctx,
            output.wrap(
                "The days are estimates that come with the rubric. Put your own into "
                f"{shown.assessment.name} under `answers: ITEM: effort_days: {{MODE: DAYS}}`.",
                indent="",
            ),
        )
    if plan.status is Status.FEASIBLE:
        cause = "You stopped" if plan.is_interrupted else "The time was up"
        output.note(f"{cause} before the proof: a better plan may exist.")


def _show_upgrades(rubric: Rubric, plan: Plan) -> None:
    from ...core.plan import COST_UNIT
    from ...core.quantity import DAY, shown
    from ...core.score import UNIT

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


def _show_alternatives(plan: Plan) -> None:
    from ...core.plan import COST_UNIT
    from ...core.quantity import shown

    for number, other in enumerate(plan.alternatives, start=1):
        more = shown(Fraction(other.cost - plan.cost, COST_UNIT))
        total = shown(Fraction(other.cost, COST_UNIT))
        output.say()
        output.say(f"Alternative {number}: {total}, {more} more than the plan")
        output.say(output.wrap(", ".join(str(upgrade.ref) for upgrade in other.upgrades)))


def _totals(plan: Plan) -> list[str]:
    from ...core.plan import COST_UNIT, Status
    from ...core.quantity import DAY, precise, shown

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
    if plan.request.target is None and plan.request.budget is not None:
        budget = shown(Fraction(plan.request.budget, COST_UNIT))
        score = precise(plan.after.score)
        if plan.status is Status.OPTIMAL:
            lines.append(f"Proven: no set of upgrades for {budget} days scores more than {score}.")
        else:
            lines.append(f"Not proven: a better score for {budget} days may exist.")
    elif plan.status is Status.OPTIMAL:
        lines.append(f"Proven: no set of upgrades that reaches the target costs less than {bound}.")
    else:
        lines.append(f"Not proven: every plan costs {bound} or more, this one {cost}.")
    return lines
