"""From the files of a project to all that a report says.

Texts come from files and trackers, so each goes through `told`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from ..core.assessment import Assessment
from ..core.plan import COST_UNIT, Plan, Standing, Status, Upgrade
from ..core.quantity import DAY
from ..core.quarters import standing_after
from ..core.renewal import find_lapses, if_not_renewed
from ..core.rubric import Item, ModeRef, Need, OverallRule, Rubric, is_met
from ..core.score import UNIT, Score, modes_today, score_assessment
from ..plans import PlanOnFile
from ..roadmaps import RoadmapOnFile
from .burnup import BurnUp, burn_up
from .content import (
    Change,
    InTime,
    ItemLine,
    Planned,
    PlannedLine,
    Report,
    SectionLine,
    Step,
    TicketLine,
    WaiverLine,
)
from .past import Recorded, is_same
from .words import told

if TYPE_CHECKING:
    from ..core.odds import Odds
    from ..core.progress import Tracked


class Sources(NamedTuple):
    """What a report is made from; what is None was not there or not asked for.

    `grace`: quarters for which evidence past its review still counts.
    """

    rubric: Rubric
    assessment: Assessment
    target: Fraction | None
    now: datetime
    grace: int = 1
    past: tuple[Recorded, ...] = ()
    plan: PlanOnFile | None = None
    roadmap: RoadmapOnFile | None = None
    odds: Odds | None = None
    frontier: Sequence[Plan] | None = None
    tickets: Sequence[Tracked] | None = None


def build_report(given: Sources) -> Report:
    """Return all that can be said from what is there."""
    rubric, answers = given.rubric, given.assessment
    score = score_assessment(rubric, answers)
    missing: dict[str, str] = {}
    plan = _planned(given, missing)
    roadmap = _in_time(given, plan, missing)
    lapses = find_lapses(rubric, answers, given.now.date(), given.grace)
    after = standing_after(rubric, answers, given.plan.upgrades) if given.plan else None
    return Report(
        system=told(answers.system),
        rubric=rubric,
        rubric_title=told(rubric.title),
        rubric_version=told(rubric.version),
        source=told(rubric.source),
        as_of=answers.last_claimed,
        made_on=given.now.date(),
        score=score,
        band=told(score.band.title) if score.band else "",
        target=given.target,
        sections=tuple(
            SectionLine(
                part.section.id,
                told(part.section.title),
                part.score,
                part.at_most,
                part.sets_score and rubric.overall_rule is OverallRule.MINIMUM,
                after.sections[part.section.id] if after else None,
            )
            for part in score.sections
        ),
        items=tuple(_items(given, score)),
        waivers=tuple(_waivers(rubric, answers)),
        lapses=lapses,
        if_not_renewed=if_not_renewed(rubric, answers, lapses),
        unmet=tuple(_unmet(rubric, answers)),
        change=_change(given, score, missing),
        frontier=_steps(given, missing),
        plan=plan,
        roadmap=roadmap,
        burn_up=_burn_up(given, roadmap, missing),
        tickets=_tickets(given, missing),
        missing=missing,
    )


def _change(given: Sources, score: Score, missing: dict[str, str]) -> Change | None:
    """Return the last movement: from the last record that says something else than today."""
    now = Standing(score.score, {part.section.id: part.score for part in score.sections})
    records = list(given.past)
    cause = ""
    while records and is_same(records[-1].standing, now):
        cause = told(records.pop().cause)
    if records:
        last = records[-1]
        return Change(last.when.date(), last.standing, cause)
    if given.past:
        since = given.past[0].when.date()
        missing["change"] = f"The score has not moved since the first record of {since}."
    else:
        missing["change"] = "No score is recorded yet: `maturity-planner score --record` does it."
    return None


def _steps(given: Sources, missing: dict[str, str]) -> tuple[Step, ...] | None:
    if given.frontier is None:
        missing["frontier"] = (
            "What each step up costs is a search: `maturity-planner report --frontier` adds it."
        )
        return None
    return tuple(
        Step(
            plan.after.score,
            Fraction(plan.cost, COST_UNIT),
            Fraction(plan.effort, DAY),
            tuple(upgrade.ref for upgrade in plan.upgrades),
            plan.status is Status.OPTIMAL,
        )
        for plan in given.frontier
    )


def _planned(given: Sources, missing: dict[str, str]) -> Planned | None:
    plan, rubric = given.plan, given.rubric
    if plan is None:
        missing["plan"] = "There is no plan yet: `maturity-planner plan --target T` makes one."
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
        effort=Fraction(upgrade.effort, DAY),
        cost=Fraction(upgrade.cost, COST_UNIT),
        points=Fraction(upgrade.points, UNIT),
        why=told(upgrade.why),
        is_done=item.rank(given.assessment.mode(item)) >= item.rank(upgrade.to_mode),
        start=slot.start if slot else None,
        end=slot.end if slot else None,
        sprint=told(slot.milestone.name) if slot else "",
        is_left=bool(roadmap and is_mine and upgrade.ref in roadmap.left),
    )


def _in_time(given: Sources, plan: Planned | None, missing: dict[str, str]) -> InTime | None:
    again = "`maturity-planner roadmap` makes it"
    roadmap = given.roadmap
    if roadmap is None or given.plan is None or plan is None:
        missing["roadmap"] = f"There is no roadmap yet: {again} from a plan."
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
    return InTime(min(starts), finish, roadmap.asked_end, placed, given.odds)


def _burn_up(given: Sources, roadmap: InTime | None, missing: dict[str, str]) -> BurnUp | None:
    if roadmap is None or given.plan is None:
        missing["burn_up"] = "The burn-up needs a plan and a roadmap to compare with."
        return None
    ends = {line.ref: line.end for line in roadmap.lines if line.end}
    dated = [(ends[u.ref], u) for u in given.plan.upgrades if u.ref in ends]
    return burn_up(
        given.rubric, given.assessment, dated, roadmap.start, given.past, given.now.date()
    )


def _tickets(given: Sources, missing: dict[str, str]) -> tuple[TicketLine, ...] | None:
    if given.tickets is None:
        missing["tickets"] = (
            "The tracker was not asked: `maturity-planner report --tickets` reads the tickets."
        )
        return None
    return tuple(
        TicketLine(
            told(one.present.reference or one.present.remote),
            told(one.present.title),
            ModeRef(one.item.id, one.to_mode),
            one.present.state.value.replace("_", " "),
            one.present.closed_on,
        )
        for one in given.tickets
    )


def _waivers(rubric: Rubric, answers: Assessment) -> list[WaiverLine]:
    both = [(one, False) for one in answers.waivers.values()]
    both += [(one, True) for one in answers.expired]
    lines = []
    for waiver, is_expired in sorted(both, key=lambda pair: rubric.items[pair[0].item].position):
        title = told(rubric.items[waiver.item].title)
        reason, owner = told(waiver.reason), told(waiver.owner)
        lines.append(WaiverLine(waiver.item, title, reason, owner, waiver.until, is_expired))
    return lines


def _items(given: Sources, score: Score) -> list[ItemLine]:
    rubric, answers = given.rubric, given.assessment
    planned = {u.item.id: u.to_mode for u in (given.plan.upgrades if given.plan else ())}
    lines = []
    for part in score.items:
        item = part.item
        answer = answers.answers.get(item.id)
        rank = item.rank(part.mode)
        aim = planned.get(item.id)
        lines.append(
            ItemLine(
                id=item.id,
                title=told(item.title),
                section=item.section,
                level=item.level,
                mode=part.mode,
                mode_title=told(rubric.mode_title(part.mode)),
                share=Fraction(list(item.modes).index(part.mode) + 1, len(item.modes))
                if rank
                else Fraction(0),
                points=part.points,
                best_points=Fraction(item.points(item.top.id), UNIT),
                is_answered=part.is_answered,
                is_waived=part.is_waived,
                evidence=tuple(told(text) for text in (answer.evidence if answer else ())),
                note=told(answer.note) if answer else "",
                planned=aim if aim and item.rank(aim) > rank else "",
                needs=_givers(item),
            )
        )
    return lines


def _unmet(rubric: Rubric, answers: Assessment) -> list[str]:
    modes = modes_today(rubric, answers)
    return [
        f"{item.id} is claimed {modes[item.id]}, but its need {need} is not met."
        for item in rubric.items.values()
        for need in item.needs(modes[item.id])
        if need.hard and not is_met(need, modes, rubric)
    ]


def _givers(item: Item) -> tuple[tuple[str, bool], ...]:
    """Return the items that this one needs, and whether it cannot do without."""
    found: dict[str, bool] = {}
    for need in (need for mode in item.modes.values() for need in mode.needs):
        for ref in need.any_of:
            found[ref.item] = found.get(ref.item, False) or _is_must(need)
    return tuple(found.items())


def _is_must(need: Need) -> bool:
    return need.hard and len(need.any_of) == 1
