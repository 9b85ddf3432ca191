"""`plan`: the cheapest upgrades that reach the target."""

from __future__ import annotations

import os
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from .. import options, output, renewing

if TYPE_CHECKING:
    from ...core.assessment import Assessment
    from ...core.explaining import Explanation
    from ...core.plan import Pin, Plan, Request
    from ...core.renewal import Lapse
    from ...core.rubric import Rubric
    from ..context import Context


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
    help="Spend no more; without --target: the best score for so many days.",
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
@click.option("--renew", is_flag=True, help="Plan the renewals of aged evidence, too.")
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
    renew: bool,
    time_limit: Fraction | None,
    out: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Find the cheapest upgrades that reach the target, and prove that none are cheaper.

    The cost of an upgrade is its expected effort and what it keeps costing over the horizon.
    """
    from ...core.plan import COST_UNIT, Request, Status
    from ...outputs.plan import plan_data
    from ...pins import option_pins, origin, parse_pin, parse_section_targets, settings_pins
    from ..writing import STDOUT, refuse_both, refuse_ours

    project = ctx.obj.project
    refuse_both(out, as_json=as_json)
    refuse_ours(ctx.obj, out, "a plan", own="plan")
    model, answers, path = ctx.obj.load(assessment, rubric, to_plan=True)
    sections = parse_section_targets(model, section_targets)
    wanted = _target(ctx, target, has_other=bool(sections) or budget is not None)
    asked = None if explain is None else parse_pin(model, explain)
    typed = option_pins(model, answers, include, exclude)
    kept = settings_pins(project, model, answers, typed)
    request = Request(
        wanted,
        sections,
        project.horizon if horizon is None else horizon,
        None if budget is None else int(budget * COST_UNIT),
        **kept.joined(typed)._asdict(),
    )
    found = _search(ctx, (model, answers), request, asked, alternatives, time_limit)
    plan, is_feasible = found.plan, found.plan.status is not Status.INFEASIBLE
    data, pins = plan_data(plan), origin(project.source, kept)
    written = None
    if is_feasible and not dry_run and not found.is_stopped:
        written = _write(ctx, out, data, (model, answers))
    renewals = _renewals(ctx, model, answers, plan) if renew else None
    if as_json:
        _emit(data, found.explained, renewals)
    elif is_feasible and out != STDOUT:
        from ..plan_text import Setting, show_plan

        show_plan(ctx, model, plan, found.explained, Setting(answers.system, path, pins))
        if renewals is not None:
            renewing.show_plan(renewals)
    if written:
        is_synced = not (out or assessment) and _is_of_project(ctx.obj, rubric)
        following = f" Next: {_next(ctx.obj)}" if is_synced else ""
        output.hint(ctx, f"Written to {written}.{following}")
    _end(plan, pins, is_stopped=found.is_stopped)


class _Found(NamedTuple):
    """What the search ended with; `is_stopped`: because of Ctrl-C."""

    plan: Plan
    explained: Explanation | None
    is_stopped: bool


def _search(
    ctx: click.Context,
    models: tuple[Rubric, Assessment],
    request: Request,
    asked: Pin | None,
    alternatives: int,
    time_limit: Fraction | None,
) -> _Found:
    """Search for the plan, then for why it holds what was `asked` about, or does not."""
    from ...core.plan import Status
    from ...core.planner import Planner
    from ..search_line import searching, seconds_of
    from ..waiting import on_stderr

    explained = None
    with searching(on_stderr(ctx.obj)) as progress:
        planner = Planner(*models, seconds_of(time_limit), progress.watch)
        plan = planner.plan(request, alternatives=alternatives)
        if asked and plan.status is not Status.INFEASIBLE and not progress.is_stopped:
            from ...core.explaining import explain_item

            explained = explain_item(planner, plan, asked)
    return _Found(plan, explained, progress.is_stopped or plan.is_interrupted)


def _write(
    ctx: click.Context, out: Path | None, data: dict[str, Any], models: tuple[Rubric, Assessment]
) -> Path | None:
    """Write the plan and return its file; None when it went to stdout."""
    from ...plans import plan_text, write_plan
    from ..writing import STDOUT

    project = ctx.obj.project
    model, answers = models
    if out == STDOUT:
        click.echo(plan_text(project.plan, data, answers, model), nl=False)
        return None
    written: Path = out or project.inside(project.plan, "the plan")
    write_plan(written, data, answers, model)
    return written


def _next(context: Context) -> str:
    """Return what to do with a new plan: a roadmap that is there is one of the plan before."""
    has_roadmap = os.path.lexists(context.project.roadmap)
    return ("maturity-planner roadmap, then " if has_roadmap else "") + "maturity-planner sync"


def _is_of_project(context: Context, rubric: str | None) -> bool:
    """Return whether `sync` takes the rubric of the option: the assessment has to name it."""
    from ...errors import UserError

    if rubric is None:
        return True
    try:
        known = context.rubric_paths(None, None)
    except UserError:
        return False
    return any(context.rubric_path(None, rubric).samefile(one) for one in known)


def _renewals(
    ctx: click.Context, rubric: Rubric, assessment: Assessment, plan: Plan
) -> tuple[Lapse, ...]:
    """Return what is due a review and stays in its mode: an upgrade is shown anew anyway."""
    from ...core.renewal import find_lapses

    lapses = find_lapses(rubric, assessment, ctx.obj.today, ctx.obj.project.grace)
    upgraded = {upgrade.item.id for upgrade in plan.upgrades}
    return tuple(lapse for lapse in lapses if lapse.item.id not in upgraded)


def _emit(
    data: dict[str, Any], explained: Explanation | None, renewals: Sequence[Lapse] | None
) -> None:
    from ...outputs.plan import explanation_data
    from ...outputs.renewal import renewal_data

    more: dict[str, Any] = {"explained": explanation_data(explained)} if explained else {}
    if renewals is not None:
        more["renewals"] = renewal_data(renewals)
    output.emit("plan", data | more)


def _end(plan: Plan, pins: str, *, is_stopped: bool) -> None:
    """Leave with the exit code that the plan deserves; `pins` are those of the settings."""
    from ...core.plan import Status
    from ...core.quantity import precise
    from ...errors import Fault, InfeasibleTarget

    if is_stopped:
        raise KeyboardInterrupt
    if plan.status is Status.INFEASIBLE:
        target = plan.request.target
        what = "what was asked for" if target is None else f"the target {precise(target)}"
        because = [*plan.because, *filter(None, [pins])]
        raise InfeasibleTarget(
            f"{what} cannot be reached",
            fix=f"Ask for less, or see what can be had: {output.again('frontier')}",
            faults=map(Fault, because),
        )


def _target(ctx: click.Context, target: Fraction | None, *, has_other: bool) -> Fraction | None:
    """Return the target: the option's; the settings' only when nothing else is asked for."""
    from ...core.quantity import precise
    from ...errors import UsageError

    own: Fraction | None = ctx.obj.project.target
    if target is None and has_other and own is not None:
        told = precise(own)
        output.hint(
            ctx, f"The target {told} of the settings is left aside; --target {told} keeps it."
        )
    if target is not None or has_other:
        return target
    if own is None:
        raise UsageError(
            "no target: what score should the plan reach?",
            fix="Add --target T, or `target = T` to maturity.toml.",
        )
    return own
