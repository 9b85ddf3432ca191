"""A plan for people: its upgrades with their reasons, the totals, what is proven."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import click

from ..core.explaining import Explanation, is_for_the_budget
from ..core.plan import COST_UNIT, Plan, Status
from ..core.quantity import DAY, plural, precise, shown
from ..core.rubric import Rubric
from . import output
from .explaining import show


class Setting(NamedTuple):
    """What is told beside the plan: the system, the answers' file, the settings' pins."""

    system: str
    assessment: Path
    pins: str


def show_plan(
    ctx: click.Context, rubric: Rubric, plan: Plan, explained: Explanation | None, setting: Setting
) -> None:
    """Print the plan or, for a question about one item, its totals and the answer."""
    before, after = precise(plan.before.score), precise(plan.after.score)
    best = "" if plan.status is Status.OPTIMAL else " (the best so far)"
    title = f"{output.clean(setting.system)}, {rubric.title}: {before} -> {after}{best}"
    output.say(click.style(title, bold=True))
    if setting.pins:
        output.say(click.style(output.wrap(setting.pins, indent=""), dim=True))
    if not plan.upgrades:
        for line in _nothing(plan):
            output.say(line)
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
    if plan.upgrades and (rubric.has_estimates or "derived" in rubric.bases):
        are = "are estimates that come" if rubric.has_estimates else "are derived: they come"
        output.hint(
            ctx,
            output.wrap(
                f"The days {are} with the rubric. Put your own into "
                f"{setting.assessment.name} under `answers: ITEM: effort_days: {{MODE: DAYS}}`.",
                indent="",
            ),
        )
    if plan.status is Status.FEASIBLE:
        cause = "You stopped" if plan.is_interrupted else "The time was up"
        output.note(f"{cause} before the proof: a better plan may exist.")
    elif not plan.are_ties_settled:
        cause = "You stopped" if plan.is_interrupted else "The time was up"
        output.note(f"{cause} before ties were settled: other plans may be as good as this one.")


def _show_upgrades(rubric: Rubric, plan: Plan) -> None:
    rows = [
        [
            upgrade.item.id,
            f"{upgrade.from_mode} -> {upgrade.to_mode}",
            shown(upgrade.effort_days),
            shown(upgrade.cost_days),
            f"+{shown(upgrade.gain, 4)}",
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
    for number, other in enumerate(plan.alternatives, start=1):
        difference = shown(Fraction(abs(other.cost - plan.cost), COST_UNIT), 4)
        total = shown(other.cost_days, 4)
        than = f"{difference} {'more' if other.cost >= plan.cost else 'less'} than the plan"
        score = f"score {precise(other.score)} for " if is_for_the_budget(plan.request) else ""
        output.say()
        output.say(f"Alternative {number}: {score}{total}, {than}")
        output.say(output.wrap(", ".join(str(upgrade.ref) for upgrade in other.upgrades)))
    if not plan.has_all_alternatives:
        output.say()
        output.say("There may be more alternatives: the search ended before they were found.")


def _nothing(plan: Plan) -> list[str]:
    if not is_for_the_budget(plan.request) or not plan.request.budget:
        return ["There is nothing to do: what was asked for holds already."]
    budget = output.plural(Fraction(plan.request.budget, COST_UNIT), "day", 4)
    if plan.status is not Status.OPTIMAL:
        return [f"Nothing was found yet that can be had for {budget}."]
    return [
        f"Proven: nothing that brings points can be had for {budget}.",
        f"What each step up costs: {output.again('frontier')}",
    ]


def _totals(plan: Plan) -> list[str]:
    cost = shown(plan.cost_days)
    bound = shown(plan.bound_days)
    effort = shown(plan.effort_days)
    days = shown(Fraction(abs(plan.upkeep), DAY))
    upkeep = f"{days} a quarter {'more' if plan.upkeep > 0 else 'less'} to keep up"
    quarters = plural(plan.request.horizon, "quarter")
    lines = [
        f"{output.plural(len(plan.upgrades), 'upgrade')}: {effort} person-days of effort"
        + (f", then {upkeep}" if plan.upkeep else "")
        + f". Cost over {quarters}: {cost}."
    ]
    if plan.request.target is None and plan.request.budget is not None:
        budget = shown(Fraction(plan.request.budget, COST_UNIT), 4)
        score = precise(plan.after.score)
        if plan.status is Status.OPTIMAL:
            lines.append(f"Proven: no set of upgrades for {budget} days scores more than {score}.")
        else:
            lines.append(f"Not proven: a better plan for {budget} days may exist.")
    elif plan.status is Status.OPTIMAL:
        lines.append(f"Proven: no set of upgrades that reaches the target costs less than {bound}.")
    else:
        lines.append(f"Not proven: every plan costs {bound} or more, this one {cost}.")
    return lines
