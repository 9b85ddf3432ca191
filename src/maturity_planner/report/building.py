"""From the files of a project to all that a report says.

Texts come from files and trackers, so each goes through `told`.
"""

from __future__ import annotations

from ..core.plan import Standing, Status
from ..core.quarters import standing_after
from ..core.renewal import find_lapses, if_not_renewed
from ..core.rubric import ModeRef, OverallRule, SectionRule
from ..core.score import Score, criteria, score_assessment, unmet_needs
from .claims import items_of, waivers_of
from .content import (
    Change,
    Report,
    SectionLine,
    Step,
    TicketLine,
)
from .past import is_same
from .planned import burn_up_of, in_time, planned_of
from .sources import Sources
from .words import told


def build_report(given: Sources) -> Report:
    """Return all that can be said from what is there."""
    rubric, answers = given.rubric, given.assessment
    score = score_assessment(rubric, answers)
    missing: dict[str, str] = {}
    plan = planned_of(given, missing)
    roadmap = in_time(given, plan, missing)
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
        target=given.target if given.target is not None or plan is None else plan.target,
        sections=tuple(
            SectionLine(
                part.section.id,
                told(part.section.title),
                part.score,
                part.at_most,
                part.sets_score and rubric.overall_rule is OverallRule.MINIMUM,
                after.sections[part.section.id] if after else None,
                is_empty=rubric.section_rule is SectionRule.LEVELS
                and not criteria(part.section, answers.waivers.keys()),
            )
            for part in score.sections
        ),
        items=tuple(items_of(given, score)),
        beside=answers.beside,
        waivers=tuple(waivers_of(rubric, answers)),
        lapses=lapses,
        if_not_renewed=if_not_renewed(rubric, answers, lapses),
        unmet=tuple(unmet_needs(rubric, answers)),
        past=given.past,
        change=_change(given, score, missing),
        frontier=_steps(given, missing),
        has_all_steps=given.has_all_steps,
        plan=plan,
        roadmap=roadmap,
        burn_up=burn_up_of(given, roadmap, missing),
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
            plan.cost_days,
            plan.effort_days,
            tuple(upgrade.ref for upgrade in plan.upgrades),
            plan.status is Status.OPTIMAL,
        )
        for plan in given.frontier
    )


def _tickets(given: Sources, missing: dict[str, str]) -> tuple[TicketLine, ...] | None:
    if given.tickets is None:
        missing["tickets"] = (
            "The tickets go with the plan."
            if given.planned_rubric
            else "There are no tickets without a plan."
            if given.plan is None
            else "The tracker was not asked: `maturity-planner report --tickets` reads the tickets."
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
