"""The plan and the roadmap on file as a report tells them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from ..core.plan import Upgrade
from ..core.quarters import standing_after
from .burnup import BurnUp, burn_up
from .content import (
    InTime,
    Planned,
    PlannedLine,
)
from .sources import Sources
from .words import told


def planned_of(given: Sources, missing: dict[str, str]) -> Planned | None:
    """Return the plan, and what is left of it to do."""
    plan, rubric = given.plan, given.rubric
    if plan is None:
        missing["plan"] = (
            f"The plan on file is for {given.planned_rubric}: `maturity-planner report --rubric "
            f"{given.planned_rubric}` tells of it."
            if given.planned_rubric
            else "There is no plan yet: `maturity-planner plan --target T` makes one."
        )
        return None
    lines = tuple(_line(given, upgrade) for upgrade in plan.upgrades)
    todo = [line for line in lines if not line.is_done]
    return Planned(
        target=plan.target,
        lines=lines,
        cost=sum((line.cost for line in todo), Fraction()),
        effort=sum((line.effort for line in todo), Fraction()),
        horizon=plan.horizon,
        after=standing_after(rubric, given.assessment, plan.upgrades).score,
        is_proven=plan.is_proven,
    )


def _line(given: Sources, upgrade: Upgrade) -> PlannedLine:
    item, rubric, roadmap = upgrade.item, given.rubric, given.roadmap
    is_mine = roadmap is not None and given.plan is not None and roadmap.plan == given.plan.id
    slot = roadmap.slots.get(upgrade.ref) if roadmap and is_mine else None
    return PlannedLine(
        ref=upgrade.ref,
        title=told(item.title),
        section=told(rubric.section_titles[item.section]),
        from_mode=upgrade.from_mode,
        to_mode=upgrade.to_mode,
        effort=upgrade.effort_days,
        cost=upgrade.cost_days,
        points=upgrade.gain,
        why=told(upgrade.why),
        is_done=item.rank(given.assessment.mode(item)) >= item.rank(upgrade.to_mode),
        start=slot.start if slot else None,
        end=slot.end if slot else None,
        sprint=told(slot.milestone.name) if slot else "",
        is_left=bool(roadmap and is_mine and upgrade.ref in roadmap.left),
    )


def in_time(given: Sources, plan: Planned | None, missing: dict[str, str]) -> InTime | None:
    """Return the plan in time; its odds only as long as nothing is overdue."""
    again = "`maturity-planner roadmap` makes it"
    roadmap = given.roadmap
    if roadmap is None or given.plan is None or plan is None:
        missing["roadmap"] = (
            "The roadmap goes with the plan."
            if given.planned_rubric
            else f"There is no roadmap yet: {again} from a plan."
        )
        return None
    placed = tuple(line for line in plan.lines if line.end)
    if roadmap.plan != given.plan.id:
        missing["roadmap"] = f"The roadmap on file is of another plan: {again} anew."
        return None
    if len(placed) + sum(line.is_left or line.is_done for line in plan.lines) < len(plan.lines):
        missing["roadmap"] = f"The roadmap on file lacks upgrades of the plan: {again} anew."
        return None
    starts = [line.start for line in placed if line.start]
    if not starts:
        missing["roadmap"] = "There is nothing left to place in time."
        return None
    finish = max(line.end for line in placed if line.end)
    overdue = tuple(line for line in placed if is_overdue(line, given.now.date()))
    odds = None if overdue else given.odds  # they started from a day when nothing was late
    return InTime(min(starts), finish, roadmap.asked_end, placed, odds, overdue)


def is_overdue(line: PlannedLine, today: date) -> bool:
    """Return whether the upgrade's last day is over and it is not done."""
    return line.end is not None and line.end < today and not line.is_done


def burn_up_of(given: Sources, roadmap: InTime | None, missing: dict[str, str]) -> BurnUp | None:
    """Return the burn-up of a plan in time."""
    if roadmap is None or given.plan is None:
        missing["burn_up"] = "The burn-up needs a plan and a roadmap to compare with."
        return None
    ends = {line.ref: line.end for line in roadmap.lines if line.end}
    dated = [(ends[u.ref], u) for u in given.plan.upgrades if u.ref in ends]
    return burn_up(
        given.rubric, given.assessment, dated, roadmap.start, given.past, given.now.date()
    )
